"""物理行：把字节流切成整行的块，过长的行截断，内存有界。

Physical lines out of bytes. A block holds whole lines only; a line past the limit is cut just behind it, so that it is
seen to be too long without being held.
"""

from collections.abc import Iterator
from typing import BinaryIO

import polars as pl

from doudi.landing.readers.table import MAX_LINE_BYTES

__all__ = ["CHUNK_BYTES", "decoded", "text_lines", "whole_lines"]

CHUNK_BYTES = 1 << 22


def whole_lines(stream: BinaryIO, chunk_bytes: int = CHUNK_BYTES) -> Iterator[bytes]:
    """The stream in blocks that end with a line's end, as LF; only the last block may lack it."""
    rest = b""
    skipping = False  # inside a line that is already known to be too long
    ends_with_cr = _old_mac(stream)
    while piece := stream.read(chunk_bytes):
        text = piece.replace(b"\r", b"\n") if ends_with_cr else piece
        if skipping:
            end = text.find(b"\n")
            if end < 0:
                continue
            text, skipping = text[end:], False
        text = rest + text
        cut = text.rfind(b"\n") + 1
        whole, rest = text[:cut], text[cut:]
        if len(rest) > MAX_LINE_BYTES:
            rest, skipping = rest[: MAX_LINE_BYTES + 1], True
        if whole:
            yield whole
    if rest:
        yield rest


def text_lines(block: bytes, encoding: str) -> tuple[pl.Series, set[int]]:
    """As `decoded`, but as a column: no line becomes an object of its own."""
    whole = block.replace(b"\r\n", b"\n") if b"\r" in block else block
    try:
        text = whole.decode(encoding)
    except UnicodeDecodeError:
        lines, wrong = _decoded_one_by_one(block, encoding)
        return pl.Series(lines, dtype=pl.String), wrong
    column = pl.Series([text], dtype=pl.String).str.split("\n").explode()
    return (column.head(-1) if text.endswith("\n") else column), set()


def decoded(block: bytes, encoding: str) -> tuple[list[str], set[int]]:
    """The block's lines as text without their ends, and which of them (by index) are not in this encoding."""
    try:
        text = block.decode(encoding)
    except UnicodeDecodeError:
        return _decoded_one_by_one(block, encoding)
    # Not splitlines(): that also breaks at form feeds and other characters inside a cell.
    lines = text.replace("\r\n", "\n").split("\n")
    if text.endswith("\n"):
        lines.pop()
    return lines, set()


def _decoded_one_by_one(block: bytes, encoding: str) -> tuple[list[str], set[int]]:
    pieces = block.replace(b"\r\n", b"\n").split(b"\n")
    if block.endswith(b"\n"):
        pieces.pop()
    lines: list[str] = []
    wrong: set[int] = set()
    for index, piece in enumerate(pieces):
        try:
            lines.append(piece.decode(encoding))
        except UnicodeDecodeError:
            lines.append(piece.decode(encoding, errors="replace"))
            if len(piece) <= MAX_LINE_BYTES:  # one cut too long may well end inside a character
                wrong.add(index)
    return lines, wrong


def _old_mac(stream: BinaryIO) -> bool:
    """Are the lines ended by CR alone? The stream is left where it was."""
    here = stream.tell()
    start = stream.read(1 << 16)
    stream.seek(here)
    return b"\r" in start and b"\n" not in start
