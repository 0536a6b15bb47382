"""Alerts: as a row of the list, and one whole with its reasons."""

from datetime import date
from typing import Any, Final

from ninja import Schema
from pydantic import Field, ValidationInfo, field_validator

from doudi.errors import Refusal
from doudi.office.accounts.scope import Viewer
from doudi.office.api.shapes.common import Code, PlaceAsked, Withheld, code_of, one_of, withheld
from doudi.office.common.fields import FieldClass, Sight
from doudi.office.monitoring.selectors import (
    AGES,
    DEFAULT_ORDER,
    ORDERS,
    SIZES,
    STATES,
    VIEWS,
    AlertCard,
    Asked,
    read_asked,
)
from doudi.office.monitoring.states import DISPOSITIONS, LEVELS, SOURCES

__all__ = ["AlertRow", "AlertsAsked", "AlertsPage"]

# Parameter → the values that it may have, from the tables that the page itself draws its drop-downs from.
CHOICES: Final = {
    "view": tuple(VIEWS),
    "disposition": tuple(DISPOSITIONS),
    "level": LEVELS,
    "status": (*STATES, "any"),
    "age": tuple(AGES),
    "stale": tuple(SOURCES),
    "order": tuple(ORDERS),
    "size": tuple(map(str, SIZES)),
}
_VEILED: Final = "依据受限信息，按岗位不显示；需要核实的，请联系县区审核人员。"


def _choice(name: str, plain: str, description: str) -> Any:  # noqa: ANN401 - a field of pydantic
    return Field(plain, description=description, json_schema_extra={"enum": list(CHOICES[name])})


class AlertsAsked(Schema):
    """筛选和翻页，与“预警”页相同；不给的就是不限。"""

    view: str = _choice("view", "alerts", "alerts 红橙预警，watch 蓝色观察名单，all 全部级别")
    disposition: str = _choice("disposition", "", "去向")
    indicator: str = Field("", max_length=60, description="指标编号，如 eligible.self_paid")
    level: str = _choice("level", "", "级别")
    status: str = _choice("status", "open", "状态；open 是在开的三种，any 是不限")
    place: PlaceAsked = ""
    age: str = _choice("age", "", "年龄段，按当年算")
    stale: str = _choice("stale", "", "有这个来源过期的")
    order: str = _choice("order", DEFAULT_ORDER, "排列；减号是倒过来")
    size: str = _choice("size", str(SIZES[0]), "一页多少条")
    after: str = Field("", max_length=80, description="翻页键：照抄上一页 next 里的，不自己拼")

    @field_validator(*CHOICES)
    @classmethod
    def known(cls, value: str, field: ValidationInfo) -> str:
        """One of its values; the page passes over what it does not know, a program must be told."""
        return one_of(value, CHOICES[str(field.field_name)])

    def asked(self) -> Asked:
        """As the office's own list is asked, one row an alert. Refused: a key that is none of this order."""
        asked = read_asked({**self.dict(), "flat": "1"})
        if self.after and not asked.after:
            raise Refusal("api.page_key", "翻页键不对：请照抄上一页 next 里的地址，不要改其中的排列。")
        return asked


class AlertRow(Schema):
    """一条预警。"""

    alert_id: str = Field(description="预警编号，跨次运行不变")
    household_ref: str | None = Field(description="这户的编号，读 /households/ 用；来件督促没有户")
    who: str | None = Field(description="户主姓名，按岗位遮蔽；没有登记的是 null")
    indicator: str | None = Field(description="指标编号")
    title: str = Field(description="预警名称；受限的只说去向")
    level: str = Field(description="级别：红、橙、蓝")
    disposition: str | None = Field(description="去向代码")
    disposition_word: str | None = Field(description="去向")
    status: str = Field(description="状态代码")
    status_word: str = Field(description="状态")
    opened_on: date = Field(description="开出日")
    cleared_on: date | None = Field(description="解除日；没有解除的是 null")
    days: int = Field(description="开了多少天", ge=0)
    division: Code
    place: str = Field(description="管理地名称")
    owner: str = Field(description="牵头部门")
    age: int | None = Field(description="年龄，岁；没有登记的是 null")
    stale: list[str] = Field(description="过期的来源")
    withheld: list[Withheld] = Field(description="按岗位不给看的字段")

    @classmethod
    def of(cls, card: AlertCard, viewer: Viewer) -> "AlertRow":
        """The card that the page draws, field by field."""
        nothing = viewer.sees(FieldClass.HARDSHIP) is Sight.HIDDEN
        names = ("indicator", "disposition", "disposition_word")
        hidden = [withheld(name, FieldClass.HARDSHIP) for name in names] if nothing else []
        if card.veiled and not nothing:  # which class it is of would itself tell something
            hidden.append(Withheld(field="indicator", reason=_VEILED))
        return cls(
            alert_id=card.alert_id, household_ref=card.household_ref, who=card.who or None,
            indicator=card.indicator or None, title=card.title, level=card.level,
            disposition=card.disposition or None, disposition_word=card.disposition_word or None,
            status=card.status, status_word=card.status_word, opened_on=card.opened_on, cleared_on=card.cleared_on,
            days=card.days, division=code_of(card.division), place=card.place, owner=card.owner, age=card.age,
            stale=list(card.stale), withheld=hidden,
        )  # fmt: skip


class AlertsPage(Schema):
    """一页预警；一页接一页正好是整张清单，每条一次。"""

    alerts: list[AlertRow]
    next: str | None = Field(description="下一页的地址；没有下一页的是 null")
