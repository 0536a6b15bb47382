"""医保：费用结算。

Medical settlements: visits, chronic illness, stays in hospital, the first stay of a new illness, and reversals.
"""

import polars as pl

from doudi.demo.chunk import Chunk
from doudi.demo.feeds.health import STAFF_SCHEME
from doudi.demo.feeds.shape import events
from doudi.demo.months import date_in

__all__ = ["medical_settlement"]

_no = pl.col.no
_BILLED = ("no", "id", "age", "tier", "job", "pension", "disease", "ill_since", "present_from", "present_until")
_MONEY = ("total", "in_scope", "basic_paid", "major_paid", "aid_paid")


def medical_settlement(c: Chunk) -> pl.LazyFrame:
    """Grain: one settlement, and one reversal line for three in a thousand, two days later."""
    people = c.people.select(_BILLED)
    months = c.monthly(people)
    known = pl.col.disease.is_not_null() & (pl.col.ill_since.dt.year() * 12 < pl.col.at - 12)
    stay = pl.when(pl.col.age < 60).then(4000).otherwise(14_000)
    tag = _yyyymm()
    first = people.filter(pl.col.ill_since >= date_in(pl.lit(c.window.opening), 1))
    visits = months.filter(c.draw.chance(c.visits * 1000 // 12, "outpatient", _no, pl.col.at))
    chronic = months.filter(known, c.draw.chance(350_000, "chronic", _no, pl.col.at))
    stays = months.filter(c.draw.chance(stay, "stay", _no, pl.col.at))
    first_cost = 2_000_000 + c.draw.below(1000, "cost.first", _no) * 2600
    lines = [
        _settled(visits, c, "普通门诊", "M" + tag, date=_day(c, "M"), fen=_cost(c, "M", 30)),
        _settled(chronic, c, "门诊慢特病", "T" + tag, date=_day(c, "T"), fen=_cost(c, "T", 60)),
        _settled(stays, c, "住院", "Z" + tag, date=_day(c, "Z"), fen=_stay_cost(c)),
        _settled(first, c, "住院", pl.lit("F"), date=pl.col.ill_since, fen=first_cost),
    ]
    settled = pl.concat(lines).collect().lazy()  # read twice: once as it is, once to be reversed
    return pl.concat([settled, _reversals(settled, c)])


def _yyyymm() -> pl.Expr:
    """The month `at` as YYYYMM, inside a settlement's number."""
    return (pl.col.at // 12 * 100 + pl.col.at % 12 + 1).cast(pl.String)


def _day(c: Chunk, letter: str) -> pl.Expr:
    return date_in(pl.col.at, 1) + pl.duration(days=c.draw.below(26, f"settled.day.{letter}", _no, pl.col.at))


def _cost(c: Chunk, letter: str, step: int) -> pl.Expr:
    return 9000 + c.draw.below(1000, f"cost.{letter}", _no, pl.col.at) * step


def _stay_cost(c: Chunk) -> pl.Expr:
    """Fen: 2,800 yuan and up, one stay in ten above 15,000."""
    lot = c.draw.below(1000, "cost.Z", _no, pl.col.at)
    return 280_000 + lot * 900 + lot * lot * lot // 1000


def _settled(people: pl.LazyFrame, c: Chunk, kind: str, tag: pl.Expr, *, date: pl.Expr, fen: pl.Expr) -> pl.LazyFrame:
    """Who pays what: basic insurance by scheme, major-illness insurance above 14,000 yuan, medical aid for those on a roll."""
    share = pl.when(STAFF_SCHEME).then(82).otherwise(66 if kind == "住院" else 60)
    split = (
        people.with_columns(date=date, fen=fen)
        .with_columns(in_scope=pl.col.fen * 88 // 100)
        .with_columns(basic=pl.col.in_scope * share // 100)
        .with_columns(major=((pl.col.in_scope - pl.col.basic - 1_400_000).clip(lower_bound=0) * 60 // 100))
        .with_columns(rest=pl.col.in_scope - pl.col.basic - pl.col.major)
    )
    aided = pl.col.tier.is_not_null() & (pl.col.tier != "其他困难")
    return events(
        split,
        c.window,
        when=pl.col.date,
        settlement_no="JS" + tag + _no.cast(pl.String).str.zfill(8),
        id=pl.col.id,
        date=pl.col.date,
        kind=pl.lit(kind),
        total=pl.col.fen,
        in_scope=pl.col.in_scope,
        basic_paid=pl.col.basic,
        major_paid=pl.col.major,
        aid_paid=pl.when(aided).then(pl.col.rest * 75 // 100).otherwise(0),
        insurer_paid=pl.lit(None, pl.Int64),
        reverses=pl.lit(None, pl.String),
        disease=pl.lit("普通疾病") if kind == "普通门诊" else pl.col.disease.fill_null("普通疾病"),
    )


def _reversals(settled: pl.LazyFrame, c: Chunk) -> pl.LazyFrame:
    person = pl.col.settlement_no.str.slice(-8).cast(pl.Int64)
    undone = settled.filter(c.draw.chance(3000, "reversed", person, pl.col.total))
    return undone.with_columns(
        *[-pl.col(column) for column in _MONEY],
        settlement_no=pl.col.settlement_no + "R",
        reverses=pl.col.settlement_no,
        date=pl.min_horizontal(pl.col.date + pl.duration(days=2), pl.col.date.dt.month_end()),
    )
