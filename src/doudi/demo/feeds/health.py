"""医保、卫健、残联：参保、重病、残疾。

Health: enrolment in insurance, serious illness, disability and its allowances.
"""

import polars as pl

from doudi.demo.chunk import Chunk
from doudi.demo.feeds.shape import enrolment, events, latest, roll

__all__ = [
    "NOT_DELIVERED",
    "STAFF_SCHEME",
    "disability",
    "disability_allowance",
    "medical_enrolment",
    "serious_illness",
]

_no, _tier = pl.col.no, pl.col.tier
STAFF_SCHEME = (pl.col.job.is_not_null() | pl.col.pension.is_in(["职工", "机关事业"])).fill_null(value=False)
NOT_DELIVERED = 370572  # the county that never sends its disability allowances: what is due there cannot be told


def medical_enrolment(c: Chunk) -> pl.LazyFrame:
    """Grain: one person and insurance year. Everyone on a roll is subsidised, 特困 in full."""
    staff = STAFF_SCHEME
    poor = _tier.is_not_null()
    paid = (
        pl.when(staff | poor | c.draw.chance(975_000, "insured.paid", _no))
        .then(pl.lit("已缴"))
        .otherwise(pl.lit("未缴"))
    )
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


def serious_illness(c: Chunk) -> pl.LazyFrame:
    """Grain: one person and disease."""
    ill = c.who(pl.col.disease.is_not_null())
    return events(
        ill, c.window, when=pl.col.ill_since, id=pl.col.id, disease=pl.col.disease, diagnosed=pl.col.ill_since
    )


def disability(c: Chunk) -> pl.LazyFrame:
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


def disability_allowance(c: Chunk) -> pl.LazyFrame:
    """Grain: one allowance. Living allowance in 低保 households, care allowance for the severe; never both with 特困."""
    carded = c.who(pl.col.card_since.is_not_null(), _tier.is_null() | (_tier != "特困"), pl.col.county != NOT_DELIVERED)
    holders = enrolment(c.draw, carded.filter(c.draw.chance(975_000, "allowance", _no)))  # one in forty is forgotten
    in_dibao = (_tier == "低保") | pl.col.alone_since.is_not_null()
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
            (
                "困难残疾人生活补贴",
                in_dibao,
                living,
                pl.max_horizontal("card_since", pl.coalesce("alone_since", "since")),
            ),
            ("重度残疾人护理补贴", pl.col.severe, care, pl.col.card_since),
        )
    )
