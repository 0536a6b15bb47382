"""公安、民政的登记：人口、亲属、死亡、服刑。

Registers of people: population, kinship, death, custody.
"""

import polars as pl

from doudi.demo.chunk import Chunk
from doudi.demo.feeds.shape import events, latest, roll

__all__ = ["custody", "death", "kinship", "population"]

_no = pl.col.no


def population(c: Chunk) -> pl.LazyFrame:
    """Grain: one person in the household register."""
    return roll(
        c.people,
        id=pl.col.id,
        name=pl.col.name,
        household_no=pl.col.household_no,
        relation=pl.col.relation,
        hukou_division=pl.col.hukou.cast(pl.String),
        live_division=pl.when(c.draw.chance(970_000, "live.known", _no)).then(pl.col.live.cast(pl.String)),
        hukou_kind=pl.when(pl.col.urban).then(pl.lit("城镇")).otherwise(pl.lit("农村")),
        book_kind=pl.when(pl.col.collective).then(pl.lit("集体户")).otherwise(pl.lit("家庭户")),
    )


def kinship(c: Chunk) -> pl.LazyFrame:
    """Grain: one tie. Spouses both ways; children to the head and the head's spouse, the head to its own parents."""
    families = c.who(~pl.col.collective)
    by = {relation: families.filter(pl.col.relation == relation) for relation in ("户主", "配偶", "父母")}
    children = families.filter(pl.col.relation.is_in(["子", "女"]))
    ties = [
        _tie(by["户主"], by["配偶"], spouse=True),
        _tie(by["配偶"], by["户主"], spouse=True),
        _tie(children, by["户主"]),
        _tie(children, by["配偶"]),
        _tie(by["户主"], by["父母"]),
    ]
    return pl.concat(ties)


def _tie(people: pl.LazyFrame, relatives: pl.LazyFrame, *, spouse: bool = False) -> pl.LazyFrame:
    pairs = people.join(
        relatives.select("hh", relative_id="id", relative_male="male"),
        on="hh",
        how="inner",
        maintain_order="left_right",
    )
    parent = pl.when(pl.col.relative_male).then(pl.lit("父亲")).otherwise(pl.lit("母亲"))
    return roll(
        pairs,
        id=pl.col.id,
        relative_id=pl.col.relative_id,
        kind=pl.lit("配偶") if spouse else parent,
        since=pl.lit(None, pl.Date) if spouse else pl.col.birth,
        until=pl.lit(None, pl.Date),
    )


def death(c: Chunk) -> pl.LazyFrame:
    """Grain: one death."""
    return events(c.people, c.window, when=pl.col.died, id=pl.col.id, date=pl.col.died)


def custody(c: Chunk) -> pl.LazyFrame:
    """Grain: one person held."""
    held = c.who(pl.col.prisoner_since.is_not_null())
    return roll(
        held,
        first=latest(pl.col.prisoner_since),
        id=pl.col.id,
        kind=pl.when(c.draw.chance(850_000, "custody.kind", _no))
        .then(pl.lit("服刑"))
        .otherwise(pl.lit("强制隔离戒毒")),
        since=pl.col.prisoner_since,
        until=pl.col.prisoner_since + pl.duration(days=c.draw.between(1600, 2600, "custody.until", _no)),
    )
