"""What the engine is given: the lake as it stood at a date, described without a path to landing.

`doudi.cli` converts landing's catalogue and standing into these; `doudi.engine` never imports landing. Nothing here is
computed from a clock: `at` is the monitoring date, `known` the time of receipt up to which batches count.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Literal

from doudi.errors import Fault

__all__ = ["COMMON_COLUMNS", "FeedInput", "Freshness", "Inputs", "LakeFile", "month_number", "months_before"]

# Every Parquet file of the lake starts with these; `FeedInput.columns` holds the feed's own columns only.
COMMON_COLUMNS = (("line", "INTEGER"), ("key_hash", "BIGINT"), ("content_hash", "BIGINT"), ("scope", "INTEGER"))


def month_number(period: str) -> int:
    """'2026-03' as year*12 + month-1, so that months can be compared and subtracted."""
    year, month = period.split("-")
    return int(year) * 12 + int(month) - 1


def months_before(day: date, months: int) -> date:
    """The first day of a window of so many whole months that ends with `day`.

    Windows are whole calendar months: departments deliver by the month, and so a window moves once a month and not every
    night. The month of `day` is one of them when `day` ends it; until then it comes on top, for what it has told so far.
    """
    ends_month = (day + timedelta(days=1)).day == 1
    serial = day.year * 12 + day.month - 1 - months + ends_month
    return date(serial // 12, serial % 12 + 1, 1)


@dataclass(frozen=True)
class LakeFile:
    """One batch's Parquet file. `period` is YYYY-MM; `file` is what the department called it.

    `batch` ends with the digest of what was received: `<feed>_<YYYY-MM>_r<revision>_<hex>`.
    """

    batch: str
    path: Path
    period: str
    revision: int
    file: str
    received_at: str
    contested: Path | None = None  # keys (`key_hash`) of which another line may be held; null when there is none

    @property
    def number(self) -> int:
        """The batch as 63 bits: month, revision, digest, feed. Its own for good, so that lines kept from a run still name it."""
        feed, _, _, digest = self.batch.rsplit("_", 3)
        of_feed = int.from_bytes(hashlib.sha256(feed.encode()).digest()[:5], "big")
        of_file = (int(digest[:10], 16) + of_feed) % (1 << 40)
        return (month_number(self.period) << 8 | min(self.revision, 255)) << 40 | of_file


@dataclass(frozen=True)
class Freshness:
    """How far one part of a feed is delivered; null = the feed is not divided that way. `months` are YYYY-MM, delivered."""

    county: int | None
    department: str | None
    programme: str | None
    fresh: bool
    last_period: str | None
    months: tuple[str, ...]


@dataclass(frozen=True)
class FeedInput:
    """One feed: its contract, its files, and what of it is in force.

    `columns` are the feed's own columns in the lake (name, SQL type); `in_force` names, for rolls, the delivery
    (period, revision) that holds in each county, null county = the whole city. For events it is empty: all hold.
    """

    feed: str
    delivers: Literal["roll", "events"]
    absence: Literal["none", "unknown"]
    use: Literal["discovery", "exclusion_only", "authorised"]
    territory: str
    stale_after_days: int
    key: tuple[str, ...]
    columns: tuple[tuple[str, str], ...]
    files: tuple[LakeFile, ...] = ()
    in_force: tuple[tuple[int | None, str, int], ...] = ()
    freshness: tuple[Freshness, ...] = ()

    @property
    def happened(self) -> str | None:
        """The column that dates an event: the first date column of the contract; null for rolls."""
        if self.delivers == "roll":
            return None
        return next((name for name, kind in self.columns if kind == "DATE"), None)

    @property
    def named_columns(self) -> frozenset[str]:
        return frozenset(name for name, _ in self.columns)

    def in_county(self, county: int) -> Freshness | None:
        """The freshness that speaks for this county: its own row, or the city's where the feed is not divided by county."""
        whole = [row for row in self.freshness if row.department is None and row.programme is None]
        divided = any(row.county is not None for row in whole)
        return next((row for row in whole if row.county == (county if divided else None)), None)

    def whole_since(self, county: int, first_month: int) -> bool:
        """Fresh, and no month from `first_month` to the last delivered one is missing."""
        row = self.in_county(county)
        if row is None or not row.fresh or row.last_period is None:
            return False
        delivered = {month_number(month) for month in row.months}
        return all(month in delivered for month in range(first_month, month_number(row.last_period) + 1))

    def is_fresh(self, county: int) -> bool:
        row = self.in_county(county)
        return row is not None and row.fresh


@dataclass(frozen=True)
class Inputs:
    """The lake at one moment: every feed of the contract (with no files when never delivered), the date, the horizon."""

    home: Path
    feeds: Mapping[str, FeedInput]
    at: date
    known: str | None = None

    def __getitem__(self, feed: str) -> FeedInput:
        try:
            return self.feeds[feed]
        except KeyError:
            raise Fault(
                "engine.feed_not_given", f"引擎没有得到来源 {feed}：须把约定中的每个来源都交给引擎。", feed=feed
            ) from None

    @property
    def counties(self) -> tuple[int, ...]:
        """Every county that some delivery names, in order."""
        named = {row.county for feed in self.feeds.values() for row in feed.freshness}
        held = {county for feed in self.feeds.values() for county, _, _ in feed.in_force}
        return tuple(sorted(county for county in named | held if county is not None))

    @cached_property
    def folders(self) -> list[Path]:
        """Every folder of the lake that holds a file of these inputs."""
        files = [file for feed in self.feeds.values() for file in feed.files]
        return sorted({path.parent for file in files for path in (file.path, file.contested) if path})

    @property
    def batches(self) -> tuple[str, ...]:
        """All batches by name, never in the order of arrival."""
        return tuple(sorted(file.batch for feed in self.feeds.values() for file in feed.files))

    @cached_property
    def batch_of(self) -> Mapping[int, str]:
        """The batch that a number stands for. Two batches of one number are a Fault."""
        found = {file.number: file.batch for feed in self.feeds.values() for file in feed.files}
        if len(found) != len(self.batches):
            raise Fault(
                "engine.batches_collide", "有两个批次的编号相同：它们的摘要前十位一样，请把其中一个文件重新导出再入库。"
            )
        return found
