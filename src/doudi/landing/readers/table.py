"""一个文件读出来是什么样：表头、逐块的文字、每一行的去处。

What every reader gives, whatever the bytes were: text cells in blocks, each record with its physical line, and a count
of the lines that carry no record. Nothing is judged here but the shape of a line.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

__all__ = ["BLOCK_RECORDS", "MAX_CELL", "MAX_LINE_BYTES", "Block", "Head", "Table", "Unread", "named"]

BLOCK_RECORDS = 65_536  # what one block may hold: memory is bounded by it, not by the file
MAX_LINE_BYTES = 65_536  # a department's line is a few hundred bytes; past this it is not a line of this table
MAX_CELL = 2_000  # characters


@dataclass(frozen=True, slots=True)
class Unread:
    """A record whose cells could not be told apart: `span` physical lines from `line` on, with the reason's `code`.

    `text` is what could be read of it, cut to MAX_CELL; `seen` and `expected` are counts for its sentence, or 0.
    """

    line: int
    span: int
    code: str
    text: str
    seen: int = 0
    expected: int = 0


@dataclass(frozen=True, slots=True)
class Block:
    """Some consecutive records. `columns` is by the file's own headers; an absent cell is null or empty.

    `lines` is each record's first physical line (or sheet row), 1-based; `spans` how many it takes, nearly always 1.
    `physical` is counted apart from the classes, so that the account's sum is a check and not a definition.
    """

    columns: dict[str, pl.Series]
    lines: pl.Series
    spans: pl.Series
    unread: tuple[Unread, ...]
    physical: int
    header: int
    blank: int
    total: int


@dataclass(frozen=True, slots=True)
class Head:
    """The lines up to and with the header, in physical lines: `physical = title + blank + header`."""

    physical: int
    header: int
    blank: int
    title: int


@dataclass(frozen=True, slots=True)
class Table:
    """An opened file. `header` is its words in order, as they stand there; unnamed columns are left out of blocks."""

    path: Path
    form: str
    header_line: int
    header: list[str]
    head: Head
    read_blocks: Callable[[], Iterator[Block]]
    ignored_sheets: tuple[str, ...] = ()

    def blocks(self) -> Iterator[Block]:
        """The records in the file's order, in one block at least; may be asked for again."""
        blocks = self.read_blocks()
        yield next(blocks, _empty(self.header))
        yield from blocks


def named(words: Sequence[str]) -> Iterator[tuple[int, str]]:
    """The named columns, each by its first place: a repeated one that matters is refused when the feed is recognised."""
    seen: set[str] = set()
    for index, word in enumerate(words):
        if word and word not in seen:
            seen.add(word)
            yield index, word


def _empty(header: Sequence[str]) -> Block:
    columns = {word: pl.Series([], dtype=pl.String) for _, word in named(header)}
    none = pl.Series([], dtype=pl.Int32)
    return Block(columns, none, none, unread=(), physical=0, header=0, blank=0, total=0)
