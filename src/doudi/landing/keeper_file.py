"""守库人之一：一个 SQLite 文件，命令行用。

The keeper of the command line: one SQLite file. Columns go in and come out as one parameter each (see `bulk`).
"""

import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import polars as pl

from doudi.landing.bulk import Packed, insert, packed_rows, split_integers
from doudi.landing.keeper import NameVersion, RejectRow

__all__ = ["FileKeeper"]

_CHUNK = 10_000  # parameters per question, below SQLite's limit of 32,766

_PRAGMAS = (
    "journal_mode = WAL",  # who reads is not kept waiting by a landing
    "synchronous = FULL",
    "temp_store = MEMORY",
    "secure_delete = ON",
    "cache_size = -131072",  # KiB: the blind index is entered at random and must stay in memory
)

_SCHEMA = """
CREATE TABLE IF NOT EXISTS counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS checks (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS persons (
    person_key INTEGER PRIMARY KEY, ref BLOB NOT NULL, id BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS blinds (blind BLOB PRIMARY KEY, person_key INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS names (
    person_key INTEGER NOT NULL, token INTEGER NOT NULL, registered INTEGER, reported INTEGER, name BLOB NOT NULL,
    PRIMARY KEY (person_key, token)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS labels (
    kind TEXT NOT NULL, token INTEGER NOT NULL, label BLOB NOT NULL, PRIMARY KEY (kind, token)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS rejects (
    batch TEXT NOT NULL, line INTEGER NOT NULL, reason_code TEXT NOT NULL, county INTEGER, content BLOB NOT NULL,
    PRIMARY KEY (batch, line, reason_code)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS originals (batch TEXT PRIMARY KEY, file_name BLOB NOT NULL) WITHOUT ROWID;
CREATE TRIGGER IF NOT EXISTS person_erased AFTER DELETE ON persons
    BEGIN DELETE FROM blinds WHERE person_key = old.person_key; END;
INSERT OR IGNORE INTO counters VALUES ('next_person_key', 1);
"""

# One text of all blind indexes is read in a fifth of the time that their rows would take.
_BETWEEN = """
SELECT CAST(group_concat(blind, '') AS BLOB), group_concat(person_key) FROM blinds WHERE blind >= ? AND blind < ?
"""
_KEYS = "SELECT group_concat(n), group_concat(person_key) FROM packed JOIN blinds USING (blind)"

# Of the packed rows: the names that are not kept yet; the kept ones of which this source speaks earlier than known.
_NEW_AND_LATER = """
SELECT group_concat(CASE WHEN kept.token IS NULL THEN n END), group_concat(CASE WHEN kept.token IS NOT NULL THEN n END)
FROM packed LEFT JOIN names AS kept ON kept.person_key = packed.person_key AND kept.token = packed.token
WHERE kept.token IS NULL OR kept.{source} IS NULL OR kept.{source} > :month
"""
_NEW_LABELS = """
SELECT group_concat(n) FROM packed
WHERE NOT EXISTS (SELECT 1 FROM labels WHERE labels.kind = :kind AND labels.token = packed.token)
"""


