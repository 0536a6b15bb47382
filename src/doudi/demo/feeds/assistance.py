"""各部门反馈：已经给了什么。

What was given: those on a roll mostly receive what they are due, so that alerts are few and mean something.
"""

import polars as pl

from doudi.demo.chunk import Chunk
from doudi.demo.feeds.schools import half_years
from doudi.demo.feeds.shape import events
from doudi.demo.months import day_in, label

__all__ = ["DEPARTMENTS", "assistance"]

_no, _hh, _tier = pl.col.no, pl.col.hh, pl.col.tier
_HEAD = pl.col.relation == "户主"
_POOR = _tier.is_not_null()
DEPARTMENTS = {
    "参保资助": "医保局", "门诊住院医疗救助": "医保局", "疾病应急救助": "卫健委", "教育救助": "教育局", "公租房": "住建局",
    "租赁补贴": "住建局", "农村危房改造": "住建局", "就业救助": "人社局", "受灾救助": "应急局", "临时救助": "民政局",
    "取暖补贴": "民政局", "殡葬减免": "民政局", "残疾儿童康复": "残联", "无障碍改造": "残联", "访视照料": "民政局",
    "防返贫帮扶": "农业农村局", "慈善帮扶": "慈善总会",
}  # fmt: skip


def assistance(c: Chunk) -> pl.DataFrame:
    """Grain: one payment or service."""
    month = pl.col.present_from.clip(lower_bound=c.window.opening)
    lines = [line for at in c.event_months for line in _monthly(c, at)]
    lines += [_line(c, at, "教育救助", 125_000, _POOR, pl.col.stage.is_not_null()) for at in half_years(c.window)]
    lines += [_line(c, c.window.first - 3, "受灾救助", 80_000, _HEAD, ~pl.col.urban, pl.col.county == 370522, c.draw.chance(12_000, "disaster", _hh))]
    died = c.who(_POOR, pl.col.died.is_not_null()).with_columns(on=pl.col.died + pl.duration(days=5))
    lines += [_paid(died, c, "殡葬减免", 120_000, "B", month)]
    return pl.concat(lines)


def _monthly(c: Chunk, at: int) -> list[pl.DataFrame]:
    """What falls into one month: some things every month, some each quarter, the insurance in January, the heating in November."""
    key = pl.lit(at, pl.Int64)
    frail = (_tier == "特困") | (_POOR & pl.col.severe)
    lines = [
        _line(c, at, "访视照料", 0, frail.fill_null(value=False)),
        _line(c, at, "临时救助", 120_000, _POOR, _HEAD, c.draw.chance(12_000, "emergency", _hh, key)),
        _line(c, at, "慈善帮扶", 50_000, _POOR, _HEAD, c.draw.chance(8000, "charity", _hh, key)),
        _line(c, at, "残疾儿童康复", 150_000, _POOR, pl.col.card_since.is_not_null(), pl.col.age < 18),
    ]
    if at % 3 == 0:
        lines.append(_line(c, at, "防返贫帮扶", 60_000, pl.col.overlay, _HEAD))
        lines.append(_line(c, at, "租赁补贴", 90_000, _POOR, pl.col.urban, _HEAD))
    if at % 12 == 0:
        lines.append(_line(c, at, "参保资助", 24_000, _POOR))
    if at % 12 == 10:
        lines.append(_line(c, at, "取暖补贴", 60_000, _POOR, _HEAD))
    if at % 6 == 1:
        lines.append(_line(c, at, "就业救助", 80_000, _POOR, pl.col.jobless_since.is_not_null()))
        lines.append(_line(c, at, "农村危房改造", 2_000_000, _POOR, _HEAD, ~pl.col.urban, c.draw.below(1000, "housing", _hh) < 18))
    return lines


def _line(c: Chunk, at: int, programme: str, fen: int, *conditions: pl.Expr) -> pl.DataFrame:
    """One payment in month `at` to everybody present and enrolled by then; one in a hundred is forgotten."""
    enrolled = (pl.col.since <= pl.lit(day_in(at, 28))) | pl.col.since.is_null() | ~_POOR
    there = (pl.col.present_from <= at) & (pl.col.present_until.fill_null(10**6) >= at)
    given = c.draw.chance(992_000, f"given.{programme}", _no, pl.lit(at, pl.Int64))
    on = pl.lit(day_in(at, 8)) + pl.duration(days=c.draw.below(12, "given.day", _no))
    people = c.who(*conditions, enrolled, there, given).with_columns(on=on)
    return _paid(people, c, programme, fen, label(at).replace("-", ""), pl.lit(at))


def _paid(people: pl.DataFrame, c: Chunk, programme: str, fen: int, tag: str, month: pl.Expr) -> pl.DataFrame:
    period = (month // 12).cast(pl.String) + "-" + (month % 12 + 1).cast(pl.String).str.zfill(2)
    number = list(DEPARTMENTS).index(programme)
    return events(
        people,
        c.window,
        when=pl.col.on,
        record_no=f"JZ{number:02d}{tag}" + _no.cast(pl.String).str.zfill(8),
        id=pl.col.id,
        programme=pl.lit(programme),
        amount=pl.lit(fen or None, pl.Int64),
        date=pl.col.on,
        period=period,
        department=pl.lit(DEPARTMENTS[programme]),
    )
