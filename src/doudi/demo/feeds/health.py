"""医保、卫健、残联：看病、参保、重病、残疾。

Health: settlements, enrolment in insurance, serious illness, disability and its allowances.
"""

import polars as pl

from doudi.demo.chunk import Chunk
from doudi.demo.feeds.shape import events, latest, roll

__all__ = ["disability", "disability_allowance", "medical_enrolment", "medical_settlement", "serious_illness"]

_no, _tier = pl.col.no, pl.col.tier
_STAFF_SCHEME = pl.col.job.is_not_null() | pl.col.pension.is_in(["职工", "机关事业"])
NOT_DELIVERED = 370572  # the county that never sends its disability allowances: what is due there cannot be told


def medical_enrolment(c: Chunk) -> pl.DataFrame:
    """Grain: one person and insurance year. Everyone on a roll is subsidised, 特困 in full."""
    staff = _STAFF_SCHEME.fill_null(value=False)
    poor = _tier.is_not_null()
    paid = pl.when(staff | poor | c.draw.chance(975_000, "insured.paid", _no)).then(pl.lit("已缴")).otherwise(pl.lit("未缴"))
    subsidy = pl.when(staff | ~poor).then(None).when(_tier == "特困").then(40_000).otherwise(24_000).cast(pl.Int64)
    years = range(c.window.first // 12, c.window.last // 12 + 1)
    return pl.concat(
        roll(
            c.who(staff | c.draw.chance(990_000, "insured", _no) | poor),
            first=pl.lit(year * 12),
            last=pl.lit(year * 12 + 11),
            id=pl.col.id,
            year=pl.lit(year, pl.Int64),
            scheme=pl.when(staff).then(pl.lit("职工")).otherwise(pl.lit("居民")),
            paid=paid,
            subsidy=subsidy,
        )
        for year in years
    )


def medical_settlement(c: Chunk) -> pl.DataFrame:
    """Grain: one settlement, and one reversal line for three in a thousand, two days later."""
    lines = []
    for month in c.event_months:
        key = pl.lit(month, pl.Int64)
        alive = (pl.col.present_from <= month) & (pl.col.present_until.fill_null(10**6) >= month)
        chronic = pl.col.disease.is_not_null() & (pl.col.ill_since.dt.year() * 12 < month - 12)
        stay = pl.when(pl.col.age < 60).then(4000).otherwise(14_000)
        for kind, happens in (
            ("普通门诊", c.draw.chance(45_000, "outpatient", _no, key)),
            ("门诊慢特病", chronic & c.draw.chance(350_000, "chronic", _no, key)),
            ("住院", c.draw.chance(stay, "stay", _no, key)),
        ):
            people = c.who(alive, happens).with_columns(date=_day(c, month, kind), fen=_cost(c, kind, key))
            lines.append(_settled(people, c, kind, f"{month // 12}{month % 12 + 1:02d}"))
    first_stay = c.who(pl.col.ill_since >= _opening(c)).with_columns(date=pl.col.ill_since, fen=_first_cost(c))
    lines.append(_settled(first_stay, c, "住院", "F"))
    settled = pl.concat(lines)
    return pl.concat([settled, _reversals(settled, c)])


def _opening(c: Chunk) -> pl.Expr:
    return pl.date(c.window.opening // 12, c.window.opening % 12 + 1, 1)


def _day(c: Chunk, month: int, kind: str) -> pl.Expr:
    first = pl.date(month // 12, month % 12 + 1, 1)
    return first + pl.duration(days=c.draw.below(26, f"settled.day.{kind}", _no, pl.lit(month)))


def _cost(c: Chunk, kind: str, key: pl.Expr) -> pl.Expr:
    lot = c.draw.below(1000, f"cost.{kind}", _no, key)
    if kind == "住院":
        return 280_000 + lot * 900 + lot * lot * lot // 1000
    return 9000 + lot * (60 if kind == "门诊慢特病" else 30)


def _first_cost(c: Chunk) -> pl.Expr:
    return 2_000_000 + c.draw.below(1000, "cost.first", _no) * 2600


def _settled(people: pl.DataFrame, c: Chunk, kind: str, tag: str) -> pl.DataFrame:
    """Who pays what: basic insurance by scheme, major-illness insurance above 14,000 yuan, medical aid for those on a roll."""
    share = pl.when(_STAFF_SCHEME.fill_null(value=False)).then(82).otherwise(66 if kind == "住院" else 60)
    split = (
        people.with_columns(in_scope=pl.col.fen * 88 // 100)
        .with_columns(basic=pl.col.in_scope * share // 100)
        .with_columns(major=((pl.col.in_scope - pl.col.basic - 1_400_000).clip(lower_bound=0) * 60 // 100))
        .with_columns(rest=pl.col.in_scope - pl.col.basic - pl.col.major)
    )
    aided = pl.col.tier.is_not_null() & (pl.col.tier != "其他困难")
    return events(
        split,
        c.window,
        when=pl.col.date,
        settlement_no="JS" + tag + {"住院": "Z", "普通门诊": "M", "门诊慢特病": "T"}[kind] + _no.cast(pl.String).str.zfill(8),
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
        disease=pl.when(pl.lit(kind) == "普通门诊").then(pl.lit("普通疾病")).otherwise(pl.col.disease.fill_null("普通疾病")),
    )


def _reversals(settled: pl.DataFrame, c: Chunk) -> pl.DataFrame:
    money = ["total", "in_scope", "basic_paid", "major_paid", "aid_paid"]
    undone = settled.filter(c.draw.chance(3000, "reversed", pl.col.settlement_no.str.slice(-8).cast(pl.Int64), pl.col.total))
    return undone.with_columns(
        *[-pl.col(column) for column in money],
        settlement_no=pl.col.settlement_no + "R",
        reverses=pl.col.settlement_no,
        date=pl.col.date + pl.duration(days=2),
    )


def serious_illness(c: Chunk) -> pl.DataFrame:
    """Grain: one person and disease."""
    ill = c.who(pl.col.disease.is_not_null())
    return events(ill, c.window, when=pl.col.ill_since, id=pl.col.id, disease=pl.col.disease, diagnosed=pl.col.ill_since)


def disability(c: Chunk) -> pl.DataFrame:
    """Grain: one card; ten years each, renewed."""
    return roll(
        c.who(pl.col.card_since.is_not_null()),
        first=latest(pl.col.card_since),
        id=pl.col.id,
        kind=pl.col.disability,
        grade=pl.col.grade,
        issued=pl.col.card_since,
        until=pl.col.card_since.dt.offset_by("10y"),
        status=pl.lit("有效"),
    )


def disability_allowance(c: Chunk) -> pl.DataFrame:
    """Grain: one allowance. Living allowance in 低保 households, care allowance for the severe; never both with 特困."""
    holders = c.who(pl.col.card_since.is_not_null(), (_tier != "特困") | _tier.is_null(), pl.col.county != NOT_DELIVERED)
    in_dibao = (_tier == "低保") | ((_tier == "单人保") & (pl.col.relation == "户主"))
    first = pl.col.grade == "一级"
    living = pl.when(first).then(21_800).when(pl.col.grade == "二级").then(21_500).otherwise(16_200).cast(pl.Int64)
    care = pl.when(first).then(19_400).otherwise(16_200).cast(pl.Int64)
    return pl.concat(
        roll(
            holders.filter(condition),
            first=latest(since),
            id=pl.col.id,
            kind=pl.lit(kind),
            amount_month=amount,
            division=pl.col.township.cast(pl.String),
            since=since,
        )
        for kind, condition, amount, since in (
            ("困难残疾人生活补贴", in_dibao, living, pl.max_horizontal("card_since", "since")),
            ("重度残疾人护理补贴", pl.col.severe, care, pl.col.card_since),
        )
    )
