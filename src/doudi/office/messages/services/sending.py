"""The one way a message comes to be, and the one way it is settled because somebody else did what it asked for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from doudi.office.accounts.selectors import StaffCard
from doudi.office.common.roles import BUSINESS, Role
from doudi.office.common.scope import whole_city
from doudi.office.messages.kinds import kind_of
from doudi.office.messages.models import Message, Muted

__all__ = ["To", "send", "settle"]

_AT_ONCE: Final = 1000  # rows of one statement


@dataclass(frozen=True, slots=True)
class To:
    """One recipient and what he is told. `cause`: the same one tells him nothing twice."""

    whom: StaffCard
    cause: str
    facts: Mapping[str, Any]
    subject: str = ""
    households: tuple[int, ...] = ()


def send(*, kind: str, at: datetime, to: Iterable[To]) -> None:
    """Puts a message before each of them, in the caller's transaction; who does without the kind, or had it, gets none.

    Somebody whose role the kind is not for is left out: the table of kinds has the last word.
    """
    told = kind_of(kind)
    without = set(Muted.objects.filter(kind=kind).values_list("user_id", flat=True)) if told.mutable else set()
    rows = [
        Message(
            recipient_id=each.whom.user_id, kind=kind, cause=each.cause[:200], at=at, subject=each.subject,
            division=each.whom.division if told.placed and _has_scope(each.whom.role) else None, facts=dict(each.facts),
            households=list(each.households),
        )
        for each in to
        if each.whom.role in told.to and each.whom.user_id not in without
    ]  # fmt: skip
    if rows:
        with whole_city():  # written by the platform, whoever it was that caused it
            Message.objects.bulk_create(rows, ignore_conflicts=True, batch_size=_AT_ONCE)


def settle(*, kind: str, cause: str, at: datetime) -> int:
    """What this message asked for was done by somebody: it counts as read for those who have not read it. How many."""
    with whole_city():
        return Message.objects.filter(kind=kind, cause=cause, read_at__isnull=True).update(read_at=at)


def _has_scope(role: Role) -> bool:
    return role in BUSINESS
