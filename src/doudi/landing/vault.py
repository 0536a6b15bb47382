"""密库：身份号码、姓名、户号、证号、退回行的原文，全都封存在这里，湖和引擎一概没有。

The vault of one home: SQLite whose readable content is SM4-GCM, each cell bound to its row. It gives every citizen id
its `person_key` and its `person_ref`, and is the only place that can turn either back into a person.
"""

import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import polars as pl

from doudi.errors import Refusal
from doudi.landing.bulk import Packed, insert, packed_integers, packed_rows, packed_same, split_integers
from doudi.landing.keys import MasterKeys, open_keys
from doudi.landing.people import People
from doudi.landing.seal import Sealer
from doudi.landing.tokens import Tokens

__all__ = ["SCHEMA", "Vault"]

_CHUNK = 10_000  # parameters per question, below SQLite's limit of 32,766

_PRAGMAS = (
    "journal_mode = WAL",  # who reads is not kept waiting by a landing
    "synchronous = FULL",
    "temp_store = MEMORY",
    "secure_delete = ON",
    "cache_size = -131072",  # KiB: the blind index is entered at random and must stay in memory
)

# registered, reported: the first month (YYYYMM) in which the population register, or any other feed, used that name.
SCHEMA = """
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


class Vault:
    """One home's vault. Writing is for the holder of the home's lock; anyone with the key file may read."""

    def __init__(self, connection: sqlite3.Connection, keys: MasterKeys, root: Path) -> None:
        self._db = connection
        self.root = root
        self.sealer = Sealer(keys.field)
        self.tokens = Tokens(keys.token)
        self._people = People(connection, keys, self.sealer)

    @classmethod
    @contextmanager
    def open(cls, home: Path, *, new: bool = False) -> Iterator["Vault"]:
        """The vault of `home`; `new`, which only the writer says, makes one where nothing landed yet.

        Refused: nothing landed yet, the key is lost, or it belongs to another vault.
        """
        keys = open_keys(home, new=new)
        root = home / "vault"
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = root / "vault.db"
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))  # SQLite would create it readable to all
        connection = sqlite3.connect(path, isolation_level=None)
        try:
            for pragma in _PRAGMAS:
                connection.execute(f"PRAGMA {pragma}")
            if new:
                connection.executescript(SCHEMA)
            _prove_key(connection, keys, new=new)
            yield cls(connection, keys, root)
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
            self._people.forget_seen()
            raise
        self._db.execute("COMMIT")

    def give_keys(self, ids: pl.Series) -> pl.DataFrame:
        """`person_key` of each id (as `numbers_of` gives them), given now if never before, and `ref`, 64 bits of its person_ref.

        One row per id, in their order; null for null. A key is dense, and never given to anybody else.
        """
        return self._people.give(ids)

    def key_of(self, person_id: str) -> int | None:
        """The key of an id, or None when no file ever named it."""
        return self._people.find(person_id)

    def refs(self, keys: Iterable[int]) -> dict[int, str]:
        """person_ref in hex by key: stable over homes with the same key file, whatever arrived first."""
        return {key: ref.hex() for key, ref in self._rows("SELECT person_key, ref FROM persons WHERE person_key", keys)}

    def people(self, keys: Iterable[int]) -> dict[int, tuple[str, str | None]]:
        """Id and name by key; the name is None when no file ever gave one."""
        wanted = list(keys)
        names = self.names(wanted)
        ids = self._rows("SELECT person_key, id FROM persons WHERE person_key", wanted)
        return {key: (self.sealer.unseal(f"persons.id|{key}", sealed), names.get(key)) for key, sealed in ids}

    def names(self, keys: Iterable[int]) -> dict[int, str]:
        """Name by key of those who have one: the register's latest, else the latest that any department used.

        Whatever arrived first, the same name is shown.
        """
        versions = self._rows("SELECT person_key, token, registered, reported, name FROM names WHERE person_key", keys)
        latest: dict[int, tuple[tuple[int, int, int], bytes]] = {}
        for key, token, registered, reported, name in versions:
            rank = (registered or 0, reported or 0, token)
            if key not in latest or rank > latest[key][0]:
                latest[key] = (rank, name)
        return {key: self.sealer.unseal(f"names.name|{key}:{rank[2]}", name) for key, (rank, name) in latest.items()}

    def label(self, kind: str, token: int) -> str | None:
        """The 户号 (`household_no`) or 证号 (`case_no`) that a token in the lake stands for, or None."""
        row = self._db.execute("SELECT label FROM labels WHERE kind = ? AND token = ?", (kind, token)).fetchone()
        return self.sealer.unseal(f"labels.label|{kind}:{token}", row[0]) if row else None

    def token_of(self, kind: str, text: str) -> int:
        """The token under which the lake holds a text of that kind."""
        return self.tokens.one(kind, text)

    def keep_names(self, names: pl.DataFrame, *, registered: bool, month: int) -> None:
        """Remembers who is called what: columns `person_key`, `token`, `name`; `month` is YYYYMM of the delivery."""
        source = "registered" if registered else "reported"
        seen = names.drop_nulls().unique(["person_key", "token"]).sort("person_key", "token")
        told = {name: packed_integers(seen[name]) for name in ("person_key", "token")}
        new, later = self._rows_of(told, seen.height, _NEW_AND_LATER.format(source=source), month=month)
        self._keep_new_names(seen[new], source, month)
        self._db.executemany(
            f"UPDATE names SET {source} = {month:d} WHERE person_key = ? AND token = ?",  # noqa: S608 one of two words
            seen[later].select("person_key", "token").iter_rows(),
        )

    def _keep_new_names(self, new: pl.DataFrame, source: str, month: int) -> None:
        places = new.select(pl.concat_str(pl.lit("names.name|"), "person_key", pl.lit(":"), "token")).to_series()
        for sealed in self.sealer.seal_column(places, new["name"]):
            these = new[sealed.rows]
            columns = {
                "person_key": packed_integers(these["person_key"]),
                "token": packed_integers(these["token"]),
                source: packed_same(month),
                "name": sealed.cells,
            }
            insert(self._db, "names", columns, these.height)

    def keep_labels(self, kind: str, texts: pl.Series, tokens: pl.Series) -> None:
        """Remembers what the tokens of a kind stand for."""
        told = pl.DataFrame({"token": tokens, "text": texts}).drop_nulls().unique("token").sort("token")
        (rows,) = self._rows_of({"token": packed_integers(told["token"])}, told.height, _NEW_LABELS, kind=kind)
        new = told[rows]
        places = new.select(pl.concat_str(pl.lit(f"labels.label|{kind}:"), "token")).to_series()
        for sealed in self.sealer.seal_column(places, new["text"]):
            these = packed_integers(new["token"].gather(sealed.rows))
            columns = {"kind": packed_same(kind), "token": these, "label": sealed.cells}
            insert(self._db, "labels", columns, sealed.rows.len())

    def keep_rejects(self, batch: str, rows: Iterable[tuple[int, str, int | None, str]]) -> None:
        """Remembers rejected lines: line, reason code, county, and the content to be sealed."""
        self._db.executemany(
            "INSERT OR REPLACE INTO rejects (batch, line, reason_code, county, content) VALUES (?, ?, ?, ?, ?)",
            (
                (batch, line, code, county, self.sealer.seal(f"rejects.content|{batch}:{line}:{code}", content))
                for line, code, county, content in rows
            ),
        )

    def kept_rejects(self) -> Iterator[tuple[str, int, str, int | None, str]]:
        """All rejected lines, by batch and line, opened; also of batches that never landed."""
        rows = self._db.execute("SELECT batch, line, reason_code, county, content FROM rejects ORDER BY batch, line")
        for batch, line, code, county, content in rows:
            yield batch, line, code, county, self.sealer.unseal(f"rejects.content|{batch}:{line}:{code}", content)

    def keep_file_name(self, batch: str, name: str) -> None:
        """Remembers what the department called its file, which may hold a person's name."""
        sealed = self.sealer.seal(f"originals.file_name|{batch}", name)
        self._db.execute("INSERT OR REPLACE INTO originals (batch, file_name) VALUES (?, ?)", (batch, sealed))

    def file_name(self, batch: str) -> str | None:
        """What the department called the file of a batch."""
        row = self._db.execute("SELECT file_name FROM originals WHERE batch = ?", (batch,)).fetchone()
        return self.sealer.unseal(f"originals.file_name|{batch}", row[0]) if row else None

    def original(self, batch: str) -> Path:
        """Where the received file of a batch lies, sealed."""
        return self.root / "originals" / f"{batch}.sm4"

    def sweep(self, landed: set[str]) -> None:
        """Removes what belongs to batches that never landed. Persons stay: a key once given is never given again."""
        with self.transaction():
            for table in ("rejects", "originals"):
                batches = [batch for (batch,) in self._db.execute(f"SELECT DISTINCT batch FROM {table}")]  # noqa: S608 one of two words
                orphans = [(batch,) for batch in batches if batch not in landed]
                self._db.executemany(f"DELETE FROM {table} WHERE batch = ?", orphans)  # noqa: S608 one of two words
        for path in (self.root / "originals").glob("*"):
            if path.suffix != ".sm4" or path.stem not in landed:
                path.unlink()

    def _rows_of(self, told: dict[str, Packed], count: int, question: str, **asked: object) -> tuple[pl.Series, ...]:
        """Numbers of packed rows, as `question` concatenates them."""
        rows, parameters = packed_rows(told, count)
        return tuple(map(split_integers, self._db.execute(rows + question, parameters | asked).fetchone()))

    def _rows(self, question: str, numbers: Iterable[int]) -> list[tuple[Any, ...]]:
        """The rows of `question`, whose last word is a column, where that column is one of `numbers`."""
        wanted = list(numbers)
        rows: list[tuple[Any, ...]] = []
        for start in range(0, len(wanted), _CHUNK):
            chunk = wanted[start : start + _CHUNK]
            rows.extend(self._db.execute(f"{question} IN ({','.join('?' * len(chunk))})", chunk))
        return rows


def _prove_key(connection: sqlite3.Connection, keys: MasterKeys, *, new: bool) -> None:
    """Compares the key file with the one this vault began with; the first opening leaves the proof."""
    proof = keys.blind.derived("vault.proof")
    if new:
        connection.execute("INSERT OR IGNORE INTO checks VALUES ('key', ?)", (proof,))
    (kept,) = connection.execute("SELECT value FROM checks WHERE name = 'key'").fetchone()
    if kept != proof:
        raise Refusal(
            "landing.key_foreign", "密钥文件不是这个密库的；用它会把每个人都当成新人，所以拒绝。请恢复原来的密钥文件。"
        )
