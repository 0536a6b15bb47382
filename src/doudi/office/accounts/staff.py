"""The staff as other offices address them: who is in use, in what role, over which division, of which department."""

from collections.abc import Iterable
from dataclasses import dataclass

from doudi.office.accounts.models import User
from doudi.office.common.roles import Role

__all__ = ["StaffCard", "staff"]


@dataclass(frozen=True, slots=True)
class StaffCard:
    """One user in use. `department` is a department officer's, empty for others; `division` his organisation's jurisdiction
    (an external supervisor's own scope is his grant's).
    """

    user_id: int
    role: Role
    division: int
    department: str


def staff(roles: Iterable[Role], *, user_id: int | None = None) -> tuple[StaffCard, ...]:
    """Users in use who have one of these roles, or the one of that number if he has; one query, in the order of keys."""
    rows = User.objects.filter(state="active", role__in=[role.value for role in roles])
    if user_id is not None:
        rows = rows.filter(pk=user_id)
    found = rows.order_by("pk").values_list("pk", "role", "division", "department")
    return tuple(StaffCard(pk, Role(role), division, department) for pk, role, division, department in found)
