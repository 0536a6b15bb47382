"""What waits for an administrator, and what an external supervisor holds: for their workbenches."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from doudi.office.accounts.models import AccountChange, SupervisionGrant, User
from doudi.office.accounts.scope import Viewer
from doudi.office.accounts.states import CHANGE, GRANT, USER
from doudi.office.common.clock import beijing_day

__all__ = ["Duties", "GrantCard", "duties", "grant_of"]

_SOON = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Duties:
    """Counts: users, changes and grants that wait for a second person; accounts locked now; grants that end within a
    week. `oldest`: when the oldest of what waits was asked; null when nothing waits.
    """

    users: int
    changes: int
    grants: int
    locked: int
    ending: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class GrantCard:
    """An external supervision in force on the days `from_day` ≤ day < `until_day`, and who opened it."""

    notice_no: str
    purpose: str
    division: int
    from_day: date
    until_day: date
    asked_by: str
    decided_by: str


def duties(at: datetime) -> Duties:
    """What waits in all; it tells of no household. For administrators, whose jurisdiction is the installation."""
    users = User.objects.filter(state=USER.start)
    changes = AccountChange.objects.filter(state=CHANGE.start)
    grants = SupervisionGrant.objects.filter(state=GRANT.start)
    asked = [rows.order_by("asked_at").values_list("asked_at", flat=True).first() for rows in (users, changes, grants)]
    day = beijing_day(at)
    return Duties(
        users.count(), changes.count(), grants.count(), User.objects.filter(locked_until__gt=at).count(),
        SupervisionGrant.objects.filter(state="open", until_day__gt=day, until_day__lte=day + _SOON).count(),
        min((each for each in asked if each), default=None),
    )  # fmt: skip


def grant_of(viewer: Viewer, at: datetime) -> GrantCard | None:
    """The supervision that this viewer looks under; None for everybody else."""
    day = beijing_day(at)
    rows = SupervisionGrant.objects.select_related("asked_by", "decided_by")
    row = rows.filter(supervisor_id=viewer.user_id, state="open", from_day__lte=day, until_day__gt=day).first()
    if row is None:
        return None
    return GrantCard(
        row.notice_no, row.purpose, row.division, row.from_day, row.until_day, row.asked_by.shown_name,
        row.decided_by.shown_name if row.decided_by else "",
    )  # fmt: skip
