"""在效：到某一天为止，每一种来件用的是哪一期、够不够新、缺了谁、哪一期被扣住。

What is in force at a date: a pure function of the batch records, the contract and the acceptances. Nothing here opens
a file or asks a clock, so the same records give the same standing whatever arrived first.
"""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from doudi.landing.contract import Feed
from doudi.landing.lake import Acceptance, BatchRecord, Scope, delivery_name

__all__ = ["Coverage", "Delivery", "FeedStanding", "Standing", "standing"]

QUARANTINE = (1, 2)  # a roll under this share (numerator, denominator) of the one before it waits for a person


@dataclass(frozen=True, slots=True)
class Delivery:
    """All batches of one feed with one (period, revision), and the lines they bring for each scope that they name."""

    feed: str
    period: str
    revision: int
    lines: Mapping[Scope, int]
    batches: tuple[str, ...]

    @property
    def name(self) -> str:
        """How it is called on the command line."""
        return delivery_name(self.feed, self.period, self.revision)


@dataclass(frozen=True, slots=True)
class Coverage:
    """How far one sender of a feed has delivered: a county, a department, a programme, or all (every part None).

    `in_force` is the (period, revision) that holds, None when nothing does; `lines` are its lines. `months` were
    delivered and stand, oldest first. `fresh`: the last of them is no older than the contract allows, and no later
    delivery is quarantined. `quarantined` names the deliveries that wait for a person.
    """

    scope: Scope
    in_force: tuple[str, int] | None
    lines: int
    fresh: bool
    months: tuple[str, ...]
    quarantined: tuple[str, ...]

    @property
    def last_period(self) -> str | None:
        """The last delivered month that stands."""
        return self.months[-1] if self.months else None


@dataclass(frozen=True, slots=True)
class FeedStanding:
    """One feed: the batches that count, and its coverage by sender. A feed that never came has neither."""

    feed: Feed
    batches: tuple[BatchRecord, ...]
    coverage: tuple[Coverage, ...]

    @property
    def in_force(self) -> tuple[tuple[int | None, str, int], ...]:
        """For a roll: county (None = the whole territory), period, revision of the delivery that holds there."""
        if self.feed.delivers == "events":
            return ()
        return tuple((each.scope.county, *each.in_force) for each in self.coverage if each.in_force is not None)


@dataclass(frozen=True, slots=True)
class Standing:
    """Every feed of the contract at `at`."""

    at: date
    feeds: Mapping[str, FeedStanding]

    @property
    def table(self) -> tuple[tuple[Feed, Coverage], ...]:
        """What `doudi coverage` shows: every sender of every feed, and one empty row for a feed that never came."""
        nothing = (Coverage(Scope(), None, 0, fresh=False, months=(), quarantined=()),)
        return tuple((each.feed, row) for each in self.feeds.values() for row in each.coverage or nothing)


def standing(
    batches: Iterable[BatchRecord], contract: Mapping[str, Feed], at: date, accepted: Iterable[Acceptance] = ()
) -> Standing:
    """What holds at `at`, of the batches and acceptances known (`read_batches` leaves out the later ones).

    A roll counts when its month has begun by `at`; of events every delivered month counts, and the engine takes those
    that happened by `at`: what a later month reports late is true all the same.
    """
    released = {each.delivery for each in accepted}
    by_feed: dict[str, list[BatchRecord]] = defaultdict(list)
    for record in batches:
        by_feed[record.feed].append(record)
    return Standing(at, {name: _of_feed(feed, by_feed[name], at, released) for name, feed in contract.items()})


def _of_feed(feed: Feed, records: list[BatchRecord], at: date, released: set[str]) -> FeedStanding:
    month = f"{at:%Y-%m}"
    counted = [record for record in records if feed.delivers == "events" or record.period <= month]
    deliveries = [delivery for delivery in _deliveries(counted) if delivery.period <= month]
    scopes = sorted({scope for delivery in deliveries for scope in delivery.lines}, key=lambda scope: scope.sort_key)
    coverage = tuple(_of_scope(feed, scope, deliveries, at, released) for scope in scopes)
    return FeedStanding(feed, tuple(sorted(counted, key=lambda record: record.batch)), coverage)


def _deliveries(records: Iterable[BatchRecord]) -> list[Delivery]:
    """The deliveries that some batches make up, lowest precedence first."""
    parts: dict[tuple[str, int], list[BatchRecord]] = defaultdict(list)
    for record in records:
        parts[record.precedence].append(record)
    found = []
    for (period, revision), together in sorted(parts.items()):
        lines: dict[Scope, int] = defaultdict(int)
        for record in together:
            for scope, added in record.scopes:
                for sender in _senders(scope):
                    lines[sender] += added
        names = tuple(sorted(record.batch for record in together))
        found.append(Delivery(together[0].feed, period, revision, lines, names))
    return found


def _senders(scope: Scope) -> Iterable[Scope]:
    """Whom a scope's lines speak for: the county, and on their own the department and the programme."""
    if scope.department is None and scope.programme is None:
        yield scope
        return
    yield Scope()
    if scope.department is not None:
        yield Scope(department=scope.department)
    if scope.programme is not None:
        yield Scope(programme=scope.programme)


def _of_scope(feed: Feed, scope: Scope, deliveries: list[Delivery], at: date, released: set[str]) -> Coverage:
    stands: list[Delivery] = []
    quarantined: list[Delivery] = []
    for delivery in deliveries:
        if scope not in delivery.lines:
            continue
        if feed.delivers == "roll" and delivery.name not in released and _shrunken(delivery, stands, scope):
            quarantined.append(delivery)
        else:
            stands.append(delivery)
    waiting = tuple(one.name for one in quarantined if (one.period, one.revision) > _precedence(stands))
    return Coverage(
        scope=scope,
        in_force=_precedence(stands) if stands else None,
        lines=stands[-1].lines[scope] if stands else 0,
        fresh=not waiting and bool(stands) and _is_fresh(stands[-1].period, feed, at),
        months=tuple(sorted({one.period for one in stands})),
        quarantined=waiting,
    )


def _precedence(stands: list[Delivery]) -> tuple[str, int]:
    return (stands[-1].period, stands[-1].revision) if stands else ("", 0)


def _shrunken(delivery: Delivery, stands: list[Delivery], scope: Scope) -> bool:
    numerator, denominator = QUARANTINE
    return bool(stands) and denominator * delivery.lines[scope] < numerator * stands[-1].lines[scope]


def _is_fresh(period: str, feed: Feed, at: date) -> bool:
    year, month = map(int, period.split("-"))
    last_day = date(year, month, monthrange(year, month)[1])
    return (at - last_day).days <= feed.stale_after_days
