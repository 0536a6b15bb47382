"""Who asks, where, how many, of which run, from which sources: nothing of these is about a person."""

from datetime import date, datetime
from typing import Final

from ninja import Schema
from pydantic import Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from doudi.office.accounts.scope import Viewer
from doudi.office.api.shapes.common import Place, PlaceAsked, Withheld, moment, one_of
from doudi.office.common.roles import LABELS
from doudi.office.exchange.selectors import CoverageCard
from doudi.office.monitoring.selectors import STATES, RunCard
from doudi.office.monitoring.states import DISPOSITIONS, SOURCES

__all__ = ["BY", "Count", "Counts", "CountsAsked", "Coverage", "Divisions", "DivisionsAsked", "Me", "Run", "Runs", "Sender"]  # fmt: skip

BY: Final = ("division", "level", "disposition", "indicator", "status")
_DISPOSITIONS: Final = tuple(DISPOSITIONS)
_STATES: Final = (*STATES, "any")


class Me(Schema):
    """读的是谁。"""

    name: str = Field(description="流水里的名字；系统是 api: 加代号")
    shown_name: str
    role: str
    role_word: str
    jurisdiction: Place
    department: str | None
    purpose: str | None = Field(description="为什么读；没有写的是 null")

    @classmethod
    def of(cls, viewer: Viewer) -> "Me":
        """The viewer as scope and fields are judged by."""
        return cls(
            name=viewer.name, shown_name=viewer.shown_name, role=viewer.role.value, role_word=LABELS[viewer.role],
            jurisdiction=Place.of(viewer.division), department=viewer.department or None, purpose=viewer.purpose or None,
        )  # fmt: skip


class DivisionsAsked(Schema):
    """从哪个区划往下看；不给就是自己的辖区。"""

    parent: PlaceAsked = ""


class Divisions(Schema):
    """一个区划和它下面一级。"""

    division: Place
    children: list[Place]


class CountsAsked(Schema):
    """按什么数、在哪里数、数什么。"""

    by: str = Field("division", max_length=60, description=f"按什么分，逗号隔开：{'、'.join(BY)}")
    place: PlaceAsked = ""
    status: str = Field(
        "open", description="状态；open 是在开的，any 是不限", json_schema_extra={"enum": list(_STATES)}
    )
    disposition: str = Field("", description="只数这个去向", json_schema_extra={"enum": list(_DISPOSITIONS)})

    @field_validator("by")
    @classmethod
    def words(cls, value: str) -> str:
        """Each of its words is known and stands once."""
        asked = value.split(",")
        for word in asked:
            one_of(word or "?", BY)
        if len(set(asked)) < len(asked):
            raise PydanticCustomError("doudi", "同一项写了两次。")
        return value

    @field_validator("status", "disposition")
    @classmethod
    def known(cls, value: str, field: ValidationInfo) -> str:
        """One of its values."""
        return one_of(value, {"status": _STATES, "disposition": _DISPOSITIONS}[str(field.field_name)])


class Count(Schema):
    """一格：按哪些值，多少条。没有按这一项分的、不给看的，都是 null。"""

    division: Place | None = None
    level: str | None = None
    disposition: str | None = None
    indicator: str | None = None
    status: str | None = None
    alerts: int = Field(description="条数", ge=0)


class Counts(Schema):
    """条数。一条预警只在它的管理地数一次，各格加起来就是总数；没有的格不列。"""

    place: Place
    by: list[str]
    run_day: date | None = Field(description="数的是哪一个监测日的预警；还没有监测过的是 null")
    counts: list[Count]
    total: int = Field(description="总条数", ge=0)
    withheld: list[Withheld]


class Run(Schema):
    """一次监测运行，全市的数。"""

    id: int
    day: date = Field(description="监测日")
    kind: str = Field(description="缘由")
    state: str
    state_word: str
    asked_at: datetime = Field(description="北京时间，+08:00")
    started_at: datetime | None
    finished_at: datetime | None
    seconds: int | None = Field(description="用了多久，秒；没有结束的是 null")
    people: int | None = Field(description="人数，人；没有完成的是 null")
    households: int | None = Field(description="户数，户；没有完成的是 null")
    alerts: int | None = Field(description="预警，条；没有完成的是 null")
    changes: dict[str, int] | None = Field(description="按状态，多少条变成了它；没有完成的是 null")

    @classmethod
    def of(cls, card: RunCard) -> "Run":
        """The card without what only a machine wants of its manifest."""
        told = card.manifest or {}
        return cls(
            id=card.id, day=card.day, kind=card.kind, state=card.state, state_word=card.state_word,
            asked_at=moment(card.asked_at), started_at=card.started_at and moment(card.started_at),
            finished_at=card.finished_at and moment(card.finished_at),
            seconds=card.seconds, people=told.get("people"), households=told.get("households"),
            alerts=told.get("alerts"), changes=None if card.changes is None else dict(card.changes),
        )  # fmt: skip


class Runs(Schema):
    """最近五十次，新的在前。"""

    runs: list[Run]


class Sender(Schema):
    """一种来件的一个报送方。"""

    feed: str = Field(description="来件代码")
    feed_word: str
    department: str
    county: Place | None = Field(description="哪个县区的；管全市的是 null")
    sender: str | None = Field(description="单位或项目；没有的是 null")
    state: str = Field(description="fresh 按时、late 迟到、never 从未到过、quarantined 被隔离")
    last_period: str | None = Field(description="最近一期，年-月；从未到过的是 null")
    lines: int | None = Field(description="那一期多少行；从未到过的是 null")
    months: list[str] = Field(description="到过而且算数的月份")
    due_by: date | None = Field(description="在这一天之前不算迟；从未到过的是 null")
    days_late: int | None = Field(description="迟了多少天；从未到过的是 null")

    @classmethod
    def of(cls, card: CoverageCard) -> "Sender":
        """The card; what never came has no lines, which is not the same as none."""
        return cls(
            feed=card.feed, feed_word=SOURCES.get(card.feed, card.feed), department=card.department,
            county=Place.of(card.county) if card.county else None, sender=card.office or card.programme or None,
            state=card.state, last_period=card.last_period, lines=card.lines if card.last_period else None,
            months=list(card.months), due_by=card.due_by, days_late=card.days_late,
        )  # fmt: skip


class Coverage(Schema):
    """与本辖区有关的每个报送方。"""

    day: date = Field(description="截至哪一天")
    senders: list[Sender]
