"""One household: who lives there, its alerts, what a run knew of it, what was done about it."""

from collections.abc import Iterable
from datetime import date, datetime
from functools import cache

from ninja import Schema
from pydantic import Field

from doudi import policybook_dir
from doudi.office.accounts.scope import Viewer
from doudi.office.api.shapes.alerts import AlertRow
from doudi.office.api.shapes.common import Place, Withheld, withheld
from doudi.office.api.shapes.facts import Facts
from doudi.office.common.fields import FieldClass, Sight
from doudi.office.registry.selectors import HouseholdCard, MemberCard
from doudi.policy.load import load_book

__all__ = ["Household", "Member", "Step", "Tier", "hidden_of"]


class Tier(Schema):
    """在册的一类。"""

    id: str = Field(description="类别代码，如 dibao")
    name: str = Field(description="类别名称")


class Member(Schema):
    """一个人。"""

    person_ref: str = Field(description="这个人的编号")
    is_head: bool
    name: str | None = Field(description="姓名，按岗位遮蔽；没有登记的是 null")
    person_id: str | None = Field(description="证件号，按岗位遮蔽；没有登记的是 null")
    age_years: int | None = Field(description="周岁；没有登记出生日期的是 null")
    gender: str | None = Field(description="男、女；没有登记的是 null")
    registered: bool = Field(description="户籍登记在本户")
    present: bool = Field(description="最近一期人口库里还有")
    tiers: list[Tier] | None = Field(description="在册类别；不给看的是 null，不在册的是空")
    hukou: Place = Field(description="户籍地")

    @classmethod
    def of(cls, card: MemberCard) -> "Member":
        """The card, field by field."""
        return cls(
            person_ref=card.ref, is_head=card.is_head, name=card.name or None, person_id=card.person_id or None,
            age_years=card.age_years, gender={True: "男", False: "女", None: None}[card.male],
            registered=card.registered, present=card.present, tiers=_tiers(card.tiers),
            hukou=Place.of(card.hukou_division),
        )  # fmt: skip


class Step(Schema):
    """发生过的一件事：谁办了什么，或者监测使预警变了什么。"""

    at: datetime = Field(description="北京时间，+08:00")
    title: str
    who: str
    why: str | None


class Household(Schema):
    """一户。"""

    household_ref: str
    head_name: str | None = Field(description="户主姓名，按岗位遮蔽")
    household_no: str | None = Field(description="户号，按岗位遮蔽；没有的是 null")
    members: int = Field(description="人数，人", ge=0)
    unseen: int = Field(description="其中不在本辖区、这里不列的，人", ge=0)
    hukou_kind: str | None = Field(description="农村、城镇；没有登记的是 null")
    tiers: list[Tier] | None = Field(description="在册类别；不给看的是 null")
    managing: Place
    hukou: Place
    residence: Place
    run_day: date = Field(description="这户最近一次有变化的监测日")
    present: bool = Field(description="最近一期人口库里还有")
    people: list[Member]
    alerts: list[AlertRow] = Field(description="在开的预警，急的在前")
    facts: Facts | None = Field(description="最近一次监测知道的事实；没有的是 null")
    asks: list[str] = Field(description="给看不到情形的人：上门问什么、看什么")
    history: list[Step] = Field(description="最近二十件，新的在前")
    withheld: list[Withheld]

    @classmethod
    def of(
        cls,
        card: HouseholdCard,
        viewer: Viewer,
        *,
        alerts: list[AlertRow],
        facts: Facts | None,
        asks: list[str],
        history: list[Step],
    ) -> "Household":
        """The registry's card with what the others know of the household."""
        return cls(
            household_ref=card.ref, head_name=card.head_name or None, household_no=card.household_no or None,
            members=card.members, unseen=card.unseen, hukou_kind=card.hukou_kind, tiers=_tiers(card.tiers),
            managing=Place.of(card.managing_division), hukou=Place.of(card.hukou_division),
            residence=Place.of(card.residence_division), run_day=card.run_day, present=card.present,
            people=[Member.of(each) for each in card.people], alerts=alerts, facts=facts, asks=asks, history=history,
            withheld=hidden_of(viewer),
        )  # fmt: skip


def hidden_of(viewer: Viewer) -> list[Withheld]:
    """The fields of a household that this viewer's role may not read."""
    told = []
    if viewer.sees(FieldClass.HARDSHIP) is Sight.HIDDEN:
        told += [
            withheld(name, FieldClass.HARDSHIP) for name in ("tiers", "people.tiers", "alerts", "facts", "history")
        ]
    elif viewer.sees(FieldClass.MONEY) is Sight.HIDDEN:
        told.append(withheld("facts.conclusion", FieldClass.MONEY))
    return told


@cache
def _names() -> dict[str, str]:
    return {tier.id: tier.name for tier in load_book(policybook_dir()).tiers}


def _tiers(tiers: Iterable[str] | None) -> list[Tier] | None:
    return None if tiers is None else [Tier(id=tier, name=_names().get(tier, tier)) for tier in tiers]
