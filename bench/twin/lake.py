"""The lines in force: whole deliveries of the lake, one line per key, and whom the records contradict.

Of several lines with one key the latest (period, revision) holds. Two contents in the delivery that holds, or another
name than the police have, make whatever the feed says of that person unknown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import polars as pl

from twin.sources import Source, counties_of, first_of, read_sources, serial

NAMED = ("dibao_roll", "tekun_roll", "low_income_roll", "refused_or_left", "fanpin_roll")


@dataclass
class Lake:
    """What is in force on the day. `doubted` fills while feeds are read: feed → keys of persons it contradicts."""

    at: date
    sources: Mapping[str, Source]
    counties: tuple[int, ...]
    doubted: dict[str, list[pl.Series]] = field(default_factory=dict)

    @classmethod
    def open(cls, home: Path, at: date) -> Lake:
        """The lake of a landed home."""
        sources = read_sources(home, at)
        return cls(at, sources, counties_of(sources))

    def from_month(self, months: int) -> date:
        """The first day of the window of so many whole months; a month that has not ended comes on top of them."""
        ended = (self.at + timedelta(days=1)).day == 1
        return first_of(self.at.year * 12 + self.at.month - 1 - months + ended)

    def held(self, feed: str, *columns: str, where: pl.Expr | None = None, settled: bool = False) -> pl.DataFrame:
        """The lines of a feed that hold on the day, with these columns and `person_key`.

        `where` may only ask for columns of the feed's key: lines of one key pass or fail together. `settled` = all that
        is asked stands in the key, so that it does not matter which of two lines holds.
        """
        return self.scan(feed, *columns, where=where, settled=settled).collect()

    def scan(self, feed: str, *columns: str, where: pl.Expr | None = None, settled: bool = False) -> pl.LazyFrame:
        """The same, for more to be done in one pass."""
        given = self.sources[feed]
        person, happened = given.person, given.happened
        wanted = list(dict.fromkeys((person, *columns, *([happened] if happened else []))))
        if not settled:
            wanted += ["key_hash", "content_hash"]
        parts = [part.select(*wanted, "told") for part in self._parts(given, where)]
        if not parts:
            return self._nothing(given, columns).lazy()
        lines = pl.concat(parts)
        if not settled:
            read = lines.collect()
            kept = self._kept(feed, read, person)
            lines = read.lazy() if kept is None else read.lazy().filter(kept)
        if happened:
            lines = lines.filter(pl.col(happened) <= self.at)
        return lines.select(pl.col(person).alias("person_key"), *(name for name in columns if name != "person_key"))

    @staticmethod
    def _parts(source: Source, where: pl.Expr | None) -> list[pl.LazyFrame]:
        parts = []
        for file in source.files:
            part = pl.scan_parquet(file.path)
            if file.counties is not None:
                mine = pl.col("scope").is_in([county for county in file.counties if county is not None])
                part = part.filter(mine | pl.col("scope").is_null() if None in file.counties else mine)
            if where is not None:
                part = part.filter(where)
            parts.append(part.with_columns(pl.lit(file.told, dtype=pl.Int32).alias("told")))
        return parts

    @staticmethod
    def _nothing(source: Source, columns: Sequence[str]) -> pl.DataFrame:
        types: dict[str, type[pl.DataType]] = {"person_key": pl.Int64, "scope": pl.Int32, **source.types}
        return pl.DataFrame(schema={name: types[name] for name in ("person_key", *columns)})

    def _kept(self, feed: str, lines: pl.DataFrame, person: str) -> pl.Series | None:
        """Which lines hold, one per key; None = all. Most keys come once: only the others are put in order."""
        keys = lines["key_hash"].sort()
        twice = keys.filter(keys == keys.shift())
        if twice.is_empty():
            return None
        again = lines["key_hash"].is_in(twice.unique().implode())
        rows = again.arg_true()
        rivals = lines.select(person, "key_hash", "content_hash", "told")[rows].with_columns(row=rows)
        rivals = rivals.sort("told", "content_hash", descending=[True, False])
        latest = rivals.filter(pl.col("told") == pl.col("told").max().over("key_hash"))
        torn = latest.filter(pl.col("content_hash").n_unique().over("key_hash") > 1)
        self.doubt(feed, torn[person])
        held = rivals.unique("key_hash", keep="first", maintain_order=True)["row"]
        return (~again).scatter(held, values=True)

    def doubt(self, feed: str, persons: pl.Series) -> None:
        """These persons are contradicted by the feed."""
        if len(persons):
            self.doubted.setdefault(feed, []).append(persons.alias("person_key"))

    def doubtful(self) -> pl.DataFrame:
        """One row per contradicted person: a flag for each feed that contradicts somebody."""
        one = [
            pl.DataFrame({"person_key": pl.concat(keys).unique()}).with_columns(
                pl.lit(value=True).alias(f"doubt_{feed}")
            )
            for feed, keys in self.doubted.items()
        ]
        if not one:
            return pl.DataFrame(schema={"person_key": pl.Int64})
        whole = pl.concat(one, how="diagonal")
        return whole.group_by("person_key").agg(pl.exclude("person_key").any())

    def doubts(self, *feeds: str) -> pl.Expr:
        """Does one of these feeds contradict the person? Never unknown."""
        flags = [pl.col(f"doubt_{feed}").fill_null(value=False) for feed in feeds if feed in self.doubted]
        return pl.any_horizontal(flags) if flags else pl.lit(value=False)

    def silent(self, *feeds: str, window: int = 0) -> pl.Expr:
        """Where a missing line means 'no': the contract says so, the feed is fresh there and, of a window, whole."""
        if not all(self.sources[feed].silence_tells for feed in feeds):
            return pl.lit(value=False)
        return self.fresh(*feeds, window=window)

    def fresh(self, *feeds: str, window: int = 0, county: str = "county") -> pl.Expr:
        """Counties where all these feeds are fresh and, for a window, no month of it is missing."""
        given = [self.sources[feed] for feed in feeds]
        good = [one for one in self.counties if all(self._fresh(source, one, window) for source in given)]
        return pl.col(county).is_in(good)

    def _fresh(self, source: Source, county: int, window: int) -> bool:
        divided = any(row.scope.county is not None for row in source.whole)
        mine = [row for row in source.whole if row.scope.county == (county if divided else None)]
        if not mine or not mine[0].fresh:
            return False
        if not window:
            return True
        start, last = self.from_month(window), mine[0].last_period
        months = {serial(month) for month in mine[0].months}
        return last is not None and months.issuperset(range(start.year * 12 + start.month - 1, serial(last) + 1))
