"""户：一户人家由谁组成，多大年纪，住在哪里。

Grain: one household, then one person. Fifteen shapes of family of an aged city, and one dormitory (集体户) in every
three thousand households. Shapes are laid out as a table and joined to the households, so ten million people are one join.
"""

from dataclasses import dataclass
from functools import cache

import polars as pl

from doudi.demo import divisions, ids
from doudi.demo.draw import Draw
from doudi.demo.months import Window, month_of
from doudi.demo.names import names

__all__ = ["DORMITORY_EVERY", "SHAPES", "Shape", "household_frame", "people_frame"]

DORMITORY_EVERY = 3000
DORMITORY_BEDS = 36


@dataclass(frozen=True, slots=True)
class Shape:
    """A kind of family: the head's age range, households in ten thousand, and the others as (relation, younger by from … to)."""

    name: str
    head: tuple[int, int]
    share: int
    others: tuple[tuple[str, int, int], ...] = ()


# A negative number is older than the head. 子 and 女 are told apart by the draw of the sex.
SHAPES = (
    Shape("独居青年", (23, 39), 900),
    Shape("独居中年", (40, 59), 600),
    Shape("独居老人", (60, 91), 1100),
    Shape("青年夫妻", (24, 39), 600, (("配偶", -2, 4),)),
    Shape("中年夫妻", (45, 62), 1200, (("配偶", -2, 5),)),
    Shape("老年夫妻", (61, 87), 1500, (("配偶", -3, 6),)),
    Shape("一孩家庭", (27, 46), 1400, (("配偶", -2, 4), ("子", 23, 31))),
    Shape("二孩家庭", (29, 45), 900, (("配偶", -2, 4), ("子", 23, 28), ("子", 26, 33))),
    Shape("成年子女", (47, 62), 900, (("配偶", -2, 4), ("子", 23, 28))),
    Shape("四代同堂", (52, 66), 200, (("配偶", -2, 4), ("子", 23, 27), ("其他", 24, 30), ("孙子女", 48, 54))),
    Shape("与母同住", (33, 48), 250, (("配偶", -2, 4), ("子", 24, 31), ("父母", -30, -24))),
    Shape("单亲家庭", (28, 50), 200, (("子", 22, 30),)),
    Shape("随子养老", (66, 86), 150, (("子", 24, 33),)),
    Shape(
        "六口之家",
        (34, 46),
        60,
        (("配偶", -2, 4), ("子", 24, 28), ("子", 27, 33), ("父母", -30, -24), ("父母", -29, -23)),
    ),
    Shape("隔代家庭", (58, 72), 40, (("配偶", -2, 4), ("孙子女", 46, 55))),
)
_DORMITORY = len(SHAPES)


