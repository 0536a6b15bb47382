"""各部门反馈：已经给了什么。

What was given: those on a roll mostly receive what they are due, so that alerts are few and mean something.
"""

import polars as pl

from doudi.demo.chunk import Chunk
from doudi.demo.feeds.shape import events
from doudi.demo.months import date_in, labels, month_of

__all__ = ["DEPARTMENTS", "assistance"]

_no, _hh, _tier = pl.col.no, pl.col.hh, pl.col.tier
_HEAD = pl.col.relation == "户主"
_POOR = _tier.is_not_null()
_STRUCK = 12_000  # households in a million, as in `property.disaster`
_COLUMNS = (
    "no", "hh", "id", "tier", "relation", "overlay", "severe", "urban", "county", "stage", "card_since", "age", "died", "since",
    "jobless_since", "present_from", "present_until",
)  # fmt: skip
DEPARTMENTS = {
    "参保资助": "医保局", "门诊住院医疗救助": "医保局", "疾病应急救助": "卫健委", "教育救助": "教育局", "公租房": "住建局",
    "租赁补贴": "住建局", "农村危房改造": "住建局", "就业救助": "人社局", "受灾救助": "应急局", "临时救助": "民政局",
    "取暖补贴": "民政局", "殡葬减免": "民政局", "残疾儿童康复": "残联", "无障碍改造": "残联", "访视照料": "民政局",
    "防返贫帮扶": "农业农村局", "慈善帮扶": "慈善总会",
}  # fmt: skip


def assistance(c: Chunk) -> pl.LazyFrame:
    """Grain: one payment or service."""
    people = c.who(_POOR | pl.col.overlay | c.draw.chance(_STRUCK, "disaster", _hh)).select(_COLUMNS).collect().lazy()
    months = c.monthly(people).filter(~_POOR | (pl.col.since <= date_in(pl.col.at, 28))).collect().lazy()
    at = pl.col.at
    struck = (
        (at == c.window.first - 3) & ~pl.col.urban & (pl.col.county == 370522) & c.draw.chance(_STRUCK, "disaster", _hh)
    )
    unsafe = (at % 6 == 1) & ~pl.col.urban & (c.draw.below(1000, "housing", _hh) < 18)
    given = [
        _paid(c, months, "访视照料", 0, ((_tier == "特困") | pl.col.severe) & _POOR),
        _paid(c, months, "残疾儿童康复", 150_000, _POOR, pl.col.card_since.is_not_null(), pl.col.age < 18),
        _paid(c, months, "就业救助", 80_000, _POOR, month_of(pl.col.jobless_since) + 1 == at),
        _paid(c, months, "教育救助", 125_000, _POOR, at % 6 == 2, pl.col.stage.is_not_null()),
        _paid(c, months, "参保资助", 24_000, _POOR, at % 12 == 0),
        _paid(c, months, "临时救助", 120_000, _POOR, _HEAD, c.draw.chance(12_000, "emergency", _hh, at)),
        _paid(c, months, "慈善帮扶", 50_000, _POOR, _HEAD, c.draw.chance(8000, "charity", _hh, at)),
        _paid(c, months, "取暖补贴", 60_000, _POOR, _HEAD, at % 12 == 10),
        _paid(c, months, "防返贫帮扶", 60_000, pl.col.overlay, _HEAD, at % 3 == 0),
        _paid(c, months, "租赁补贴", 90_000, _POOR, _HEAD, at % 3 == 0, pl.col.urban),
        _paid(c, months, "农村危房改造", 2_000_000, _POOR, _HEAD, unsafe),
        _paid(c, months, "受灾救助", 80_000, _HEAD, struck),
        _paid(c, months, "殡葬减免", 120_000, _POOR, month_of(pl.col.died) == at, on=pl.col.died + pl.duration(days=6)),
    ]
    return pl.concat([*given, *_in_every_month(c, people)])


def _in_every_month(c: Chunk, people: pl.LazyFrame) -> list[pl.LazyFrame]:
    """One line of each department in each month, for whoever suits best: a department that reports is not late."""
    suits = {
        "门诊住院医疗救助": pl.col.card_since.is_not_null(),
        "疾病应急救助": pl.col.card_since.is_not_null(),
        "教育救助": pl.col.stage.is_not_null(),
        "租赁补贴": pl.col.urban & _HEAD,
        "就业救助": pl.col.age.is_between(20, 58),
        "受灾救助": ~pl.col.urban & _HEAD,
        "无障碍改造": pl.col.severe,
        "防返贫帮扶": pl.col.overlay,
        "慈善帮扶": _HEAD,
    }
    settled = people.filter(_POOR, pl.col.present_until.is_null(), pl.col.present_from <= c.window.opening)
    return [
        _paid(c, c.monthly(settled.sort(~suit, "no").head(1)), programme, 30_000, serial="D", always=True)
        for programme, suit in suits.items()
    ]


def _paid(
    c: Chunk, months: pl.LazyFrame, programme: str, fen: int, *conditions: pl.Expr,
    on: pl.Expr | None = None, serial: str = "", always: bool = False,
) -> pl.LazyFrame:  # fmt: skip
    """A payment in each month that meets the conditions. One in a hundred and twenty is forgotten unless `always`.

    0 fen = a service; `on` = its date, by default some day from the 8th to the 19th; `serial` keeps numbers apart.
    """
    number = list(DEPARTMENTS).index(programme)
    at = pl.col.at
    remembered = c.draw.chance(992_000, f"given.{programme}", _no, at)
    date = date_in(at, 8 + c.draw.below(12, "given.day", _no)) if on is None else on
    return events(
        months.filter(*conditions, remembered | pl.lit(always)),
        c.window,
        when=date,
        record_no=f"JZ{serial}{number:02d}"
        + (at // 12 * 100 + at % 12 + 1).cast(pl.String)
        + _no.cast(pl.String).str.zfill(8),
        id=pl.col.id,
        programme=pl.lit(programme),
        amount=pl.lit(fen or None, pl.Int64),
        date=date,
        period=labels(at),
        department=pl.lit(DEPARTMENTS[programme]),
    )
