"""Why: which facts and which lines decided a verdict. The alert page, the letter and the API print the same object."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from math import prod

from doudi.policy.evaluate import Evaluation
from doudi.policy.expr import Add, Among, And, Call, Compare, Multiply, Name, Node, Not, Or, Subtract, walk
from doudi.policy.functions import OVER_MEMBERS
from doudi.policy.quantities import Type, Value
from doudi.policy.rule import Book

OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}
TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


@dataclass(frozen=True, slots=True)
class Ground:
    """One fact that a verdict stands on.

    `fact` is a word id; `person` a label, None for facts of the household. When the fact was measured against a line:
    `op` (the sign as it stands, so that fact, sign and line read as a true sentence), the `threshold` with its unit, and
    `measured` = the word that was compared (a sum over members, say) with its value. `holds`: does the comparison hold
    (True / False / unknown). `below`: the denominators that `threshold` was multiplied by when it was cleared of them.
    """

    fact: str
    person: str | None
    value: Value
    type: Type
    op: str = ""
    threshold: Value = None
    measured: str = ""
    measured_value: Value = None
    holds: bool | None = None
    below: int = 1


def decisive(evaluation: Evaluation, node: Node, person: str | None = None) -> tuple[Ground, ...]:
    """The facts on which the verdict of a condition stands, each once, in the order of the rule.

    For a yes of `or` only the branches that are yes; for a no of `and` only those that are no; for an unknown only
    those that are unknown. What could change without changing the verdict is left out.
    """
    found = _each_once(_grounds(evaluation, node, person))
    measured = {(g.fact, g.person) for g in found if g.op}
    return tuple(g for g in found if g.op or (g.fact, g.person) not in measured)


def _each_once(grounds: Iterable[Ground]) -> tuple[Ground, ...]:
    seen: dict[tuple[str, str | None, str], Ground] = {}
    for ground in grounds:
        seen.setdefault((ground.fact, ground.person, ground.op), ground)
    return tuple(seen.values())


def _of_word(
    e: Evaluation, word_id: str, person: str | None, tell: Callable[..., Iterator[Ground]]
) -> tuple[Ground, ...]:
    """What `tell` (`_grounds` or `_facts_below`) finds below a derived word, found once for each person.

    Without that a word named along many ways would be traced along each of them, and the ways double at every turn.
    """
    word = e.book.words[word_id]
    key = (tell.__name__, word_id, person if word.grain == "person" else None)
    if key not in e.traced:
        e.traced[key] = _each_once(tell(e, word.node, key[2]))
    return e.traced[key]


def _grounds(e: Evaluation, node: Node, person: str | None) -> Iterator[Ground]:
    match node:
        case And(items) | Or(items):
            verdict = e.truth(node, person)
            for item in items:
                if e.truth(item, person) is verdict:
                    yield from _grounds(e, item, person)
        case Not(item):
            yield from _grounds(e, item, person)
        case Name(word):
            if e.book.words[word].node is not None:
                yield from _of_word(e, word, person, _grounds)
            elif e.book.words[word].kind == "fact":
                yield _fact(e, word, person)
        case Compare(op, left, right):
            yield from _of_comparison(e, node, op, left, right, person)
        case Among(item):
            yield from _facts_below(e, item, person)
        case Call(function, args) if function in OVER_MEMBERS:
            yield from _of_members(e, node, args[0])
        case Call("count_true", args):
            for arg in args:
                if e.truth(arg, person) is True:
                    yield from _grounds(e, arg, person)
        case _:
            yield from _facts_below(e, node, person)


def _fact(e: Evaluation, word_id: str, person: str | None) -> Ground:
    word = e.book.words[word_id]
    who = person if word.grain == "person" else None
    return Ground(word_id, who, e.value(word_id, who), word.type)


def _of_members(e: Evaluation, node: Call, condition: Node) -> Iterator[Ground]:
    """Of the members, those whose own verdict made the household's."""
    verdict = e.truth(node) if node.function in ("any_member", "all_members") else True
    for label, _ in e.counted:
        if node.function not in ("any_member", "all_members", "count_members"):
            yield from _facts_below(e, condition, label)
        elif e.truth(condition, label) is verdict:
            yield from _grounds(e, condition, label)


