"""一个文件读出来是什么样：表头、逐块的文字、每一行的去处。

What every reader gives, whatever the bytes were: text cells in blocks, each record with its physical line, and a count
of the lines that carry no record. Nothing is judged here but the shape of a line.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import polars as pl

from doudi.errors import Fault

__all__ = [
    "BLOCK_RECORDS", "MAX_CELL", "MAX_LINE_BYTES", "Block", "Head", "Piece", "ReadPiece", "Table", "Unread", "named",
]  # fmt: skip

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


class Piece(Protocol):
    """A part of a file that can be read by itself, by any process, save what the part before left open at its end."""

    @property
    def size(self) -> int:
        """Its bytes in the file, or thereabouts."""

    def after(self, rest: bytes) -> "Piece":
        """This piece, with what the one before left open."""

    def block(self) -> tuple[Block, bytes]:
        """Its records, and the lines of a record that is still open at its end."""


@dataclass(frozen=True, slots=True)
class ReadPiece:
    """A piece whose reader cannot begin in the middle: already read."""

    read: Block

    @property
    def size(self) -> int:
        """The bytes of its cells."""
        return sum(int(cells.str.len_bytes().sum()) for cells in self.read.columns.values())

    def after(self, rest: bytes) -> "ReadPiece":
        """Itself: none of its kind leaves anything open."""
        if rest:
            raise Fault("landing.piece_open", "这种文件的记录不会跨块，却留下了没有读完的一段。")
        return self

    def block(self) -> tuple[Block, bytes]:
        """What was read."""
        return self.read, b""


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
    read_pieces: Callable[[], Iterator[Piece]]
    ignored_sheets: tuple[str, ...] = ()

    def pieces(self) -> Iterator[Piece]:
        """The file in its order, in one piece at least; may be asked for again."""
        pieces = self.read_pieces()
        yield next(pieces, ReadPiece(_empty(self.header)))
        yield from pieces

    def blocks(self) -> Iterator[Block]:
        """The records in the file's order, in one block at least; may be asked for again."""
        rest = b""
        for piece in self.pieces():
            block, rest = (piece.after(rest) if rest else piece).block()
            yield block


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
