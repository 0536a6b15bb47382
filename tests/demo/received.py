"""Reads a demo city's files back the way a clerk would: by the contract's headers, as text, without landing."""

import csv
import io
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import polars as pl
from python_calamine import CalamineWorkbook

from doudi.landing.contract import Feed, load_contract


@dataclass(frozen=True)
class Received:
    path: Path
    feed: Feed
    month: str
    header: list[str]
    rows: list[dict[str, str]]  # by the contract's column names; blank cells are empty text
    title: bool
    total: bool
    blank: int


@cache
def received(path: Path) -> Received:
    """One file, whatever its format; the feed and month are taken from the name."""
    name, _, rest = path.stem.rpartition("_20")
    feed = load_contract()[name]
    grid = [[_text(cell) for cell in row] for row in _grid(path)]
    known = {word for column in feed.columns for word in (column.header, *column.aliases)}
    start = next(number for number, row in enumerate(grid) if set(row) <= known)
    by_header = {word: column.name for column in feed.columns for word in (column.header, *column.aliases)}
    names = [by_header[word] for word in grid[start]]
    body = [row for row in grid[start + 1 :] if any(row)]
    total = bool(body) and body[-1][0] == "合计"
    rows = [dict(zip(names, row, strict=False)) for row in (body[:-1] if total else body)]
    blank = len(grid) - start - 1 - len(body)
    return Received(path, feed, "20" + rest[:5], grid[start], rows, start > 0, total, blank)


def files(out: Path, feed: str | None = None, month: str | None = None) -> list[Received]:
    """The files of a city, of one feed or month; README.md and truth.json are none."""
    paths = sorted(path for path in out.glob("20*/*") if feed is None or path.name.startswith(f"{feed}_20"))
    return [received(path) for path in paths if month is None or path.parent.name == month]


def rows(out: Path, feed: str, month: str | None = None) -> list[dict[str, str]]:
    """All lines of a feed, as text."""
    return [row for file in files(out, feed, month) for row in file.rows]


def plain_id(text: str) -> str:
    """An id as people mean it: half-width, without blanks, upper-case X, the first 18 of a card number."""
    half = text.translate({0xFF10 + digit: str(digit) for digit in range(10)})
    return "".join(half.split()).upper()[:18]


def fen(text: str) -> int:
    """Money in any of its spellings."""
    return round(float(text.strip("¥元").replace(",", "")) * 100)


def _grid(path: Path) -> list[list[object]]:
    match path.suffix:
        case ".parquet":
            table = pl.read_parquet(path)
            return [list(table.columns), *(list(row) for row in table.iter_rows())]
        case ".xlsx" | ".xls":
            return CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
        case _:
            return list(csv.reader(io.StringIO(_decoded(path.read_bytes()), newline="")))


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("gb18030")


def _text(cell: object) -> str:
    return "" if cell is None else str(cell)
