"""Which files of the lake are in force on a day, and how far each feed is delivered: read from landing's records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from doudi.landing import load_contract, read_acceptances, read_batches, standing
from doudi.landing.lake import Lake as Records
from doudi.landing.lines import lake_columns
from doudi.landing.standing import Coverage, FeedStanding

POLARS = {"BIGINT": pl.Int64, "DATE": pl.Date, "VARCHAR": pl.String, "BOOLEAN": pl.Boolean}


def serial(period: str) -> int:
    """'2026-03' as a number of months."""
    year, month = period.split("-")
    return int(year) * 12 + int(month) - 1


def first_of(months: int) -> date:
    """The first day of a month given as a number of months."""
    return date(months // 12, months % 12 + 1, 1)


@dataclass(frozen=True)
class File:
    """One file in force. `told` orders deliveries; of a roll only the lines of `counties` hold, None = all of them."""

    path: Path
    told: int
    counties: frozenset[int | None] | None


@dataclass(frozen=True)
class Source:
    """One feed: its files in force, the columns it has in the lake, and its coverage by county, department, programme."""

    name: str
    roll: bool
    silence_tells: bool
    files: tuple[File, ...]
    types: Mapping[str, type[pl.DataType]]
    coverage: tuple[Coverage, ...]

    @property
    def person(self) -> str:
        """The column of the person a line is about."""
        return "person_key" if "person_key" in self.types else "kin_key"

    @property
    def happened(self) -> str | None:
        """The column that dates an event: the first date of the contract."""
        return None if self.roll else next((name for name, kind in self.types.items() if kind is pl.Date), None)

    @property
    def whole(self) -> tuple[Coverage, ...]:
        """Coverage of the city or of its counties, not of single departments and programmes."""
        return tuple(one for one in self.coverage if one.scope.department is None and one.scope.programme is None)


def read_sources(home: Path, at: date) -> dict[str, Source]:
    """Every feed of the contract; one that never came has no files."""
    now = standing(read_batches(home), load_contract(), at, read_acceptances(home))
    records = Records(home)
    return {name: _source(records, each) for name, each in now.feeds.items()}


def _source(records: Records, each: FeedStanding) -> Source:
    feed = each.feed
    divided = any(county is not None for county, _, _ in each.in_force)
    files = []
    for batch in each.batches:
        held = frozenset(county for county, *told in each.in_force if told == [batch.period, batch.revision])
        if feed.delivers == "events" or held:
            path = records.lines_file(feed.name, batch.batch)
            mine = held if divided and feed.delivers == "roll" else None
            files.append(File(path, serial(batch.period) * 1000 + batch.revision, mine))
    return Source(
        feed.name,
        feed.delivers == "roll",
        feed.absence == "none",
        tuple(files),
        {name: POLARS[kind] for name, kind in lake_columns(feed)},
        each.coverage,
    )


def counties_of(sources: Mapping[str, Source]) -> tuple[int, ...]:
    """Every county that some delivery names, in order."""
    named = {one.scope.county for source in sources.values() for one in source.coverage}
    return tuple(sorted(county for county in named if county is not None))