def household_frame(draw: Draw, persons: int) -> pl.DataFrame:
    """Grain: one household of about `persons` people in all. `hh`, `shape`, `head_age`, `first_person`, and where it is."""
    mean = sum(shape.share * (1 + len(shape.others)) for shape in SHAPES) / 10_000 + DORMITORY_BEDS / DORMITORY_EVERY
    count = int(persons / mean * 1.05) + 20
    hh = pl.col.hh
    wheel = pl.Series([index for index, shape in enumerate(SHAPES) for _ in range(shape.share // 10)])
    counties = pl.Series([county for county, share in divisions.COUNTIES.items() for _ in range(share)])
    frame = (
        pl.select(hh=pl.int_range(count, dtype=pl.Int64))
        .with_columns(
            shape=pl.when(hh % DORMITORY_EVERY == DORMITORY_EVERY // 3)
            .then(_DORMITORY)
            .otherwise(pl.lit(wheel).gather(draw.below(len(wheel), "hh.shape", hh))),
            county=pl.lit(counties).gather(draw.below(len(counties), "hh.county", hh)),
        )
        .join(_sizes(), on="shape", how="left", maintain_order="left")
        .with_columns(first_person=pl.col.size.cum_sum() - pl.col.size)
        .filter(pl.col.first_person < persons)
    )
    age = pl.col.youngest + draw.below(pl.col.span, "hh.age", hh)
    return _placed(draw, frame.with_columns(head_age=age).drop("youngest", "span"))


@cache
def _sizes() -> pl.DataFrame:
    shapes = [*SHAPES, Shape("集体户", (19, 27), 0, (("其他", -4, 4),) * (DORMITORY_BEDS - 1))]
    return pl.DataFrame(
        {
            "shape": list(range(len(shapes))),
            "size": [1 + len(shape.others) for shape in shapes],
            "youngest": [shape.head[0] for shape in shapes],
            "span": [shape.head[1] - shape.head[0] + 1 for shape in shapes],
        }
    )


def _placed(draw: Draw, frame: pl.DataFrame) -> pl.DataFrame:
    """Adds village and township registered (`hukou`), lived in (`live`: 8 % elsewhere), and urban or rural kind."""
    places = divisions.villages().with_row_index("place").with_columns(pl.col.place.cast(pl.Int64))
    spans = places.group_by("county").agg(start=pl.col.place.min(), places=pl.len().cast(pl.Int64))
    here = pl.col.start + draw.below(pl.col.places, "hh.village", pl.col.hh)
    away = draw.chance(80_000, "hh.away", pl.col.hh)
    return (
        frame.join(spans, on="county", how="left", maintain_order="left")
        .with_columns(place=here)
        .with_columns(
            live_place=pl.when(away).then(draw.below(len(places), "hh.live", pl.col.hh)).otherwise(pl.col.place)
        )
        .join(places.drop("county"), on="place", how="left", maintain_order="left")
        .join(places.select(live_place="place", live="village"), on="live_place", how="left", maintain_order="left")
        .with_columns(urban=draw.chance(pl.when(pl.col.town).then(820_000).otherwise(140_000), "hh.kind", pl.col.hh))
        .rename({"village": "hukou"})
        .drop("start", "places", "place", "live_place", "town")
    )


@cache
def _slots() -> pl.DataFrame:
    """Grain: one place in a shape: `relation`, and how many years younger than the head."""
    rows: list[tuple[int, int, str, int, int]] = []
    for index, shape in enumerate(SHAPES):
        rows.append((index, 0, "户主", 0, 0))
        rows += [(index, slot, relation, low, high) for slot, (relation, low, high) in enumerate(shape.others, start=1)]
    rows += [
        (_DORMITORY, slot, "其他" if slot else "户主", -4 if slot else 0, 4 if slot else 0)
        for slot in range(DORMITORY_BEDS)
    ]
    return pl.DataFrame(rows, schema=["shape", "slot", "relation", "younger_low", "younger_high"], orient="row")


def people_frame(draw: Draw, window: Window, households: pl.DataFrame) -> pl.DataFrame:
    """Grain: one person who is born by the end of the window. Adds `no`, `relation`, `birth`, `male`, `id`, `name`, `age`.

    `age` is in full years on the last day of the window. Who is born within the window is a birth of that month.
    """
    no, hh, relation = pl.col.no, pl.col.hh, pl.col.relation
    year = window.last // 12
    younger = pl.col.younger_low + draw.below(pl.col.younger_high - pl.col.younger_low + 1, "person.younger", no)
    head_male = draw.chance(780_000, "hh.head_male", hh)
    male = (
        pl.when(relation == "户主").then(head_male)
        .when(relation == "配偶").then(~head_male)
        .when(relation == "父母").then(pl.col.slot % 2 == 0)
        .otherwise(draw.chance(515_000, "person.male", no))
    )  # fmt: skip
    birth_year = year - pl.col.head_age + younger
    return (
        households.join(_slots(), on="shape", how="inner", maintain_order="left_right")
        .with_columns(no=pl.col.first_person + pl.col.slot)
        .with_columns(male=male, birth=pl.date(birth_year, 1, 1) + pl.duration(days=ids.day_of_year(no)))
        .filter(pl.col.birth <= window.today)
        .with_columns(
            relation=pl.when((relation == "子") & ~pl.col.male).then(pl.lit("女")).otherwise(relation),
            age=(window.last - month_of(pl.col.birth)) // 12,
            id=ids.written_ids(no, pl.col.birth, pl.col.male),
            name=names(draw, hh, no),
            household_no="3799H" + hh.cast(pl.String).str.zfill(8),
            collective=pl.col.shape == _DORMITORY,
        )
        .drop("slot", "younger_low", "younger_high", "first_person", "size", "head_age")
    )
