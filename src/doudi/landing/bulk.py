"""成批进出密库：一列数据打成一个字节串交给 SQLite，由它自己拆成行，不为每一行建 Python 对象。

Columns in and out of SQLite. `executemany` costs more per row in Python than SQLite does; here a column is one parameter
and a statement unpacks it with `substr`, by the numbers of a recursive query.
"""

import sqlite3
from dataclasses import dataclass
from typing import Any

import polars as pl

__all__ = ["Packed", "insert", "packed_integers", "packed_rows", "packed_same", "split_integers"]

_DIGITS = 20  # of the longest 64-bit integer, with its sign


@dataclass(frozen=True, slots=True)
class Packed:
    """A column: `content` holds the rows' values at every `stride` bytes, each `size` bytes of it, read as `kind`."""

    content: memoryview | bytes
    size: int
    stride: int
    kind: str = "BLOB"

    def expression(self, name: str) -> str:
        """The value of row `n`, in SQL. Of a text `substr` would count all characters before; so all are bytes."""
        value = f"substr(:{name}, 1 + {self.stride:d} * n, {self.size:d})"
        return value if self.kind == "BLOB" else f"CAST({value} AS {self.kind})"


def packed_integers(numbers: pl.Series) -> Packed:
    """A column of Int64 without nulls."""
    digits = numbers.cast(pl.String).str.pad_start(_DIGITS).str.join("").item()
    return Packed(digits.encode(), _DIGITS, _DIGITS, "INTEGER")


def packed_same(value: str | int) -> Packed:
    """A column that says the same in every row."""
    content = str(value).encode()
    return Packed(content, len(content), 0, "INTEGER" if isinstance(value, int) else "TEXT")


def packed_rows(columns: dict[str, Packed], count: int) -> tuple[str, dict[str, Any]]:
    """The first words of a statement over `count` rows, and its parameters: `packed` has `n` from 0 and the columns."""
    values = ", ".join(f"{column.expression(name)} AS {name}" for name, column in columns.items())
    numbers = "number(n) AS (SELECT 0 WHERE :count > 0 UNION ALL SELECT n + 1 FROM number WHERE n + 1 < :count)"
    parameters = {name: column.content for name, column in columns.items()} | {"count": count}
    return f"WITH RECURSIVE {numbers}, packed AS (SELECT n, {values} FROM number) ", parameters  # noqa: S608 our own names


def insert(connection: sqlite3.Connection, table: str, columns: dict[str, Packed], count: int) -> None:
    """Inserts `count` rows, in their order, into the columns of those names."""
    if count:
        rows, parameters = packed_rows(columns, count)
        names = ", ".join(columns)
        connection.execute(f"INSERT INTO {table} ({names}) {rows} SELECT {names} FROM packed", parameters)  # noqa: S608 our own names


def split_integers(text: str | None) -> pl.Series:
    """The Int64 numbers of a `group_concat`; none when there was no row."""
    if text is None:
        return pl.Series([], dtype=pl.Int64)
    return pl.Series([text]).str.split(",").explode().cast(pl.Int64)
