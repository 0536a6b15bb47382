"""Changes to an account: the system administrator asks, the security administrator makes them."""

from datetime import datetime

from django.db import transaction

from doudi.errors import Refusal
from doudi.office.accounts.models import AccountChange, Organisation, User
from doudi.office.accounts.passwords import temporary
from doudi.office.accounts.services.entry import person_of
from doudi.office.accounts.services.own import give_password
from doudi.office.accounts.services.users import check_post
from doudi.office.accounts.states import CHANGE
from doudi.office.audit.services import make_move, record
from doudi.office.common.actor import Actor
from doudi.office.common.roles import ADMINISTRATORS, LABELS, Role

__all__ = ["ask_change", "decide_change"]

# An account of these never becomes another role's, nor the other way round; the database refuses it too.
_FIXED = ADMINISTRATORS | {Role.SUPERVISOR}


@transaction.atomic
def ask_change(
    *,
    actor: Actor,
    at: datetime,
    user: User,
    kind: str,
    why: str,
    role: Role | None = None,
    organisation: Organisation | None = None,
    division: int | None = None,
) -> AccountChange:
    """Asks for a new post, a new password, a new second factor or an unlocking. By the system administrator, for others.

    Refused: for oneself, for an account that is not in use, without a reason, while the same is asked already, a post
    that does not fit or that mixes administration and business.
    """
    if actor.role is not Role.SYSTEM_ADMIN:
        raise Refusal("accounts.not_yours", f"这件事只由{LABELS[Role.SYSTEM_ADMIN]}办理。")
    if user.pk == actor.user_id:
        raise Refusal("accounts.for_oneself", "不能为自己的账号提出变更，须由另一位系统管理员提出。")
    if user.state != "active":
        raise Refusal("accounts.not_active", "这个账号不在用，不能变更；请先恢复。")
    if not why.strip():
        raise Refusal("accounts.why", "请写明变更的理由。")
    if AccountChange.objects.filter(user=user, kind=kind, state=CHANGE.start).exists():
        raise Refusal("accounts.change_twice", "同样的变更已经提出，正等批准。")
    if kind == "role":
        if role is None or organisation is None or division is None:
            raise Refusal("accounts.post_missing", "调整岗位须写明新的岗位、机构和管辖区划。")
        if role.value != user.role and {role, Role(user.role)} & _FIXED:
            raise Refusal("accounts.roles_exclude", "管理员、外部监督与业务岗位不能互换；请注销原账号，由本人另开。")
        check_post(role, organisation, division)
    change = AccountChange.objects.create(
        user=user, kind=kind, why=why, asked_by_id=person_of(actor), asked_at=at,
        role=role.value if role and kind == "role" else "", organisation=organisation if kind == "role" else None,
        division=division if kind == "role" else None,
    )  # fmt: skip
    record(
        actor=actor,
        at=at,
        act="accounts.ask_change",
        subject_kind="user",
        subject=str(user.pk),
        why=why,
        detail={"kind": kind},
    )
    return change


@transaction.atomic
def decide_change(*, change: AccountChange, approve: bool, actor: Actor, at: datetime, why: str = "") -> str | None:
    """Makes or declines the change. By the security administrator; never by who asked, nor by whom it concerns.

    Gives the new password when one was asked for; it is shown once. Whatever changes ends the user's session.
    """
    move = "批准" if approve else "不批准"
    make_move(
        workflow=CHANGE, row=change, move=move, actor=actor, at=at, why=why, decided_by_id=actor.user_id, decided_at=at
    )
    return _make(change, at) if approve else None


def _make(change: AccountChange, at: datetime) -> str | None:
    user = User.objects.select_for_update().get(pk=change.user_id)
    password = None
    if change.kind == "role":
        if change.organisation is None or change.division is None:
            raise Refusal("accounts.post_missing", "调整岗位须写明新的岗位、机构和管辖区划。")
        user.role, user.organisation, user.division = change.role, change.organisation, change.division
        user.department = change.organisation.kind if change.role == Role.DEPARTMENT_OFFICER.value else ""
    elif change.kind == "password":
        password = temporary()
        give_password(user, password, at)
        user.must_change_password = True
    elif change.kind == "totp":
        user.totp_sealed, user.totp_on = None, False
    user.failures, user.locked_until, user.session_key = 0, None, ""
    user.save()
    return password
