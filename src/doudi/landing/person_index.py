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
        self._parts: list[_Part] = []

    def add(self, rows: pl.DataFrame) -> None:
        """Takes new rows; whoever is already here is not looked for."""
        if not rows.height:
            return
        new = rows.select("first", *_CARRIED).sort("first")
        while self._parts and self._parts[-1].rows.height < max(2 * new.height, _SMALL):
            new = self._parts.pop().rows.merge_sorted(new, key="first")
        self._parts.append(_Part(new))

    def look_up(self, asked: pl.DataFrame) -> pl.DataFrame:
        """`person_key` and `ref` of each of the blind indexes asked, null where it is not found.

        Of two people alike in the first half of their blind indexes, one is not found; `begins` tells.
        """
        nothing = pl.Series([None], dtype=pl.Int64).new_from_index(0, asked.height)
        found = pl.DataFrame({"person_key": nothing, "ref": nothing})
        for part in self._parts:
            rows = part.nearest(asked)
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
            like |= part.nearest(asked)["first"] == asked["first"]
        return like


class _Part:
    """Rows in the order of `first`, and where in them each beginning of it stands.

    Blind indexes are spread evenly, so that as many beginnings as rows leave a row or two to look at, where halving the
    rows again and again would look at twenty in twenty places.
    """

    def __init__(self, rows: pl.DataFrame) -> None:
        self.rows = rows
        self._share = 1 << 64 - rows.height.bit_length()  # values of `first` with one beginning
        begins = pl.select(first=pl.int_range(2**64 // self._share, dtype=pl.UInt64)).to_series() * self._share
        self._at = rows["first"].search_sorted(begins, side="left")

    def nearest(self, asked: pl.DataFrame) -> pl.DataFrame:
        """The rows at which those asked would stand; past the end it is the last, which does not match."""
        sought, first = asked["first"], self.rows["first"]
        at = self._at.gather(sought // self._share)
        last = first.len() - 1
        rows = ((first.gather(at.clip(0, last)) < sought) & (at <= last)).arg_true()
        while rows.len():
            further = at.gather(rows) + 1
            at = at.scatter(rows, further)
            rows = rows.filter((first.gather(further.clip(0, last)) < sought.gather(rows)) & (further <= last))
        return self.rows.select(pl.all().gather(at.clip(0, last)))
