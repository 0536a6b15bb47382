"""人员索引：由盲索引查编号，几千万人也只占几个整列，不为每个人建一个对象。

Persons in memory, found by the blind index: 28 bytes a person, where a dictionary would take hundreds. Sorted parts of
growing size, merged when neighbours are alike, as a log-structured store does.
"""

import polars as pl

__all__ = ["PersonIndex"]

_SMALL = 65_536  # rows; below this merging costs less than looking into one part more
_CARRIED = ("rest", "person_key", "ref")


class PersonIndex:
    """Rows of `first` and `rest` (the halves of the blind index, UInt64), `person_key` and `ref` (Int64)."""

    def __init__(self) -> None:
        self._parts: list[pl.DataFrame] = []

    def add(self, rows: pl.DataFrame) -> None:
        """Takes new rows; whoever is already here is not looked for."""
        if not rows.height:
            return
        self._parts.append(rows.select("first", *_CARRIED).sort("first"))
        while len(self._parts) > 1 and self._parts[-2].height < max(2 * self._parts[-1].height, _SMALL):
            last, before = self._parts.pop(), self._parts.pop()
            self._parts.append(before.merge_sorted(last, key="first"))

    def look_up(self, asked: pl.DataFrame) -> pl.DataFrame:
        """`person_key` and `ref` of each of the blind indexes asked, null where it is not found.

        Of two people alike in the first half of their blind indexes, one is not found; `begins` tells.
        """
        nothing = pl.Series([None], dtype=pl.Int64).new_from_index(0, asked.height)
        found = pl.DataFrame({"person_key": nothing, "ref": nothing})
        for part in self._parts:
            rows = _nearest(part, asked)
            here = (rows["first"] == asked["first"]) & (rows["rest"] == asked["rest"])
            if here.all():
                return rows.select("person_key", "ref")
            if here.any():
                found = found.select(
                    pl.when(here).then(rows[name]).otherwise(pl.col(name)).alias(name) for name in found.columns
                )
        return found

    def begins(self, asked: pl.DataFrame) -> pl.Series:
        """Is anybody here whose blind index begins like that?"""
        like = pl.Series([False]).new_from_index(0, asked.height)
        for part in self._parts:
            like |= _nearest(part, asked)["first"] == asked["first"]
        return like


def _nearest(part: pl.DataFrame, asked: pl.DataFrame) -> pl.DataFrame:
    """The rows at which those asked would stand; a number past the end is sent to the last, where it will not match."""
    at = part["first"].search_sorted(asked["first"], side="left").clip(0, part.height - 1)
    return part.select(pl.all().gather(at))
