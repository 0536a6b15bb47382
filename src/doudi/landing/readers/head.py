"""表头在哪里：标题行下面，第一行写着约定里列名的就是。

Finding the header among the first rows. A header merged over two rows is read as one.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

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
    """The header's words and where it stands; `rows` is how many rows of the given ones the head takes."""

    words: list[str]
    line: int
    head: Head
    rows: int
    known: int


def find_header(rows: Sequence[Row]) -> FoundHeader | None:
    """The header among the rows of a file's beginning, or null when no row knows a single word of the contract."""
    known = [_known(row.cells) for row in rows]
    # Two known words make a header; a single one does only when nothing better comes and the row holds no numbers.
    at = next((i for i, count in enumerate(known) if count >= 2), None)
    if at is None:
        at = next((i for i, count in enumerate(known) if count == 1 and not _has_numbers(rows[i].cells)), None)
    if at is None:
        return None
    words, last = [cell.strip() for cell in rows[at].cells], at
    if at + 1 < len(rows) and _continues(rows[at + 1].cells):
        last = at + 1
        under = [cell.strip() for cell in rows[last].cells]
        width = max(len(words), len(under))
        words = [low or high for low, high in zip(_padded(under, width), _padded(words, width), strict=True)]
    above = rows[:at]
    return FoundHeader(
        words=words,
        line=rows[last].line,
        head=Head(
            physical=rows[last].line + rows[last].span - 1,
            header=sum(row.span for row in rows[at : last + 1]),
            blank=sum(row.span for row in above if is_blank(row.cells)),
            title=sum(row.span for row in above if not is_blank(row.cells)),
        ),
        rows=last + 1,
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


def _continues(cells: Sequence[str]) -> bool:
    """Is it the lower half of a merged header? Then all it says is the contract's words."""
    said = [cell for cell in cells if cell.strip()]
    return bool(said) and _known(said) == len(said)


def _has_numbers(cells: Sequence[str]) -> bool:
    return any(re.search(r"\d{6}", cell) for cell in cells)


def _padded(cells: list[str], width: int) -> list[str]:
    return cells + [""] * (width - len(cells))
