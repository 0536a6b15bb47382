"""The accounts of the demo city's people."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from doudi.office.accounts.models import Organisation, SupervisionGrant, User
from doudi.office.accounts.passwords import temporary
from doudi.office.accounts.people import CITY, PERSONAS, Persona
from doudi.office.audit.services import record
from doudi.office.common.actor import machine
from doudi.office.common.clock import beijing_day
from doudi.office.common.roles import LABELS, Role
from doudi.office.divisions import selectors as divisions

__all__ = ["DemoAccount", "make_demo_accounts", "make_persona"]


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """One line of `var/demo-accounts.csv`. `password` is None when the account was there already and keeps its own."""

    login: str
    password: str | None
    role: str
    division: str


@transaction.atomic
def make_demo_accounts(*, at: datetime) -> list[DemoAccount]:
    """Makes the demo city's accounts, and an open external supervision for the city. Once made they stay as they are."""
    accounts = []
    for persona in PERSONAS:
        found = User.objects.filter(login=persona.login).exists()
        password = None if found else temporary()
        if password is not None:
            make_persona(persona, at=at, password=password)
        names = "".join(divisions.path(persona.division).values())
        accounts.append(DemoAccount(persona.login, password, LABELS[persona.role], names))
    _open_supervision(at)
    return accounts


def make_persona(persona: Persona, *, at: datetime, password: str | None) -> User:
    """An active user with that password, None = one that nobody knows; his organisation with him."""
    place = divisions.names([persona.division])[persona.division]
    organisation, _ = Organisation.objects.get_or_create(
        division=persona.division, name=_organisation(persona, place), defaults={"kind": persona.kind}
    )
    user = User(
        login=persona.login, shown_name=persona.shown_name, staff_no=f"demo-{persona.login}", role=persona.role.value,
        organisation=organisation, division=persona.division, state="active", asked_at=at, password_set_at=at,
        department=persona.kind if persona.role is Role.DEPARTMENT_OFFICER else "", must_change_password=False,
    )  # fmt: skip
    if password is None:
        user.set_unusable_password()
    else:
        user.set_password(password)
    user.save()
    record(
        actor=machine("demo"),
        at=at,
        act="accounts.made",
        subject_kind="user",
        subject=str(user.pk),
        division=user.division,
    )
    return user


def _organisation(persona: Persona, place: str) -> str:
    if persona.kind != "民政":
        return f"{place}{persona.kind}{'' if persona.kind == '残联' else '局'}"
    return {Role.TOWN_OFFICER: f"{place}社会救助工作站", Role.VILLAGE_HELPER: place}.get(
        persona.role, f"{place}民政部门"
    )


def _open_supervision(at: datetime) -> None:
    people = {user.role: user for user in User.objects.filter(login__in=["hedu", "qinxi", "youan"])}
    supervisor = people[Role.SUPERVISOR.value]
    if SupervisionGrant.objects.filter(supervisor=supervisor).exists():
        return
    day = beijing_day(at)
    SupervisionGrant.objects.create(
        supervisor=supervisor, notice_no="示范审通〔一〕号", purpose="社会救助资金和政策落实情况（示范）", division=CITY,
        from_day=day, until_day=day + timedelta(days=180), state="open", asked_at=at, decided_at=at,
        asked_by=people[Role.SYSTEM_ADMIN.value], decided_by=people[Role.SECURITY_ADMIN.value],
    )  # fmt: skip