class FileKeeper:
    """A `Keeper`. What it gives before `make` was called on a new file is an error of SQLite."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    @classmethod
    @contextmanager
    def open(cls, path: Path, *, new: bool, proof: bytes) -> Iterator["FileKeeper | None"]:
        """The keeper over the file, made if `new`; None when its vault began under another proof of the key."""
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))  # SQLite would create it readable to all
        connection = sqlite3.connect(path, isolation_level=None)
        try:
            for pragma in _PRAGMAS:
                connection.execute(f"PRAGMA {pragma}")
            if new:
                connection.executescript(_SCHEMA)
                connection.execute("INSERT OR IGNORE INTO checks VALUES ('key', ?)", (proof,))
            (kept,) = connection.execute("SELECT value FROM checks WHERE name = 'key'").fetchone()
            yield cls(connection) if kept == proof else None
        finally:
            connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is written inside, or nothing."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def insert(self, table: str, columns: Mapping[str, Packed], count: int) -> None:
        """Adds new rows."""
        insert(self._db, table, dict(columns), count)

    def persons(self) -> int:
        """How many persons have a blind index."""
        return int(self._one("SELECT count(*) FROM blinds")[0])

    def next_key(self) -> int:
        """The number that the next new person gets."""
        return int(self._one("SELECT value FROM counters WHERE name = 'next_person_key'")[0])

    def move_next_key(self, key: int) -> None:
        """From now on the next new person gets `key`."""
        self._db.execute("UPDATE counters SET value = ? WHERE name = 'next_person_key'", (key,))

    def key_of(self, blind: bytes) -> int | None:
        """The person of a blind index."""
        row = self._one("SELECT person_key FROM blinds WHERE blind = ?", (blind,))
        return int(row[0]) if row else None

    def keys_of(self, blinds: Packed, count: int) -> tuple[pl.Series, pl.Series]:
        """Row numbers and persons of the packed blind indexes that are known."""
        at, keys = self._rows_of({"blind": blinds}, count, _KEYS)
        return at, keys

    def blinds_between(self, low: bytes, high: bytes) -> tuple[bytes, pl.Series]:
        """Blind indexes one after the other, and their persons."""
        blinds, keys = self._one(_BETWEEN, (low, high))
        return blinds or b"", split_integers(keys)

    def refs(self, keys: Sequence[int]) -> list[tuple[int, bytes]]:
        """Person and ref."""
        return self._rows("SELECT person_key, ref FROM persons WHERE person_key", keys)

    def ids(self, keys: Sequence[int]) -> list[tuple[int, bytes]]:
        """Person and sealed id."""
        return self._rows("SELECT person_key, id FROM persons WHERE person_key", keys)

    def names(self, keys: Sequence[int]) -> list[NameVersion]:
        """All names of these persons, sealed."""
        return self._rows("SELECT person_key, token, registered, reported, name FROM names WHERE person_key", keys)

    def names_said(
        self, said: Mapping[str, Packed], count: int, source: str, month: int
    ) -> tuple[pl.Series, pl.Series]:
        """Row numbers of the new names, and of those used earlier than known."""
        new, later = self._rows_of(said, count, _NEW_AND_LATER.format(source=source), month=month)
        return new, later

    def date_names(self, names: Iterable[tuple[int, int]], source: str, month: int) -> None:
        """Sets the first month in which `source` used these names."""
        self._db.executemany(
            f"UPDATE names SET {source} = {month:d} WHERE person_key = ? AND token = ?",  # noqa: S608 one of two words
            names,
        )

    def labels(self, kind: str, tokens: Sequence[int]) -> list[tuple[int, bytes]]:
        """Token and sealed label."""
        return self._rows("SELECT token, label FROM labels WHERE kind = ? AND token", tokens, kind)

    def labels_said(self, kind: str, tokens: Packed, count: int) -> pl.Series:
        """Row numbers of the new labels."""
        (new,) = self._rows_of({"token": tokens}, count, _NEW_LABELS, kind=kind)
        return new

    def keep_rejects(self, rows: Iterable[RejectRow]) -> None:
        """Adds or replaces rejected lines."""
        self._db.executemany(
            "INSERT OR REPLACE INTO rejects (batch, line, reason_code, county, content) VALUES (?, ?, ?, ?, ?)", rows
        )

    def rejects(self, batch: str | None = None) -> Iterator[RejectRow]:
        """Rejected lines by batch and line."""
        yield from self._db.execute(
            "SELECT batch, line, reason_code, county, content FROM rejects WHERE ?1 IS NULL OR batch = ?1"
            " ORDER BY batch, line",
            (batch,),
        )

    def keep_file_name(self, batch: str, sealed: bytes) -> None:
        """Keeps or replaces the sealed name."""
        self._db.execute("INSERT OR REPLACE INTO originals (batch, file_name) VALUES (?, ?)", (batch, sealed))

    def file_name(self, batch: str) -> bytes | None:
        """The sealed name."""
        row = self._one("SELECT file_name FROM originals WHERE batch = ?", (batch,))
        return row[0] if row else None

    def forget_other_batches(self, landed: set[str]) -> None:
        """Removes what belongs to batches that never landed."""
        for table in ("rejects", "originals"):
            batches = [batch for (batch,) in self._db.execute(f"SELECT DISTINCT batch FROM {table}")]  # noqa: S608 one of two words
            orphans = [(batch,) for batch in batches if batch not in landed]
            self._db.executemany(f"DELETE FROM {table} WHERE batch = ?", orphans)  # noqa: S608 one of two words

    def _one(self, question: str, asked: Sequence[object] = ()) -> Any:  # noqa: ANN401 a row, or None
        return self._db.execute(question, asked).fetchone()

    def _rows_of(self, told: Mapping[str, Packed], count: int, question: str, **asked: object) -> tuple[pl.Series, ...]:
        """Numbers of packed rows, as `question` concatenates them."""
        rows, parameters = packed_rows(dict(told), count)
        return tuple(map(split_integers, self._db.execute(rows + question, parameters | asked).fetchone()))

    def _rows(self, question: str, numbers: Sequence[int], *asked: object) -> list[Any]:
        """The rows of `question`, whose last word is a column, where that column is one of `numbers`."""
        rows: list[Any] = []
        for start in range(0, len(numbers), _CHUNK):
            chunk = numbers[start : start + _CHUNK]
            rows.extend(self._db.execute(f"{question} IN ({','.join('?' * len(chunk))})", (*asked, *chunk)))
        return rows
