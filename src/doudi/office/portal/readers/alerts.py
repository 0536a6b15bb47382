"""Alerts that nobody has looked at yet, and, for a village helper, the households to visit."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Final
from urllib.parse import urlencode

from django.urls import reverse

from doudi.office.accounts.scope import Viewer
from doudi.office.divisions.selectors import names
from doudi.office.monitoring.selectors import Asked, alerts, counts, latest_run
from doudi.office.portal.cards import Matter
from doudi.office.portal.grounds import grounds, grounds_of

__all__ = ["urgent", "visits"]

_LEVELS: Final = {"红": "bad", "橙": "warn"}
_PLACES_NAMED: Final = 4
# What is to be done, in the clauses' own words: one of the four dispositions, or a late department.
_DO: Final = {
    "unfulfilled": ("政策没有落实：尽快落实或转办主管部门", ("G3.4.unfulfilled",)),
    "eligible": ("可能符合而未纳入：告知政策，启动程序", ("G3.4.eligible", "G3.3.excluded")),
    "complex": ("情形复杂：县级协调，一事一议", ("G3.4.complex",)),
    "ineligible": ("可能不再符合：先核查，不自动停发", ("G3.4.ineligible",)),
    "supervision": ("工作督促：催报、补正", ("G3.1.digital",)),
}


def urgent(viewer: Viewer, at: datetime) -> Iterator[Matter]:
    """New red and orange alerts, one matter a level and disposition, with the places that have most."""
    del at  # what is new is said by the run
    run = latest_run()
    found: dict[tuple[str, str], dict[int, int]] = defaultdict(dict)
    for (level, disposition, place), many in counts(viewer, ("level", "disposition", "place"), status="new").items():
        found[level, disposition][int(place)] = many
    for (level, disposition), places in sorted(
        found.items(), key=lambda each: (list("红橙蓝").index(each[0][0]), each[0][1])
    ):
        if level in _LEVELS and run is not None:
            said, clauses = _DO.get(disposition, ("请了解情况", ("G3.1.alerting",)))
            asked = {"level": level, "status": "new", "disposition": disposition}
            yield Matter(
                what=f"{level}色：{said}",
                count=sum(places.values()),
                unit="条",
                where=_most(places),
                when=f"{run.day} 的监测",
                href=f"{reverse('monitoring:alerts')}?{urlencode(asked)}",
                link="逐条看",
                tone=_LEVELS[level],
                grounds=grounds_of(*clauses),
            )


def visits(viewer: Viewer, at: datetime) -> Iterator[Matter]:
    """One matter a household with an open alert, the most urgent first. It tells nothing of why."""
    for row in alerts(viewer, Asked(size=100), at).rows:
        card = row.lead
        if card.household_ref:
            yield Matter(
                what=f"{card.who or '户主未具名'}家",
                count=1,
                unit="户",
                where=card.place,
                when=f"{card.opened_on} 起，请尽快去看",
                href=reverse("portal:household", args=[card.household_ref]),
                link="问什么、看什么",
                tone=_LEVELS.get(card.level, "neutral"),
                grounds=grounds("visits"),
            )


def _most(places: dict[int, int]) -> str:
    """The places with most, each with its count; the rest as a number of places."""
    ordered = sorted(places.items(), key=lambda each: (-each[1], each[0]))
    named = names(code for code, _ in ordered[:_PLACES_NAMED])
    said = "、".join(f"{named[code]} {many}" for code, many in ordered[:_PLACES_NAMED])
    rest = len(ordered) - _PLACES_NAMED
    return f"{said} 等 {len(ordered)} 处" if rest > 0 else said
