"""看板：一个区划和它下面各区划的数，逐级往下看。

The figures of one division and of those directly below it. Counts of places and of alerts; never of staff.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from doudi.office.accounts.scope import Viewer
from doudi.office.common.clock import beijing_day
from doudi.office.common.codes import level_of
from doudi.office.common.fields import FieldClass, Sight
from doudi.office.divisions import selectors as divisions
from doudi.office.exchange.selectors import coverage_of
from doudi.office.monitoring.selectors import counts, counts_by_run
from doudi.office.portal import tables
from doudi.office.portal.addresses import alerts_address, board_address
from doudi.office.portal.cards import Figure, Table
from doudi.office.portal.sources import Source, sources_of
from doudi.office.portal.words import BELOW
from doudi.office.registry.selectors import Population, population, population_day

__all__ = ["Board", "read_board"]


@dataclass(frozen=True, slots=True)
class Board:
    """`steps` leads from the viewer's own division to this one, as (name, address); the last has no address.

    `today`: the day of which the sources are judged.
    """

    code: int
    place: str
    below: str
    day: str
    steps: tuple[tuple[str, str], ...]
    figures: tuple[Figure, ...]
    tables: tuple[Table, ...]
    sources: tuple[Source, ...]
    today: str

    @property
    def troubled(self) -> tuple[Source, ...]:
        """Sources of which some sender is not on time, the worst first."""
        return tuple(source for source in self.sources if not source.on_time)

    @property
    def fresh(self) -> tuple[Source, ...]:
        """Sources whose senders are all on time."""
        return tuple(source for source in self.sources if source.on_time)


def read_board(viewer: Viewer, at: datetime, code: int | None) -> Board | None:
    """The board of that division, of the viewer's own for None; None when it is out of his jurisdiction or unknown."""
    asked = viewer.division if code is None else code
    steps = divisions.path(asked)
    if not viewer.covers(asked) or asked not in steps:
        return None
    level, below = level_of(asked), divisions.children(asked)
    counted, latest = population(viewer, [asked, *below]), population_day()
    day = latest.isoformat() if latest else ""
    alerts = counts(viewer, ("level", "disposition", "place"), place=asked)
    shown = [tables.places(below, counted, alerts, level, day)] if below else []
    if viewer.sees(FieldClass.HARDSHIP) is not Sight.HIDDEN:
        found = counts(viewer, ("indicator",), place=asked)
        shown += [
            tables.indicators(found, counted[asked].households, asked, day),
            tables.dispositions(alerts, asked, day),
            tables.tiers(counted[asked], day),
        ]
    shown.append(tables.runs(counts_by_run(viewer, place=asked), day))
    figures = _figures(counted[asked], alerts, asked, day)
    sources = sources_of(coverage_of(viewer, at))
    return Board(
        asked,
        steps[asked],
        BELOW[level],
        day,
        _steps(viewer, steps),
        figures,
        tuple(shown),
        sources,
        beijing_day(at).isoformat(),
    )


def _steps(viewer: Viewer, path: Mapping[int, str]) -> tuple[tuple[str, str], ...]:
    mine = [(code, name) for code, name in path.items() if viewer.covers(code)]
    last = len(mine) - 1
    return tuple((name, "" if at == last else board_address(code)) for at, (code, name) in enumerate(mine))


def _figures(whole: Population, alerts: Mapping[tuple[str, ...], int], code: int, day: str) -> tuple[Figure, ...]:
    of = {level: sum(many for (each, *_), many in alerts.items() if each == level) for level in tables.LEVELS}
    enrolled = sum(persons for _, persons in whole.tiers.values())
    return (
        Figure("红色预警", of["红"], "条", day, href=alerts_address(place=code, level="红")),
        Figure("橙色预警", of["橙"], "条", day, href=alerts_address(place=code, level="橙")),
        Figure("观察名单", of["蓝"], "条", day, note="蓝色，不派办", href=alerts_address(place=code, view="watch")),
        Figure("户数", whole.households, "户", day),
        Figure("人口", whole.persons, "人", day),
        Figure("在册低收入人口", enrolled, "人次", day, note="在两类名册的计两次"),
    )
