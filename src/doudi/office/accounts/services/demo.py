"""The people of the demo city's office: one of each role, and the neighbours who must see nothing. All are invented."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from django.db import transaction

from doudi.office.accounts.models import Organisation, SupervisionGrant, User
from doudi.office.accounts.passwords import temporary
from doudi.office.audit.services import record
from doudi.office.common.actor import machine
from doudi.office.common.clock import beijing_day
from doudi.office.common.roles import LABELS, Role
from doudi.office.divisions import selectors as divisions

__all__ = ["PERSONAS", "DemoAccount", "Persona", "make_demo_accounts", "make_persona"]

_CITY: Final = 370500000000


class Persona(NamedTuple):
    """Somebody who works here; `kind` is his organisation's."""

    shown_name: str
    login: str
    role: Role
    division: int
    kind: str = "民政"


PERSONAS: Final = (
    Persona("张敏", "zhangmin", Role.COUNTY_OFFICER, 370502000000),
    Persona("张审", "zhangshen", Role.COUNTY_REVIEWER, 370502000000),
    Persona("李伟", "liwei", Role.TOWN_OFFICER, 370502001000),
    Persona("王芳", "wangfang", Role.VILLAGE_HELPER, 370502001011),
    Persona("赵强", "zhaoqiang", Role.COUNTY_OFFICER, 370503000000),
    Persona("孙丽", "sunli", Role.TOWN_OFFICER, 370502002000),
    Persona("钱勇", "qianyong", Role.VILLAGE_HELPER, 370502001013),
    Persona("周涛", "zhoutao", Role.CITY_OFFICER, _CITY),
    Persona("吴静", "wujing", Role.PROVINCE_OFFICER, 370000000000),
    Persona("郑医", "zhengyi", Role.DEPARTMENT_OFFICER, _CITY, "医保"),
    Persona("冯联", "fenglian", Role.DEPARTMENT_OFFICER, _CITY, "残联"),
    Persona("陈卫", "chenwei", Role.DEPARTMENT_OFFICER, _CITY, "卫健"),
    Persona("褚教", "chujiao", Role.DEPARTMENT_OFFICER, _CITY, "教育"),
    Persona("卫社", "weishe", Role.DEPARTMENT_OFFICER, _CITY, "人社"),
    Persona("蒋农", "jiangnong", Role.DEPARTMENT_OFFICER, _CITY, "农业农村"),
    Persona("沈住", "shenzhu", Role.DEPARTMENT_OFFICER, _CITY, "住建"),
    Persona("韩急", "hanji", Role.DEPARTMENT_OFFICER, _CITY, "应急"),
    Persona("杨财", "yangcai", Role.DEPARTMENT_OFFICER, _CITY, "财政"),
    Persona("朱数", "zhushu", Role.DEPARTMENT_OFFICER, _CITY, "大数据"),
    Persona("秦系", "qinxi", Role.SYSTEM_ADMIN, _CITY, "大数据"),
    Persona("尤安", "youan", Role.SECURITY_ADMIN, _CITY, "大数据"),
    Persona("许审", "xushen", Role.AUDIT_ADMIN, _CITY, "大数据"),
    Persona("何督", "hedu", Role.SUPERVISOR, _CITY, "审计"),
)


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
        supervisor=supervisor, notice_no="示范审通〔一〕号", purpose="社会救助资金和政策落实情况（示范）", division=_CITY,
        from_day=day, until_day=day + timedelta(days=180), state="open", asked_at=at, decided_at=at,
        asked_by=people[Role.SYSTEM_ADMIN.value], decided_by=people[Role.SECURITY_ADMIN.value],
    )  # fmt: skip
