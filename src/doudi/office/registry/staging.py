"""一次运行的户与人，摆成户籍册的列：三个区划各是什么、哪几类在册。

A run's frames laid out in the registry's own columns. Pure polars; nothing here knows a database, a name or an id.
"""

from collections.abc import Callable, Iterator
from typing import Final

import polars as pl

__all__ = ["HOUSEHOLD_COLUMNS", "PERSON_COLUMNS", "pieces", "staged"]

PLACES: Final = ("hukou_division", "residence_division", "managing_division")
HOUSEHOLD_COLUMNS: Final = {
    "household_key": "bigint", "head_key": "bigint", "members": "integer", "household_no_token": "bigint",
    "hukou_kind": "varchar", "tiers": "varchar[]", **dict.fromkeys(PLACES, "bigint"),
}  # fmt: skip
PERSON_COLUMNS: Final = {
    "person_key": "bigint", "household_key": "bigint", "is_head": "boolean", "birth": "date", "male": "boolean",
    "registered": "boolean", "name_token": "bigint", "tiers": "varchar[]", **dict.fromkeys(PLACES, "bigint"),
}  # fmt: skip

_ROWS_OF_A_PIECE: Final = 50_000

Columns = dict[str, pl.DataType | type[pl.DataType]]


def staged(
    households: pl.DataFrame, members: pl.DataFrame, held_at: Callable[[list[int]], dict[int, int]]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The frames of households and of persons, in the columns above; `held_at` gives the code that each code is held at.

    A run names one `division` per household: where it is managed, else where the head lives, else is registered. The
    three divisions are that one unless the frames bring more: `hukou_division`, `residence_division` of members
    (the head's are the household's), `managing_division` of households. `tiers` (lists) and `male` of members likewise;
    a household's tiers are those of all its members. Where not even one is known it is the county, 0 where none is.
    """
    asked: Columns = {
        "male": pl.Boolean,
        "tiers": pl.List(pl.String),
        "hukou_division": pl.Int64,
        "residence_division": pl.Int64,
    }
    members = _with(members, asked)
    households = _with(households, {"managing_division": pl.Int64}).with_columns(
        only=pl.coalesce("division", pl.col("county").cast(pl.Int64) * 1_000_000)
    )
    heads = members.select(
        pl.col("person_key").alias("head_key"), pl.col("hukou_division").alias("of_hukou"),
        pl.col("residence_division").alias("of_residence"),
    )  # fmt: skip
    enrolled = members.filter(pl.col("tiers").list.len() > 0).group_by("household_key").agg(
        pl.col("tiers").explode().unique().sort().alias("tiers")
    )  # fmt: skip
    of_households = (
        households.drop("tiers", strict=False)
        .join(heads, on="head_key", how="left")
        .join(enrolled, on="household_key", how="left")
        .with_columns(
            hukou_kind="head_hukou_kind",
            hukou_division=pl.coalesce("of_hukou", "only"),
            residence_division=pl.coalesce("of_residence", "of_hukou", "only"),
            managing_division=pl.coalesce("managing_division", "only"),
        )
        .select(*HOUSEHOLD_COLUMNS)
    )
    theirs = of_households.select("household_key", *(pl.col(place).alias(f"its_{place}") for place in PLACES))
    of_persons = (
        members.join(theirs, on="household_key", how="inner")
        .with_columns(
            hukou_division=pl.coalesce("hukou_division", "its_hukou_division"),
            residence_division=pl.coalesce("residence_division", "hukou_division", "its_residence_division"),
            managing_division="its_managing_division",
        )
        .select(*PERSON_COLUMNS)
    )
    codes = pl.concat([frame[place] for frame in (of_households, of_persons) for place in PLACES])
    held = held_at(codes.unique().to_list())
    return _finished(of_households, held), _finished(of_persons, held)


def pieces(frame: pl.DataFrame) -> Iterator[bytes]:
    """The frame as CSV for COPY, without header, a piece at a time; an empty cell is null."""
    for piece in frame.iter_slices(_ROWS_OF_A_PIECE):
        yield piece.write_csv(include_header=False).encode()


def _with(frame: pl.DataFrame, columns: Columns) -> pl.DataFrame:
    """The frame with these columns, null where the run does not tell them."""
    absent = {name: pl.lit(None, dtype=kind) for name, kind in columns.items() if name not in frame.columns}
    return frame.with_columns(**absent)


def _finished(frame: pl.DataFrame, held: dict[int, int]) -> pl.DataFrame:
    """Divisions held where they are known; tiers as PostgreSQL writes an array."""
    tiers = pl.format("{}{}{}", pl.lit("{"), pl.col("tiers").list.join(",").fill_null(""), pl.lit("}"))
    moved = {code: place for code, place in held.items() if code != place}
    return frame.with_columns(tiers.alias("tiers"), *(pl.col(place).replace(moved) for place in PLACES if moved))
