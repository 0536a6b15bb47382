"""表头在哪里：标题行下面，第一行写着约定里列名的就是。

Finding the header among the first rows. A header merged over two rows is read as one.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

from doudi.landing.contract import header_words, plain_header
from doudi.landing.readers.table import Head

__all__ = ["MAX_HEAD_ROWS", "TOTAL", "FoundHeader", "Row", "find_header", "is_blank", "is_total"]

MAX_HEAD_ROWS = 40

# The first cell that is not blank opens a total. After 计 the word must end: 总计划部 is a department.
TOTAL = r'^[\s"' "'" r',;|，　]*(?:本页|本月|累计|全县|全市|全区|全镇)?[合总小共]\s*计(?:$|[\s:：,;|，"(（\d])'


@dataclass(frozen=True, slots=True)
class Row:
    """One row of cells with the physical lines it takes."""

    line: int
    span: int
    cells: Sequence[str]


@dataclass(frozen=True, slots=True)
class FoundHeader:
    """The header's words, where it stands, and how many of them the contract knows."""

    words: list[str]
    line: int
    head: Head
    known: int


def find_header(rows: Sequence[Row]) -> FoundHeader | None:
    """The header among the rows of a file's beginning, or null when no row knows a single word of the contract."""
    known = [_known(row.cells) for row in rows]
    most = max(known, default=0)
    # One known word alone is a header only in a row without numbers: it may be somebody's line.
    best = next(
        (i for i, count in enumerate(known) if count == most and (most > 1 or not _has_numbers(rows[i].cells))), None
    )
    if not most or best is None:
        return None
    first = last = best
    if best and known[best - 1] and _completes(rows[best].cells, rows[best - 1].cells):
        first = best - 1
    elif best + 1 < len(rows) and _completes(rows[best + 1].cells, rows[best].cells):
        last = best + 1
    words = _merged(rows[first].cells, rows[last].cells)
    return FoundHeader(
        words=words,
        line=rows[last].line,
        head=Head(
            physical=rows[last].line + rows[last].span - 1,
            header=sum(row.span for row in rows[first : last + 1]),
            blank=sum(row.span for row in rows[:first] if is_blank(row.cells)),
            title=sum(row.span for row in rows[:first] if not is_blank(row.cells)),
        ),
        known=sum(plain_header(word) in header_words() for word in words),
    )


def is_blank(cells: Sequence[str]) -> bool:
    """Does the row say nothing at all?"""
    return not any(cell and not cell.isspace() for cell in cells)


def is_total(cells: Sequence[str]) -> bool:
    """Is it a line of sums? Its first cell that is not blank says so."""
    first = next((cell for cell in cells if cell and not cell.isspace()), "")
    return re.search(TOTAL, first) is not None


def _known(cells: Sequence[str]) -> int:
    words = header_words()
    return sum(plain_header(cell) in words for cell in cells if cell)


def _completes(lower: Sequence[str], upper: Sequence[str]) -> bool:
    """Is it the lower half of a merged header? All it says is the contract's words, and the upper half adds some."""
    said = [cell for cell in lower if cell.strip()]
    pairs = zip_longest(lower, upper, fillvalue="")
    adds = any(_known([above]) and (not below.strip() or below == above) for below, above in pairs)
    return bool(said) and _known(said) == len(said) and adds


def _merged(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    return [below.strip() or above.strip() for below, above in zip_longest(lower, upper, fillvalue="")]


def _has_numbers(cells: Sequence[str]) -> bool:
    return any(re.search(r"\d{6}", cell) for cell in cells)
