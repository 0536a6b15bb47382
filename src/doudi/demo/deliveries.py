"""送件：每个部门每个月送来哪些文件，包括迟的、少的、没送的和重送的。

From the lines of the city to the files of a month. Failure is always on show: one feed is late, one roll is half, one
county never sends its allowances, one roll is sent twice because the first was wrong.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from doudi.demo.draw import Draw
from doudi.demo.feeds.schools import half_years
from doudi.demo.months import Window, label
from doudi.demo.sheets import Format, Layout, has_xls, write_sheet
from doudi.demo.spelling import spelled, style_of
from doudi.landing.contract import Feed, load_contract

__all__ = ["CORRECTED", "HALF", "LATE", "Clerk", "periods"]

LATE = "housing_fund"  # the last three months' files have not come; in a short span, the last month's
HALF = "public_payroll"  # the last month's file holds two lines in five
CORRECTED = "dibao_roll"  # the month before the last came with wrong amounts, then again as r2
_FORMS: tuple[Format, ...] = ("csv", "csv-gb18030", "xlsx", "csv-bom", "parquet", "xlsx")
_OLD_SHEETS = {"staff_kin", "custody"}
_SHEET_LINES, _SPLIT_LINES = 1500, 6000


def periods(feed: Feed, window: Window) -> list[int]:
    """The months of which this feed's file is due."""
    if feed.every == "half-year":
        return half_years(window)
    return list(range(window.opening if feed.delivers == "events" else window.first, window.last + 1))


@dataclass(slots=True)
class Clerk:
    """Writes files under `out`; remembers how many parts of each delivery exist, so that chunks become parts."""

    out: Path
    draw: Draw
    window: Window
    parts: Counter[tuple[str, int, int]] = field(default_factory=Counter)
    lines: Counter[str] = field(default_factory=Counter)

    def deliver(self, feed: Feed, frame: pl.DataFrame) -> None:
        """Writes every month's file of a feed for the lines of one chunk."""
        for month in periods(feed, self.window):
            for revision, lines in self._revisions(feed, month, _of_month(feed, frame, month)):
                if lines.is_empty() and (feed.every.startswith("on ") or self.parts[feed.name, month, revision]):
                    continue  # nothing happened, or an earlier chunk has already said that the month is delivered
                for part in _split(feed, lines, month, self.window):
                    self._write(feed, month, revision, part)

    def _revisions(self, feed: Feed, month: int, lines: pl.DataFrame) -> Iterator[tuple[int, pl.DataFrame]]:
        ends = month == self.window.last and self.window.months >= 2
        missing = 3 if self.window.months >= 4 else 1
        if feed.name == LATE and self.window.months >= 2 and month > self.window.last - missing:
            return
        if feed.name == HALF and ends:
            yield 1, lines.gather_every(5, 0).extend(lines.gather_every(5, 3))
        elif feed.name == CORRECTED and month == self.window.last - (self.window.months > 1):
            yield 1, lines.with_columns(amount_month=pl.col.amount_month + 100_000)
            yield 2, lines
        else:
            yield 1, lines

    def _write(self, feed: Feed, month: int, revision: int, lines: pl.DataFrame) -> None:
        number = list(load_contract()).index(feed.name)
        key = (feed.name, month, revision)
        self.parts[key] += 1
        self.lines[feed.name] += len(lines)
        name = f"{feed.name}_{label(month)}"
        name += f"_r{revision}" if revision > 1 else ""
        name += f"_part{self.parts[key]}" if self.parts[key] > 1 else ""
        folder = self.out / label(month)
        folder.mkdir(parents=True, exist_ok=True)
        style = style_of(feed, number, month)
        table = spelled(self.draw, _with_repeats(self.draw, lines, style.question), feed, style)
        dated = (
            [style.header(column) for column in feed.columns if column.kind == "date"]
            if style.dates == "serial"
            else []
        )
        write_sheet(
            folder / name,
            table,
            _form(feed, number, month, len(lines)),
            _layout(feed, number, month, table),
            frozenset(dated),
        )


def _of_month(feed: Feed, frame: pl.DataFrame, month: int) -> pl.DataFrame:
    if feed.delivers == "events":
        return frame.filter(pl.col("_period") == month)
    return frame.filter(
        pl.col("_from").is_null() | (pl.col("_from") <= month),
        pl.col("_until").is_null() | (pl.col("_until") >= month),
    )


def _split(feed: Feed, lines: pl.DataFrame, month: int, window: Window) -> list[pl.DataFrame]:
    """Large exports come in two parts: the register of the first month, and the settlements of the last."""
    large = len(lines) > _SPLIT_LINES and (feed.name, month) == ("population", window.first)
    if large or (feed.name, month) == ("medical_settlement", window.last):
        half = len(lines) // 2
        return [lines.head(half), lines.slice(half)]
    return [lines]


def _with_repeats(draw: Draw, lines: pl.DataFrame, question: str) -> pl.LazyFrame:
    """About one line in a thousand stands there twice, and in any file of fifty lines one does."""
    numbered = lines.lazy().with_columns(_row=pl.int_range(pl.len(), dtype=pl.Int64))
    row = pl.col("_row")
    twice = numbered.filter(draw.chance(1000, question + "/twice", row) | ((row == 31) & (len(lines) >= 50)))
    return pl.concat([numbered, twice])


def _form(feed: Feed, number: int, month: int, lines: int) -> Format:
    if feed.name in _OLD_SHEETS and lines <= _SHEET_LINES and has_xls():
        return "xls"
    form = _FORMS[(number + month) % len(_FORMS)]
    return "csv-gb18030" if form == "xlsx" and lines > _SHEET_LINES else form


def _layout(feed: Feed, number: int, month: int, table: pl.DataFrame) -> Layout:
    title = (
        f"东营市{feed.department}数据报送表（{month // 12}年{month % 12 + 1}月）" if (number + month) % 3 == 0 else None
    )
    total = ("合计", f"{len(table)}") + ("",) * (table.width - 2) if (number * 3 + month) % 4 == 1 else None
    blank = len(table) // 2 if (number + month) % 5 == 2 and len(table) > 3 else None
    return Layout(title=title, blank_after=blank, total=total, tall=(number + month) % 7 == 2)
