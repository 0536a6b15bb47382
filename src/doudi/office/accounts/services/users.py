"""Organisations and users: one administrator asks, another decides."""

from datetime import datetime
from typing import NamedTuple

from django.db import IntegrityError, transaction

from doudi.errors import Refusal
from doudi.office.accounts.kinds import CIVIL_AFFAIRS, DEPARTMENTS, LEVEL_OF_ROLE, SUPERVISORS
from doudi.office.accounts.models import Organisation, User
from doudi.office.accounts.passwords import temporary
from doudi.office.accounts.services.own import give_password
from doudi.office.accounts.states import USER
from doudi.office.audit.services import make_move, record
from doudi.office.common.actor import Actor
from doudi.office.common.codes import level_of, range_of
from doudi.office.common.roles import ADMINISTRATORS, LABELS, Role
from doudi.office.divisions import selectors as divisions

__all__ = ["Asked", "ask_user", "check_post", "decide_user", "make_organisation", "move_user"]


class Asked(NamedTuple):
    """A user as asked for."""

    login: str
    shown_name: str
    staff_no: str
    role: Role
    organisation: Organisation
    division: int


@transaction.atomic
def make_organisation(*, actor: Actor, at: datetime, name: str, kind: str, division: int) -> Organisation:
    """A new organisation. By the system administrator. Refused: another role, an unknown division, one of that name there."""
    _only(actor, Role.SYSTEM_ADMIN)
    if division not in divisions.path(division):
        raise Refusal("accounts.division", f"区划表里没有 {division}；请先核对代码，或导入新的区划表。")
    if Organisation.objects.filter(division=division, name=name).exists():
        raise Refusal("accounts.organisation_twice", f"{divisions.place_name(division)}已有“{name}”，不必再建。")
    made = Organisation.objects.create(name=name, kind=kind, division=division)
    record(
        actor=actor,
        at=at,
        act="accounts.organisation",
        subject_kind="organisation",
        subject=str(made.pk),
        division=division,
    )
    return made


@transaction.atomic
def ask_user(*, actor: Actor, at: datetime, asked: Asked) -> User:
    """A user in state `asked`, who cannot log in before the security administrator approves.

    By the system administrator, not for himself. Refused: login or staff number taken (one account a person, so that
    nobody holds two roles), a role that does not fit the organisation or the division.
    """
    _only(actor, Role.SYSTEM_ADMIN)
    check_post(asked.role, asked.organisation, asked.division)
    if User.objects.filter(login=asked.login).exists():
        raise Refusal("accounts.login_taken", f"登录名“{asked.login}”已经有人用了，请换一个。")
    if User.objects.filter(staff_no=asked.staff_no).exists():
        raise Refusal("accounts.one_account", "这个工号已有账号；一人一个账号，管理岗位与业务岗位不能兼任。")
    user = User(
        login=asked.login, shown_name=asked.shown_name, staff_no=asked.staff_no, role=asked.role.value,
        organisation=asked.organisation, division=asked.division, asked_by_id=actor.user_id, asked_at=at,
        department=asked.organisation.kind if asked.role is Role.DEPARTMENT_OFFICER else "",
    )  # fmt: skip
    user.set_unusable_password()
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError as error:
        raise Refusal("accounts.user_twice", "登录名或工号刚刚被别人用了，请刷新后再试。") from error
    record(
        actor=actor, at=at, act="accounts.ask_user", subject_kind="user", subject=str(user.pk), division=user.division,
        detail={"role": user.role},
    )  # fmt: skip
    return user


@transaction.atomic
def decide_user(*, user: User, approve: bool, actor: Actor, at: datetime, why: str = "") -> str | None:
    """Approves or declines a user who was asked for. By the security administrator, never by who asked.

    Gives the first password, which is shown once and must be changed at the first login; None when declined.
    """
    make_move(workflow=USER, row=user, move="批准" if approve else "不批准", actor=actor, at=at, why=why)
    if not approve:
        return None
    password = temporary()
    give_password(user, password, at)
    return password


@transaction.atomic
def move_user(*, user: User, move: str, actor: Actor, at: datetime, why: str) -> None:
    """Suspends, resumes or closes a user; whoever is suspended is logged out at once (`accounts.states.USER`)."""
    make_move(workflow=USER, row=user, move=move, actor=actor, at=at, why=why, session_key="")


def check_post(role: Role, organisation: Organisation, division: int) -> None:
    """Refuses a role that this organisation does not have, or that does not go with the division's level."""
    levels = LEVEL_OF_ROLE[role]
    if division not in divisions.path(division):
        raise Refusal("accounts.division", f"区划表里没有 {division}；请先核对代码，或导入新的区划表。")
    if level_of(division) not in levels:
        raise Refusal(
            "accounts.role_level",
            f"“{LABELS[role]}”的管辖区划不能是{divisions.place_name(division)}；级别不对，请重选。",
        )
    lo, hi = range_of(organisation.division)
    if not lo <= division <= hi:
        raise Refusal(
            "accounts.beyond", f"{organisation.name}管不到{divisions.place_name(division)}；请选本机构辖区内的区划。"
        )
    kinds = {Role.DEPARTMENT_OFFICER: DEPARTMENTS, Role.SUPERVISOR: SUPERVISORS}.get(role, (CIVIL_AFFAIRS,))
    if role not in ADMINISTRATORS and organisation.kind not in kinds:
        raise Refusal(
            "accounts.role_kind", f"{organisation.name}（{organisation.kind}）不设“{LABELS[role]}”；请重选机构或岗位。"
        )


def _only(actor: Actor, role: Role) -> None:
    if actor.role is not role:
        raise Refusal("accounts.not_yours", f"这件事只由{LABELS[role]}办理。")
