"""流程：一张表写完一个流程的全部走法；按钮、期限、图都从它来。

Workflows as tables. A `Workflow` is data that can be printed; the one function that performs a move is
`audit.services.make_move`.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from doudi.errors import Fault, Refusal
from doudi.office.common.actor import Actor
from doudi.office.common.roles import Role

__all__ = ["Move", "Needs", "Workflow"]

# Why a row may not make the move now, as a sentence; None = it may. Gets the row, the actor and what the move was given.
Needs = Callable[[Any, Actor, Mapping[str, Any]], str | None]


@dataclass(frozen=True, slots=True)
class Move:
    """One arrow of a workflow: its word on the button, from state to state, by whom, on what conditions.

    `asks_why`: a reason must be given. `due`: the row's column with the moment, or the day in Beijing, from which on the house
    makes this move by itself, so that nothing waits for ever; null = nothing makes it by itself.
    """

    name: str
    old: str
    new: str
    by: frozenset[Role]
    needs: tuple[Needs, ...] = ()
    asks_why: bool = False
    due: str | None = None


@dataclass(frozen=True, slots=True)
class Workflow:
    """`key` names it in the journal; `states` maps each state to its Chinese word and the tone of its tag."""

    key: str
    name: str
    start: str
    states: Mapping[str, tuple[str, str]]
    moves: tuple[Move, ...]
    _by: Mapping[tuple[str, str], Move] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by: dict[tuple[str, str], Move] = {}
        for move in self.moves:
            if (move.name, move.old) in by or not {move.old, move.new} <= set(self.states):
                raise Fault("common.bad_workflow", f"流程“{self.name}”的走法“{move.name}”写重了，或用了没有的状态。")
            by[move.name, move.old] = move
        object.__setattr__(self, "_by", by)

    def move(self, name: str, state: str) -> Move:
        """The arrow of that name that leaves `state`. Refused: there is none, because somebody else was faster."""
        found = self._by.get((name, state))
        if found is None:
            raise Refusal(
                "common.no_such_move",
                f"{self.name}现在是“{self.word(state)}”，不能再“{name}”：可能别人刚刚办过了，请刷新后再看。",
            )
        return found

    def open_to(self, row: Any, state: str, actor: Actor) -> Iterator[Move]:  # noqa: ANN401 - any workflow's row
        """The moves whose buttons this actor is shown: those that would not be refused for his role or its conditions."""
        for move in self.moves:
            if move.old == state and actor.role in move.by and not any(need(row, actor, {}) for need in move.needs):
                yield move

    def deadline(self, row: Any, state: str) -> Any:  # noqa: ANN401 - any workflow's row; a moment or a day
        """By when something must be done with the row before it moves by itself; null in a state that nothing ends."""
        return next((getattr(row, move.due) for move in self.moves if move.old == state and move.due), None)

    def word(self, state: str) -> str:
        """The state's Chinese word."""
        return self.states[state][0]

    def tone(self, state: str) -> str:
        """The tone of its tag: one of neutral, working, good, warn, bad."""
        return self.states[state][1]
