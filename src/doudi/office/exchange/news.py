"""来件的新闻：哪个部门的哪一期出了什么事，涉及哪些县——给别的科室转告，不带一行内容。

What there is to tell of deliveries: of whom it speaks, which period, how many lines; never a line's content.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from doudi.landing import load_contract
from doudi.office.common.actor import machine
from doudi.office.common.events import Event, tell
from doudi.office.exchange.coverage import coverage
from doudi.office.exchange.models import Batch, Hold, Upload

__all__ = ["DeliveryNews", "held_deliveries", "late_deliveries", "rejected_lines", "tell_late", "turned_away"]

_LATE: Final = frozenset({"late", "never"})


@dataclass(frozen=True, slots=True)
class DeliveryNews:
    """One delivery. `ref`: the batch, the held delivery, the upload, or the feed that is late. `places`: the counties of
    which it speaks, twelve digits each; none = the whole territory. `lines` that were turned back, 0 where none are
    counted. `sender_id`: the user who sent it, null for a machine or where nobody is known. `days_late`: null = never came.
    """

    ref: str
    feed: str
    period: str
    department: str
    places: tuple[int, ...] = ()
    lines: int = 0
    sender_id: int | None = None
    days_late: int | None = None


def rejected_lines(batches: Iterable[str]) -> tuple[DeliveryNews, ...]:
    """Those of these batches that have lines to put right; `lines` are they."""
    rows = (
        Batch.objects.filter(pk__in=list(batches), rejected__gt=0).order_by("pk").prefetch_related("senders", "uploads")
    )
    return tuple(
        DeliveryNews(
            row.pk, row.feed, row.period, row.department, _counties(each.county for each in row.senders.all()),
            row.rejected, next((each.by_id for each in row.uploads.all()), None),
        )
        for row in rows
    )  # fmt: skip


def held_deliveries(deliveries: Iterable[str]) -> tuple[DeliveryNews, ...]:
    """These deliveries that wait, or waited, for somebody's decision."""
    contract = load_contract()
    return tuple(
        DeliveryNews(
            row.pk, row.feed, row.period, contract[row.feed].department,
            _counties(each["county"] and each["county"] * 1_000_000 for each in row.senders),
        )
        for row in Hold.objects.filter(pk__in=list(deliveries)).order_by("pk")
    )  # fmt: skip


def turned_away(uploads: Iterable[str]) -> tuple[DeliveryNews, ...]:
    """These uploads, of which no line was taken. `ref` tells the attempt too: a file may be turned away again."""
    return tuple(
        DeliveryNews(f"{row.pk}-{row.attempts}", row.feed, row.month, row.department, (row.division,) if row.division else (),
                     sender_id=row.by_id)
        for row in Upload.objects.filter(pk__in=list(uploads)).order_by("pk")
    )  # fmt: skip


def late_deliveries(at: datetime) -> tuple[DeliveryNews, ...]:
    """One a sender that is late on the day of `at`, or never delivered. `period` is its last, empty when there is none."""
    return tuple(
        DeliveryNews(card.feed, card.feed, card.last_period or "", card.department, _counties([card.county]),
                     days_late=card.days_late)
        for card in coverage(at)
        if card.state in _LATE
    )  # fmt: skip


def tell_late(*, at: datetime) -> int:
    """Says which feeds are late on the day of `at`, as `exchange.late`; how many. Whoever listens tells nobody twice."""
    feeds = list(dict.fromkeys(each.feed for each in late_deliveries(at)))
    if feeds:
        tell(Event("exchange.late", machine("coverage"), at, {"feeds": feeds}))
    return len(feeds)


def _counties(told: Iterable[int | None]) -> tuple[int, ...]:
    """None among them: it speaks of the whole territory."""
    found = list(told)
    return () if None in found else tuple(sorted(dict.fromkeys(each for each in found if each)))
