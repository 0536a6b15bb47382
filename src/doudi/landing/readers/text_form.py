"""文本文件怎么写的：什么编码、什么分隔符、表头在哪里。

How a text file is written: found by trying, and judged by how many of the contract's words come out.
"""

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from doudi.errors import Refusal
from doudi.landing.readers.head import MAX_HEAD_ROWS, FoundHeader, Row, find_header
from doudi.landing.readers.lines import decoded, whole_lines
from doudi.landing.readers.records import record_at

__all__ = ["BOM", "TextForm", "text_form"]

BOM = b"\xef\xbb\xbf"
_DELIMITERS = (",", "\t", ";", "|", "，")
_ENCODINGS = ("utf-8", "gb18030")
_HEAD_BYTES = 1 << 18


@dataclass(frozen=True, slots=True)
class TextForm:
    """How a file is written, and its header."""

    encoding: str
    delimiter: str
    found: FoundHeader
    header_text: frozenset[str]  # the header's physical lines: repeated further down they are headers again

    @property
    def width(self) -> int:
        """How many cells the header has, unnamed ones with it."""
        return len(self.found.words)

    @property
    def names(self) -> list[str]:
        """The cells' places, as names of a frame's columns."""
        return [str(index) for index in range(self.width)]

    @property
    def needed(self) -> int:
        """How many cells a record must have: up to the last named column."""
        return max(index for index, word in enumerate(self.found.words) if word) + 1


def text_form(path: Path) -> TextForm:
    """The encoding and the delimiter under which most of the contract's words are seen. Refuses a file without header."""
    with path.open("rb") as stream:
        start = stream.read(_HEAD_BYTES)
    best: TextForm | None = None
    cut = next(whole_lines(BytesIO(start.removeprefix(BOM)), _HEAD_BYTES), b"")
    head = b"\n".join(cut.split(b"\n", MAX_HEAD_ROWS)[:MAX_HEAD_ROWS])
    for encoding in _ENCODINGS:
        lines = decoded(head, encoding)[0]
        for delimiter in _DELIMITERS:
            found = find_header(_head_rows(lines, delimiter))
            if found is not None and (best is None or found.known > best.found.known):
                first = found.head.physical - found.head.header
                best = TextForm(encoding, delimiter, found, frozenset(lines[first : found.head.physical]))
                if 1 < found.known == sum(map(bool, found.words)):
                    return best  # every word is the contract's: no other reading can know more
    if best is None:
        raise Refusal(
            "landing.no_header",
            f"{path.name} 的前 {MAX_HEAD_ROWS} 行里找不到表头：没有一行写着约定的列名（按 UTF-8 和 GB18030 都读过）。"
            "请在第一行写上列名，存为 CSV、XLSX、XLS 或 Parquet 后再报。",
        )
    return best


def _head_rows(lines: list[str], delimiter: str) -> list[Row]:
    rows: list[Row] = []
    at = 0
    while at < len(lines):
        cells, span = record_at(lines, at, delimiter, None) or ([lines[at]], 1)
        rows.append(Row(at + 1, span, cells))
        at += span
    return rows