def _of_parents(e: Evaluation, condition: Node, person: str | None) -> Iterator[Ground]:
    """Of the known parents, those for whom the condition holds; if for none, those for whom it surely does not."""
    if person is None:
        return
    child = e.persons[person]
    known = [label for label in (child.father, child.mother) if label is not None and label in e.persons]
    for verdict in (True, False):
        if telling := [label for label in known if e.truth(condition, label) is verdict]:
            for label in telling:
                yield from _grounds(e, condition, label)
            return


def _of_comparison(
    e: Evaluation, node: Compare, op: str, left: Node, right: Node, person: str | None
) -> Iterator[Ground]:
    """The facts on either side, with the other side as their line when that side holds only settings of the book."""
    holds = e.truth(node, person)
    for side, other in ((left, right), (right, left)):
        sign = _as_it_stands(op, holds, turned=side is right)
        measured, _ = _side(e.book, side)
        line = None if _side(e.book, other)[1] else e.of(other, person)
        below = prod(e.view.denominators[den] for den in other.type.dens)
        for ground in _facts_below(e, side, person):
            if ground.op or ground.type.kind != side.type.kind:
                yield ground  # it chose which amount or date was compared; it was not itself measured
                continue
            value = (
                e.value(measured, person if e.book.words[measured].grain == "person" else None) if measured else None
            )
            yield Ground(
                ground.fact, ground.person, ground.value, ground.type, sign, line, measured, value, holds, below
            )


def _as_it_stands(op: str, holds: bool | None, *, turned: bool) -> str:  # noqa: FBT001  # a verdict is what it is
    """The sign that is true between the fact and its line: `车辆数 <= 0` that does not hold is told as `车辆数 > 0`."""
    sign = OPPOSITE[op] if holds is False else op
    return TURNED.get(sign, sign) if turned else sign


def _measured(side: Node) -> str:
    """The one word that this side compares; empty when it compares several, or each member's own."""
    parts = list(walk(side))
    if any(isinstance(part, Call) and part.function in OVER_MEMBERS for part in parts):
        return ""
    names = [part.word for part in parts if isinstance(part, Name)]
    return names[0] if len(names) == 1 else ""


def _side(book: Book, node: Node) -> tuple[str, bool]:
    """What `_measured` says of one side of a comparison, and whether facts lie below it; found once for a book."""
    found = book.sides.get(id(node))
    if found is None:
        below = any(book.words[word].kind == "fact" for word in book.rests_on(node))
        found = book.sides[id(node)] = (node, _measured(node), below)
    return found[1:]


def _facts_below(e: Evaluation, node: Node, person: str | None) -> Iterator[Ground]:
    """Every fact below a quantity or code; of amounts, those that contribute (not surely zero)."""
    match node:
        case Name(word):
            if e.book.words[word].node is not None:
                yield from _of_word(e, word, person, _facts_below)
            elif e.book.words[word].kind == "fact":
                ground = _fact(e, word, person)
                if ground.type.kind != "quantity" or ground.value != (0, 0):
                    yield ground
        case Call(function, args) if function in OVER_MEMBERS:
            for label, _ in e.counted:
                yield from _facts_below(e, args[0], label)
        case Call("count_parents", (condition,)):
            yield from _of_parents(e, condition, person)
        case Call("choose", (condition, yes, no)):
            verdict = e.truth(condition, person)
            yield from _grounds(e, condition, person)
            for branch in (yes, no) if verdict is None else (yes,) if verdict else (no,):
                yield from _facts_below(e, branch, person)
        case Add(left, right) | Subtract(left, right) | Multiply(left, right):
            yield from _facts_below(e, left, person)
            yield from _facts_below(e, right, person)
        case Call(_, args):
            for arg in args:
                yield from _facts_below(e, arg, person)
        case And() | Or() | Not() | Compare() | Among():
            yield from _grounds(e, node, person)
        case _:
            return
