"""带引号的行：一行一行、一个状态一个状态地读。

Lines that hold quotes, read slowly and plainly. A quote counts only where a cell begins; inside, two stand for one.
"""

from collections.abc import Sequence
from typing import Literal

from doudi.landing.readers.table import MAX_LINE_BYTES

__all__ = ["MAX_RECORD_LINES", "record_at", "split_record"]

MAX_RECORD_LINES = 20


def record_at(lines: Sequence[str], at: int, delimiter: str, width: int | None) -> tuple[list[str], int] | None:
    """The cells of the record that begins at `lines[at]` and how many lines it takes; null when its quote never closes.

    A record over several lines is believed only when it closes soon and has the header's `width`: a forgotten quote
    must not swallow the lines after it.
    """
    text = lines[at]
    cells = split_record(text, delimiter)
    taken = 1
    while cells == "open" and taken < MAX_RECORD_LINES and at + taken < len(lines) and len(text) < MAX_LINE_BYTES:
        text += "\n" + lines[at + taken]
        taken += 1
        if '"' in lines[at + taken - 1]:
            cells = split_record(text, delimiter)
    if isinstance(cells, str) or (taken > 1 and width is not None and (len(cells) < width or any(cells[width:]))):
        return None
    return cells, taken


def split_record(text: str, delimiter: str) -> list[str] | Literal["open", "broken"]:
    """The cells of one record; `open` while a quote waits to be closed, `broken` when no further line can mend it."""
    cells: list[str] = []
    at = 0
    while True:
        quoted = _quoted(text, at, delimiter) if text.startswith('"', at) else None
        if quoted == "open":
            return "open"
        end, cell = quoted or _bare(text, at, delimiter)
        if quoted is None and "\n" in cell:
            return "broken"
        cells.append(cell)
        if end == len(text):
            return cells
        at = end + 1


def _quoted(text: str, at: int, delimiter: str) -> tuple[int, str] | Literal["open"] | None:
    """Where the cell quoted at `at` ends, and its text; null when words follow the closing quote, as in "山东"省."""
    close = _closing(text, at + 1)
    if close < 0:
        return "open"
    if close + 1 == len(text) or text[close + 1] == delimiter:
        return close + 1, text[at + 1 : close].replace('""', '"')
    return None


def _bare(text: str, at: int, delimiter: str) -> tuple[int, str]:
    """Where the cell at `at` ends, and its text, in which quotes are mere characters."""
    end = text.find(delimiter, at)
    end = len(text) if end < 0 else end
    return end, text[at:end]


def _closing(text: str, at: int) -> int:
    """Where the quote closes that was opened just before `at`; -1 when nowhere."""
    while (end := text.find('"', at)) >= 0:
        if not text.startswith('""', end):
            return end
        at = end + 2
    return -1
