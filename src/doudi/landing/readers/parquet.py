"""Parquet 文件：列已有类型，先写回文字，再和别的文件一样核对。

Parquet. It has no lines: a record's number is its row, 1-based, and the header takes no line of the account.
"""

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from doudi.errors import Refusal
from doudi.landing.readers.sheet_process import cell_text
from doudi.landing.readers.table import Block, Head, ReadPiece, Table, named

__all__ = ["open_parquet"]

_ROWS = 65_536
_BROKEN = (pa.ArrowException, OSError, UnicodeDecodeError)  # the last by damaged column names


def open_parquet(path: Path) -> Table:
    """The table in a Parquet file. Refuses a damaged one and one without rows and columns."""
    try:
        with pq.ParquetFile(path) as file:
            header = list(file.schema_arrow.names)
    except _BROKEN as error:
        raise _damaged(path) from error
    return Table(
        path=path,
        form="parquet",
        header_line=0,
        header=header,
        head=Head(physical=0, header=0, blank=0, title=0),
        read_pieces=lambda: map(ReadPiece, _blocks(path, header)),
    )


def _damaged(path: Path) -> Refusal:
    return Refusal("landing.damaged", f"{path.name} 是损坏的 Parquet 文件，读不出来。请重新导出后再报。")


def _blocks(path: Path, header: list[str]) -> Iterator[Block]:
    first = 1
    try:
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(_ROWS):
                batch.validate(full=True)  # Polars trusts text to be UTF-8
                yield _block(batch, first, header)
                first += batch.num_rows
    except _BROKEN as error:
        raise _damaged(path) from error


def _block(batch: pa.RecordBatch, first: int, header: list[str]) -> Block:
    columns = {word: _text(batch.column(index)) for index, word in named(header)}
    blank = pl.DataFrame(columns).select(pl.all_horizontal(pl.all().fill_null("").str.strip_chars() == "")).to_series()
    lines = pl.Series(range(first, first + batch.num_rows), dtype=pl.Int32).filter(~blank)
    return Block(
        columns={word: column.filter(~blank) for word, column in columns.items()},
        lines=lines,
        spans=pl.Series([1], dtype=pl.Int32).new_from_index(0, lines.len()),
        unread=(),
        physical=batch.num_rows,
        header=0,
        blank=int(blank.sum()),
        total=0,
    )


def _text(column: pa.Array) -> pl.Series:
    kind = column.type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_integer(kind):
        return pl.Series(pl.from_arrow(column)).cast(pl.String)
    return pl.Series([cell_text(value) for value in column.to_pylist()], dtype=pl.String)
