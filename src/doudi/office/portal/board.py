"""看板：一个区划和它下面各区划的数，逐级往下看。

The figures of one division and of those directly below it. Counts of places and of alerts; never of staff.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from doudi.office.accounts.scope import Viewer
from doudi.office.common.codes import level_of
from doudi.office.divisions import selectors as divisions
from doudi.office.portal import tables
from doudi.office.portal.addresses import board_address
from doudi.office.portal.cards import Figure, Table
from doudi.office.portal.words import BELOW
from doudi.office.registry.selectors import Population, population, population_day

__all__ = ["Board", "read_board"]


@dataclass(frozen=True, slots=True)
class Board:
    """`steps` leads from the viewer's own division to this one, as (name, address); the last has no address."""

    code: int
    place: str
    below: str
    day: str
    steps: tuple[tuple[str, str], ...]
    figures: tuple[Figure, ...]
    tables: tuple[Table, ...]


def read_board(viewer: Viewer, code: int | None) -> Board | None:
    """The board of that division, of the viewer's own for None; None when it is out of his jurisdiction or unknown."""
    asked = viewer.division if code is None else code
    steps = divisions.path(asked)
    if not viewer.covers(asked) or asked not in steps:
        return None
    level, below = level_of(asked), divisions.children(asked)
    counted = population(viewer, [asked, *below])
    latest = population_day()
    day = latest.isoformat() if latest else ""
    shown = [tables.places(below, counted, {}, level, day)] if below else []
    shown.append(tables.tiers(counted[asked], day))
    return Board(
        asked, steps[asked], BELOW[level], day, _steps(viewer, steps), _figures(counted[asked], day), tuple(shown)
    )


def _steps(viewer: Viewer, path: Mapping[int, str]) -> tuple[tuple[str, str], ...]:
    mine = [(code, name) for code, name in path.items() if viewer.covers(code)]
    last = len(mine) - 1
    return tuple((name, "" if at == last else board_address(code)) for at, (code, name) in enumerate(mine))


def _figures(whole: Population, day: str) -> tuple[Figure, ...]:
    enrolled = sum(persons for _, persons in whole.tiers.values())
    return (
        Figure("户数", whole.households, "户", day),
        Figure("人口", whole.persons, "人", day),
        Figure("在册低收入人口", enrolled, "人次", day, note="同在两类名册的计两次"),
    )
