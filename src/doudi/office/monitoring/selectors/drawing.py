"""Rows become cards: masked, in words, for one viewer."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from doudi.landing.feed_names import feed_name
from doudi.office.accounts.scope import Viewer
from doudi.office.divisions import selectors as divisions
from doudi.office.monitoring.cards import AlertCard
from doudi.office.monitoring.lens import Lens
from doudi.office.monitoring.models import Alert
from doudi.office.monitoring.options import day_of
from doudi.office.registry import selectors as registry
from doudi.office.registry.selectors import HouseholdCard

__all__ = ["draw"]


def draw(
    viewer: Viewer, rows: Iterable[Alert], at: datetime, homes: Mapping[int, HouseholdCard] | None = None
) -> dict[str, AlertCard]:
    """Cards by alert_id. One reading of the registry and one of the vault, however many they are; none with `homes`."""
    listed = list(rows)
    keys = {row.household_key for row in listed if row.household_key is not None}
    if homes is None:
        homes = registry.households(viewer, keys) if keys else {}
    places = {row.managing_division: "" for row in listed}
    divisions.paths(places)
    for code in places:
        places[code] = divisions.place_name(code)
    lens, day = Lens(viewer), day_of(at)
    return {
        row.pk: _card(row, lens, homes.get(row.household_key or 0), places[row.managing_division], day)
        for row in listed
    }


def _card(row: Alert, lens: Lens, home: HouseholdCard | None, place: str, day: date) -> AlertCard:
    return AlertCard(
        alert_id=row.alert_id,
        household_key=row.household_key,
        person_key=row.person_key,
        household_ref=home.ref if home else None,
        who=home.head_name if home else None,
        indicator=row.indicator if lens.reads(row.indicator) else "",
        title=lens.title(row.indicator, row.title, row.disposition),
        veiled=not lens.reads(row.indicator),
        level=row.level,
        disposition=lens.disposition(row.disposition),
        status=row.status,
        opened_on=row.opened_on,
        cleared_on=row.cleared_on,
        days=max(((row.cleared_on or day) - row.opened_on).days, 0),
        division=row.managing_division,
        place=place,
        owner=row.owner,
        age=day.year - row.birth_year if row.birth_year else None,
        stale=tuple(feed_name(feed) for feed in row.stale_feeds),
    )
