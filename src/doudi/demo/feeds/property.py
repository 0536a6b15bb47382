"""车辆、房产、企业、住房困难、受灾、金融核对。

What people own, and what became of their houses.
"""

import polars as pl

from doudi.demo.chunk import Chunk
from doudi.demo.feeds.shape import events, roll
from doudi.demo.months import day_in

__all__ = ["business", "disaster", "financial_check", "housing_need", "real_estate", "vehicle"]

_no, _hh, _tier = pl.col.no, pl.col.hh, pl.col.tier
_HEAD = pl.col.relation == "户主"
_OWNERS = pl.col.age.is_between(22, 72) & ~pl.col.collective


def _registered(c: Chunk, question: str) -> pl.Expr:
    return pl.lit(c.window.today) - pl.duration(days=c.draw.between(500, 5000, question, _no))


def vehicle(c: Chunk) -> pl.LazyFrame:
    """Grain: one vehicle. On the rolls there are only motorcycles and wheelchairs."""
    rate = pl.when(_tier.is_not_null()).then(90_000).when(_HEAD).then(460_000).otherwise(120_000)
    lot = c.draw.below(100, "vehicle.kind", _no)
    poor_kind = pl.when(pl.col.disability.is_not_null()).then(pl.lit("残疾人机动轮椅车")).otherwise(pl.lit("摩托车"))
    kind = pl.when(_tier.is_not_null()).then(poor_kind).when(lot < 86).then(pl.lit("小型轿车")).when(lot < 92).then(
        pl.lit("货车")).when(lot < 96).then(pl.lit("农用车")).otherwise(pl.lit("摩托车"))  # fmt: skip
    car = ~kind.is_in(["摩托车", "残疾人机动轮椅车"])
    return roll(
        c.who(_OWNERS, c.draw.chance(rate, "vehicle", _no)),
        plate_kind=pl.when(car).then(pl.lit("小型汽车")).otherwise(pl.lit("普通摩托车")),
        plate="示E" + _no.cast(pl.String).str.zfill(7),
        id=pl.col.id,
        kind=kind,
        registered=_registered(c, "vehicle.on"),
        value=pl.when(car).then(2_500_000 + c.draw.below(120, "vehicle.value", _no) * 100_000).otherwise(180_000),
        status=pl.when(c.draw.chance(30_000, "vehicle.gone", _no)).then(pl.lit("报废")).otherwise(pl.lit("正常")),
    )


def real_estate(c: Chunk) -> pl.LazyFrame:
    """Grain: one certificate and owner. One home; a second one for some who are on no roll."""
    owners = c.who(_HEAD, pl.col.age >= 26, ~pl.col.collective)
    homes = owners.filter(c.draw.chance(pl.when(pl.col.urban).then(800_000).otherwise(700_000), "home", _no))
    second = homes.filter(_tier.is_null() & c.draw.chance(90_000, "home.second", _no))
    use = pl.when(pl.col.urban).then(pl.lit("住宅")).otherwise(pl.lit("农村宅基地"))
    return pl.concat(
        roll(
            frame,
            certificate=f"3799{tag}" + _no.cast(pl.String).str.zfill(9),
            id=pl.col.id,
            use=use if tag == "A" else pl.lit("住宅"),
            area=c.draw.between(550, 1600, f"home.area.{tag}", _no) * 100_000,
            share=pl.lit(1_000_000, pl.Int64),
            registered=_registered(c, f"home.on.{tag}"),
        )
        for frame, tag in ((homes, "A"), (second, "B"))
    )


def business(c: Chunk) -> pl.LazyFrame:
    """Grain: one person's part in one business."""
    lot = c.draw.below(100, "business.role", _no)
    return roll(
        c.who(_OWNERS, _tier.is_null(), c.draw.chance(40_000, "business", _no)),
        credit_code="99379900SL" + _no.cast(pl.String).str.zfill(8),
        id=pl.col.id,
        role=pl.when(lot < 65)
        .then(pl.lit("个体经营者"))
        .when(lot < 85)
        .then(pl.lit("法定代表人"))
        .otherwise(pl.lit("股东")),
        capital=5_000_000 + c.draw.below(100, "business.capital", _no) * 1_000_000,
        status=pl.when(c.draw.chance(120_000, "business.gone", _no)).then(pl.lit("注销")).otherwise(pl.lit("存续")),
    )


def housing_need(c: Chunk) -> pl.LazyFrame:
    """Grain: one household head. Dangerous houses stand where the rolls are; the rest rent or wait."""
    poor = _tier.is_not_null()
    lot = c.draw.below(1000, "housing", _hh)
    rural = pl.when(lot < 12).then(pl.lit("危房C级")).when(lot < 18).then(pl.lit("危房D级"))
    urban = pl.when(lot < 120).then(pl.lit("公租房在租")).when(lot < 200).then(pl.lit("租赁补贴在领"))
    waiting = pl.when(pl.col.urban & (lot < 4)).then(pl.lit("公租房轮候"))
    need = pl.when(poor & pl.col.urban).then(urban).when(poor).then(rural).otherwise(waiting)
    people = c.people.with_columns(need=need).filter(_HEAD, ~pl.col.collective, pl.col.need.is_not_null())
    since = pl.lit(c.window.today) - pl.duration(days=c.draw.between(400, 1200, "housing.since", _hh))
    return roll(people, id=pl.col.id, kind=pl.col.need, since=since)


def disaster(c: Chunk) -> pl.LazyFrame:
    """Grain: one household struck by the one storm of the year before the first month."""
    when = pl.lit(day_in(c.window.first - 4, 19))
    struck = c.who(_HEAD, ~pl.col.urban, pl.col.county == 370522, c.draw.chance(12_000, "disaster", _hh))
    lot = c.draw.below(100, "disaster.house", _hh)
    return events(
        struck,
        c.window,
        when=when,
        id=pl.col.id,
        event=pl.lit("示例河暴雨内涝"),
        date=when,
        loss=100_000 + lot * 5000,
        house=pl.when(lot < 82).then(pl.lit("无")).otherwise(pl.lit("一般损坏")),
    )


def financial_check(c: Chunk) -> pl.LazyFrame:
    """Grain: one authorised query; households asked when they were enrolled."""
    asked = pl.max_horizontal(pl.col.since, pl.lit(day_in(c.window.opening, 10)))
    heads = c.who(_HEAD, _tier.is_not_null(), c.draw.chance(200_000, "checked", _hh))
    return events(
        heads,
        c.window,
        when=asked,
        id=pl.col.id,
        authorisation="SQ" + _hh.cast(pl.String).str.zfill(8),
        asked=asked,
        balance=c.draw.below(900, "balance", _hh) * 1000,
    )
