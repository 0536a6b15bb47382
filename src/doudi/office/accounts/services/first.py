"""The first three: an installation begins with its administrators, and with nobody else."""

from datetime import datetime

from django.db import transaction

from doudi.errors import Refusal
from doudi.office.accounts.models import Organisation, User
from doudi.office.accounts.passwords import temporary
from doudi.office.accounts.services.own import give_password
from doudi.office.audit.services import record
from doudi.office.common.actor import machine
from doudi.office.common.roles import LABELS, Role
from doudi.office.divisions import selectors as divisions

__all__ = ["make_first_administrators"]

_FIRST = {"sysadmin": Role.SYSTEM_ADMIN, "secadmin": Role.SECURITY_ADMIN, "auditadmin": Role.AUDIT_ADMIN}


@transaction.atomic
def make_first_administrators(*, at: datetime, division: int, organisation: str) -> dict[str, str]:
    """Login → first password of the three administrators, once and only in an installation without any user.

    Each must change his password at the first login. Refused: there are users already, an unknown division.
    """
    if User.objects.exists():
        raise Refusal("accounts.not_the_first", "这里已有用户；首批管理员只在安装时建一次。")
    if division not in divisions.path(division):
        raise Refusal("accounts.division", f"区划表里没有 {division}；请先核对代码，或导入新的区划表。")
    home = Organisation.objects.create(name=organisation, kind="大数据", division=division)
    made = {}
    for login, role in _FIRST.items():
        user = User(
            login=login, shown_name=LABELS[role], staff_no=login, role=role.value, organisation=home,
            division=division, state="active", asked_at=at,
        )  # fmt: skip
        user.set_unusable_password()
        user.save()
        made[login] = temporary()
        give_password(user, made[login], at)
        record(actor=machine("install"), at=at, act="accounts.made", subject_kind="user", subject=str(user.pk))
    return made
