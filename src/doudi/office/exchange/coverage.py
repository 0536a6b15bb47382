"""How far each source has delivered: computed from the mirror of the batches, by landing's own rule of what stands."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from doudi.landing import load_contract, read_acceptances, standing
from doudi.landing.contract import Feed
from doudi.landing.lake import BatchRecord
from doudi.landing.standing import Coverage, Standing
from doudi.office.common.clock import beijing_day
from doudi.office.exchange.models import Batch
from doudi.office.exchange.vault import office_home

__all__ = ["CoverageCard", "coverage", "now_standing", "stale_feeds"]


@dataclass(frozen=True, slots=True)
class CoverageCard:
    """One sender of one feed on a day. `county` is a twelve-digit code; no county, department or programme: the sender
    answers for the whole territory. A feed that never came has one card, without a period.

    `state`: fresh, late, never, quarantined. `days_late`: days since the last month in force ended, beyond what the
    contract allows; null when it never came. `due_by`: the last day on which it is still fresh, null likewise. `months`
    delivered and standing, oldest first. `quarantined` are names of deliveries that wait for a person.
    """

    feed: str
    department: str
    county: int | None
    office: str
    programme: str
    state: str
    last_period: str | None
    revision: int | None
    lines: int
    months: tuple[str, ...]
    quarantined: tuple[str, ...]
    stale_after_days: int
    due_by: date | None
    days_late: int | None

    @property
    def fresh(self) -> bool:
        """Is what it delivered last recent enough for the contract?"""
        return self.state == "fresh"


def coverage(at: datetime) -> tuple[CoverageCard, ...]:
    """Every sender of every feed of the contract on the day of `at`: one card each, in the contract's order."""
    day = beijing_day(at)
    return tuple(_card(feed, row, day) for feed, row in now_standing(day).table)


def stale_feeds(at: datetime) -> tuple[str, ...]:
    """The feeds of which some sender is late, quarantined or has never delivered, in the contract's order."""
    return tuple(dict.fromkeys(card.feed for card in coverage(at) if not card.fresh))


def now_standing(day: date) -> Standing:
    """What is in force on a day, of all batches and acceptances known now."""
    return standing(_records(), load_contract(), day, read_acceptances(office_home()))


def _records() -> Iterator[BatchRecord]:
    order = ("feed", "period", "revision", "batch")
    for record in Batch.objects.order_by(*order).values_list("record", flat=True):
        yield BatchRecord.from_json(record)


def _card(feed: Feed, row: Coverage, day: date) -> CoverageCard:
    due_by = _due_by(row.last_period, feed) if row.last_period else None
    return CoverageCard(
        feed=feed.name,
        department=feed.department,
        county=row.scope.county * 1_000_000 if row.scope.county else None,
        office=row.scope.department or "",
        programme=row.scope.programme or "",
        state=_state(row),
        last_period=row.last_period,
        revision=row.in_force[1] if row.in_force else None,
        lines=row.lines,
        months=row.months,
        quarantined=row.quarantined,
        stale_after_days=feed.stale_after_days,
        due_by=due_by,
        days_late=max(0, (day - due_by).days) if due_by else None,
    )


def _state(row: Coverage) -> str:
    if row.quarantined:
        return "quarantined"
    if not row.months:
        return "never"
    return "fresh" if row.fresh else "late"


def _due_by(period: str, feed: Feed) -> date:
    year, month = map(int, period.split("-"))
    last_day = date(year, month, monthrange(year, month)[1])
    return date.fromordinal(last_day.toordinal() + feed.stale_after_days)
