"""The invented people of the bench: ids and names of nobody, households, where they live; the same for the same numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from doudi.demo import divisions

__all__ = ["Invented", "invented"]

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华建国文志玉春海云山水梅兰竹石"
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
FIRST_DAY, DAYS = date(1935, 1, 1), 30_000
ELSEWHERE, ENROLLED = 12, 25  # one person in so many lives away from his hukou; one household in so many is enrolled
TIERS = ("dibao", "tekun", "dibao_margin", "rigid_expenditure")


@dataclass(frozen=True)
class Invented:
    """`people`: id, name, household (0, 1, …) and the columns that a run tells of members; `places`: village by household."""

    people: pl.DataFrame
    places: pl.DataFrame


def invented(persons: int, households: int) -> Invented:
    """So many people in so many households, spread over the villages of the demo city."""
    number = pl.int_range(persons, eager=True).alias("number")
    mixed = (number * 2_654_435_761) % 4_294_967_291  # Knuth's constant: far apart, and the same every time
    people = pl.DataFrame({"number": number, "mixed": mixed}).with_columns(
        household=pl.col("number") * households // persons,
        birth=pl.lit(FIRST_DAY) + pl.duration(days=pl.col("number") % DAYS),
        name=_picked(SURNAMES, pl.col("mixed") // 7)
        + _picked(GIVEN, pl.col("mixed") // 1_009)
        + pl.when(pl.col("mixed") % 4 > 0).then(_picked(GIVEN, pl.col("mixed") // 100_003)).otherwise(pl.lit("")),
    )
    homes = pl.int_range(households, eager=True)
    villages = divisions.villages()["village"]
    places = pl.DataFrame({"household": homes, "village": villages.gather(homes * 7_919 % villages.len())})
    enrolled = pl.when(pl.col("household") % ENROLLED == 0).then(
        pl.concat_list(_picked(TIERS, pl.col("household") // ENROLLED))
    )
    moved = villages.gather(people["mixed"] % villages.len())
    return Invented(
        people.with_columns(_ids(), moved=moved)
        .join(places, on="household")
        .sort("number")
        .with_columns(
            male=pl.col("number") % 2 == 0,
            tiers=enrolled,
            hukou_division=pl.when(pl.col("number") % ELSEWHERE == 0).then("moved").otherwise("village"),
            residence_division="village",
        )
        .drop("mixed", "moved"),
        places,
    )


def _picked(words: str | tuple[str, ...], at: pl.Expr) -> pl.Expr:
    return at.mod(len(words)).replace_strict(dict(enumerate(words)), return_dtype=pl.String)


def _ids() -> pl.Expr:
    """3799 and a county that does not exist, the birth, a serial, the check character that belongs to them."""
    # Who shares a birthday differs in serial or county: both follow from how often the days went round.
    round_ = pl.col("number") // DAYS
    first = pl.format(
        "3799{}{}{}",
        (round_ // 999 + 1).cast(pl.String).str.zfill(2),
        pl.col("birth").dt.strftime("%Y%m%d"),
        (round_ % 999 + 1).cast(pl.String).str.zfill(3),
    )
    weighed = pl.sum_horizontal(first.str.slice(at, 1).cast(pl.Int32) * weight for at, weight in enumerate(WEIGHTS))
    check = weighed.mod(11).replace_strict(dict(enumerate("10X98765432")), return_dtype=pl.String)
    return (first + check).alias("person_id")
