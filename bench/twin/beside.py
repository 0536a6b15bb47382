"""Tables laid side by side by position. Person keys are dense and homes are numbered, so nothing has to be hashed."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl


class Places:
    """Where each person stands in a frame of one row per person."""

    def __init__(self, persons: pl.Series) -> None:
        self.count = len(persons)
        self.top = int(persons.max() or 0)  # type: ignore[arg-type]  # keys are integers
        nowhere = pl.Series([self.count], dtype=pl.UInt32).new_from_index(0, self.top + 1)
        self.row_of = nowhere.scatter(persons.cast(pl.UInt32), pl.arange(0, self.count, dtype=pl.UInt32, eager=True))

    def beside(self, table: pl.DataFrame) -> pl.DataFrame:
        """The table's row about each person, nulls where it has none; at most one row per `person_key`."""
        mine = table.filter(pl.col("person_key") <= self.top)
        rows = self.row_of.gather(mine["person_key"].cast(pl.UInt32))
        # One place more than persons: for those whom the table alone knows.
        empty = pl.Series([None], dtype=pl.UInt32).new_from_index(0, self.count + 1)
        source = empty.scatter(rows, pl.arange(0, len(mine), dtype=pl.UInt32, eager=True))
        return mine.select(pl.exclude("person_key").gather(source.head(self.count)))


def gathered(people: pl.DataFrame, tables: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """All tables side by side, one row per person, in the order of the people."""
    places = Places(people["person_key"])
    return pl.concat([people, *(places.beside(table) for table in tables)], how="horizontal")


def with_home(people: pl.DataFrame, homes: pl.DataFrame, *columns: str) -> pl.DataFrame:
    """Columns of his household beside each person; `homes` stands in the order of `home`."""
    return pl.concat([people, homes.select(pl.col(*columns).gather(people["home"]))], how="horizontal")
