"""工作台：把各台面上的事收拢到一页。

A person's workbench: the desks of his role, each filled by its reader.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Final

from doudi.office.accounts.scope import Viewer
from doudi.office.common.roles import LABELS
from doudi.office.divisions.selectors import place_name
from doudi.office.portal.cards import Desk, Figure, Matter, Workbench
from doudi.office.portal.desks import BY_ROLE, WORDS
from doudi.office.portal.readers import administration, alerts, deliveries, exports, runs

__all__ = ["READERS", "workbench"]

Reader = Callable[[Viewer, datetime], Iterable[Matter]]

READERS: Final[dict[str, Reader]] = {
    "urgent": alerts.urgent,
    "visits": alerts.visits,
    "held": deliveries.held,
    "refused": deliveries.refused,
    "late": deliveries.late,
    "mine": deliveries.mine,
    "exports": exports.exports,
    "runs": runs.runs,
    "supervision": administration.supervision,
    "grant": administration.grant,
    "accounts": administration.accounts,
    "journal": administration.journal,
}


def workbench(viewer: Viewer, at: datetime) -> Workbench:
    """What is asked of this person now: his role's desks in their order, and the figures at the head."""
    desks = tuple(_desk(key, viewer, at) for key in BY_ROLE[viewer.role])
    figures: tuple[Figure, ...] = ()
    place = place_name(viewer.division) if viewer.division else ""
    return Workbench(viewer.shown_name, LABELS[viewer.role], place, figures, desks)


def _desk(key: str, viewer: Viewer, at: datetime) -> Desk:
    words = WORDS[key]
    return Desk(key, words.title, words.asks, words.empty, tuple(READERS[key](viewer, at)))
