"""Who is told what: each event becomes at most one message a person."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Final, Protocol

from django.db import transaction

from doudi.office.accounts.selectors import StaffCard, staff
from doudi.office.common.codes import level_of, range_of
from doudi.office.common.roles import Role
from doudi.office.common.scope import whole_city
from doudi.office.messages import kinds
from doudi.office.messages.kinds import kind_of
from doudi.office.messages.models import Message
from doudi.office.messages.services.sending import To, send, settle

__all__ = [
    "Delivery", "News", "tell_deliveries", "tell_export_decided", "tell_export_waits", "tell_late", "tell_run",
    "tell_supervision",
]  # fmt: skip

_CIVIL_AFFAIRS: Final = frozenset({"民政", ""})  # without a word: it came from a civil affairs desk
_DESKS: Final = frozenset({Role.COUNTY_OFFICER, Role.CITY_OFFICER})  # who sends what civil affairs itself keeps


class News(Protocol):
    """What a run found new in one jurisdiction: households, alerts, red ones among them, alerts by disposition in words;
    the keys of the households where they are few, else none.
    """

    @property
    def homes(self) -> int:
        """Households with something new."""

    @property
    def alerts(self) -> int:
        """New alerts."""

    @property
    def red(self) -> int:
        """Red ones among them."""

    @property
    def by_disposition(self) -> Mapping[str, int]:
        """The word of the disposition, how many alerts."""

    @property
    def keys(self) -> tuple[int, ...]:
        """Their household_keys, where they are few."""


class Delivery(Protocol):
    """A delivery to tell of, as the exchange gives it. No places = the whole territory; no sender: a machine sent it."""

    @property
    def ref(self) -> str:
        """Its name in addresses."""

    @property
    def feed(self) -> str:
        """Its feed, empty when it was not recognised."""

    @property
    def period(self) -> str:
        """Its month, empty when it has none."""

    @property
    def department(self) -> str:
        """Whose it is."""

    @property
    def places(self) -> tuple[int, ...]:
        """The counties of which it speaks."""

    @property
    def lines(self) -> int:
        """Lines to put right."""

    @property
    def sender_id(self) -> int | None:
        """Who sent it."""

    @property
    def days_late(self) -> int | None:
        """How late it is; null = it never came."""


@transaction.atomic
def tell_run(*, at: datetime, run: int, day: date, news: Mapping[int, News]) -> None:
    """One message a person of the run: what is new in his jurisdiction. `news` by jurisdiction; who is not in it gets none."""
    send(kind=kinds.DIGEST, at=at, to=[
        To(one, f"run {run}", {
            "day": day.isoformat(), "households": found.homes, "alerts": found.alerts, "red": found.red,
            "by": [[word, count] for word, count in found.by_disposition.items() if count],
        }, str(run), found.keys)
        for one in staff(kind_of(kinds.DIGEST).to)
        if (found := news.get(one.division)) is not None
    ])  # fmt: skip


@transaction.atomic
def tell_deliveries(*, at: datetime, kind: str, news: Sequence[Delivery], accepted: bool | None = None) -> None:
    """One message a person for all of them: to who sent them and to the people of their department.

    `accepted`: how a held one was decided, null for the other kinds.
    """
    if not news:
        return
    cause = f"{news[0].ref} +{len(news) - 1}" + ("" if accepted is None else f" {accepted}")
    to = []
    for one in staff(kind_of(kind).to):
        if mine := [each for each in news if _is_told(one, each)]:
            facts = {"feed": mine[0].feed, "period": mine[0].period, "more": len(mine) - 1,
                     "lines": sum(each.lines for each in mine), "accepted": accepted}  # fmt: skip
            to.append(To(one, cause, facts, mine[0].ref if len(mine) == 1 else ""))
    send(kind=kind, at=at, to=to)


@transaction.atomic
def tell_late(*, at: datetime, news: Sequence[Delivery]) -> None:
    """One message a person for all that became late since he was told last; the same feed at the same period is told once."""
    people = staff(kind_of(kinds.DELIVERY_LATE).to)
    known, to = _known_late(people), []
    for one in people:
        late = []
        for feed, mine in _by_feed(each for each in news if _is_told(one, each)).items():
            period = max(each.period for each in mine)
            if (feed, period) not in known.get(one.user_id, set()):
                days = [each.days_late for each in mine if each.days_late is not None]
                late.append({"feed": feed, "period": period, "senders": len(mine), "days": max(days, default=None)})
        if late:
            to.append(To(one, " ".join(f"{each['feed']} {each['period']}" for each in late), {"late": late}))
    send(kind=kinds.DELIVERY_LATE, at=at, to=to)


@transaction.atomic
def tell_export_waits(
    *, at: datetime, export: str, asker_id: int, rows: int, decides: Callable[[Role, int], bool]
) -> None:
    """To those who may decide it but for who asked. `decides`: whether that role over that jurisdiction may."""
    deciders = [
        one
        for one in staff(kind_of(kinds.EXPORT_WAITS).to)
        if one.user_id != asker_id and decides(one.role, one.division)
    ]
    send(kind=kinds.EXPORT_WAITS, at=at, to=[To(one, export, {"rows": rows}, export) for one in deciders])


@transaction.atomic
def tell_export_decided(*, at: datetime, export: str, asker_id: int, rows: int, approved: bool) -> None:
    """To who asked; for the others who might have decided it, it is settled."""
    settle(kind=kinds.EXPORT_WAITS, cause=export, at=at)
    facts = {"rows": rows, "approved": approved}
    asker = staff(kind_of(kinds.EXPORT_DECIDED).to, user_id=asker_id)
    send(kind=kinds.EXPORT_DECIDED, at=at, to=[To(one, export, facts, export) for one in asker])


@transaction.atomic
def tell_supervision(*, at: datetime, grant: str, division: int, from_day: date, until_day: date) -> None:
    """To the audit administrators of the place, of what lies above it and below."""
    facts = {"place": division, "from": from_day.isoformat(), "until": until_day.isoformat()}
    near = [
        one
        for one in staff(kind_of(kinds.SUPERVISION).to)
        if _covers(one.division, division) or _covers(division, one.division)
    ]
    send(kind=kinds.SUPERVISION, at=at, to=[To(one, grant, facts, grant) for one in near])


def _is_told(one: StaffCard, each: Delivery) -> bool:
    """Its sender; the officers of its department whose jurisdiction it concerns; where nobody is known to have sent what
    civil affairs keeps, the desk of that very county, or the city's for the whole territory.
    """
    if each.sender_id is not None and one.user_id == each.sender_id:
        return True
    if one.role is Role.DEPARTMENT_OFFICER:
        here = any(_covers(one.division, place) for place in each.places) or not each.places
        return here and one.department == each.department
    if each.sender_id is not None or each.department not in _CIVIL_AFFAIRS or one.role not in _DESKS:
        return False
    return one.division in each.places or (not each.places and level_of(one.division) == "city")


def _known_late(people: Sequence[StaffCard]) -> dict[int, set[tuple[str, str]]]:
    """Of which feeds at which period each of them was told that they are late, as far as messages are kept."""
    found: dict[int, set[tuple[str, str]]] = {}
    with whole_city():
        rows = Message.objects.filter(kind=kinds.DELIVERY_LATE, recipient_id__in=[one.user_id for one in people])
        for recipient, facts in rows.values_list("recipient_id", "facts"):
            found.setdefault(recipient, set()).update((each["feed"], each["period"]) for each in facts["late"])
    return found


def _by_feed(news: Iterator[Delivery]) -> dict[str, list[Delivery]]:
    found: dict[str, list[Delivery]] = {}
    for each in news:
        found.setdefault(each.feed, []).append(each)
    return found


def _covers(jurisdiction: int, division: int) -> bool:
    lo, hi = range_of(jurisdiction)
    return lo <= division <= hi
