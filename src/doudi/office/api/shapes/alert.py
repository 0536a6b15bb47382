"""One alert whole: what the page shows of it, field by field."""

from datetime import date
from typing import Final

from ninja import Schema
from pydantic import Field

from doudi.office.accounts.scope import Viewer
from doudi.office.api.shapes.alerts import AlertRow
from doudi.office.api.shapes.common import Withheld, withheld
from doudi.office.common.fields import FieldClass, Sight
from doudi.office.monitoring.selectors import AlertPage, ReasonCard

__all__ = ["Alert", "Change", "Clause", "Reason"]

Value = bool | int | str | None
_NOT_ALL: Final = "没有差额，或者按岗位不显示。"
_FIGURES: Final = (FieldClass.MONEY, FieldClass.DIAGNOSIS, FieldClass.GUARDED, FieldClass.CHILDREN)


class Reason(Schema):
    """一条理由：与页面上同一句话，和给程序用的同一个数。"""

    says: str | None = Field(description="理由；不给看的是 null")
    fact: str | None = Field(description="哪项事实；不给看的是 null")
    value: Value = Field(description="值：金额按 unit 是分，日期是年-月-日，也有是否；只知道范围的、不给看的是 null")
    at_least: Value = Field(description="只知道范围的：至少")
    at_most: Value = Field(description="只知道范围的：至多")
    unit: str | None = Field(
        description="单位：fen 是分，fen/month 是分每月，其余如 day、grade、item；没有单位的是 null"
    )
    threshold: Value = Field(description="界线，单位同上；不是比大小的是 null")
    absent: bool = Field(description="依据的是来件里没有")
    withheld: str | None = Field(description="不给看的写明为什么；给看的是 null")
    kind: str = Field(description="字段分级：identity、hardship、money、diagnosis、guarded、children")
    department: str | None = Field(description="数源部门")
    record: str | None = Field(description="哪一批来件")
    line: int | None = Field(description="批次里的第几行")
    day: date | str | None = Field(description="记录的日期")
    stale: bool = Field(description="这个来源是否过期")

    @classmethod
    def of(cls, card: ReasonCard) -> "Reason":
        """The card's words; of what is hidden the sentence stands in `withheld`."""
        told = card.promised
        names = ("fact", "value", "at_least", "at_most", "unit", "threshold")
        return cls(
            **{name: told.get(name) for name in names}, absent=bool(told.get("absent")),
            says=None if card.hidden else card.says, withheld=card.says if card.hidden else None, kind=card.kind,
            department=card.department or None, record=card.record or None,
            line=int(card.line.replace(",", "")) if card.line else None, day=card.day or None, stale=card.stale,
        )  # fmt: skip


class Clause(Schema):
    """依据的一条。"""

    id: str = Field(description="条款编号")
    meaning: str = Field(description="条款大意，一句话")
    number: str = Field(description="文号")
    document: str = Field(description="文件名称")


class Change(Schema):
    """一次运行使它变了什么。"""

    day: date = Field(description="监测日")
    run: int = Field(description="运行编号")
    says: str = Field(description="变了什么")


class Alert(AlertRow):
    """一条预警的全部。"""

    about: str | None = Field(description="说的是谁，按岗位遮蔽；就是户主的是 null")
    person_id: str | None = Field(description="证件号，按岗位遮蔽；没有登记的是 null")
    reasons: list[Reason]
    distance: str | None = Field(description="离界线多远，带单位")
    clauses: list[Clause]
    clears_when: str | None = Field(description="怎样才解除")
    asks: list[str] = Field(description="给看不到理由的人：上门问什么、看什么")
    others: list[AlertRow] = Field(description="这户其他在开的预警")
    history: list[Change] = Field(description="每次运行使它变了什么，新的在前")
    reopens: str | None = Field(description="接续哪一条预警")
    run_day: date = Field(description="最近一次监测日")

    @classmethod
    def whole(cls, page: AlertPage, viewer: Viewer) -> "Alert":
        """The page, field by field."""
        row = AlertRow.of(page.card, viewer)
        return cls(
            **row.dict(exclude={"withheld"}), withheld=[*row.withheld, *_hidden(page, viewer)], about=page.about or None,
            person_id=page.person_id or None, reasons=[Reason.of(each) for each in page.reasons],
            distance=page.distance or None,
            clauses=[Clause(id=each.id, meaning=each.meaning, number=each.number, document=each.document) for each in page.clauses],
            clears_when=page.clears_when or None, asks=list(page.asks),
            others=[AlertRow.of(each, viewer) for each in page.others],
            history=[Change(day=each.day, run=each.run, says=each.says) for each in page.changes],
            reopens=page.reopens or None, run_day=page.run_day,
        )  # fmt: skip


def _hidden(page: AlertPage, viewer: Viewer) -> list[Withheld]:
    if viewer.sees(FieldClass.HARDSHIP) is Sight.HIDDEN:
        return [withheld(name, FieldClass.HARDSHIP) for name in ("reasons", "distance", "clauses", "clears_when")]
    if page.card.veiled:
        reason = next(each.reason for each in AlertRow.of(page.card, viewer).withheld)
        return [Withheld(field=name, reason=reason) for name in ("distance", "clauses", "clears_when")]
    hides = any(viewer.sees(kind) is Sight.HIDDEN for kind in _FIGURES)
    return [Withheld(field="distance", reason=_NOT_ALL)] if hides and not page.distance else []
