"""The second keeper of the vault: tables of the office's database.

Columns go in as one binary parameter each, which the statement itself cuts into rows: neither a temporary table nor a
text of any row is made on the way.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import polars as pl
import psycopg

from doudi.errors import Fault
from doudi.landing.bulk import Packed, split_integers
from doudi.landing.keeper import NameVersion, RejectRow

__all__ = ["TableKeeper"]

_TYPES = {"INTEGER": "bigint", "TEXT": "text"}

_BETWEEN = """
SELECT string_agg(blind, ''), string_agg(person_key::text, ',') FROM exchange_vault_blinds
WHERE blind >= %(low)b AND blind < %(high)b
"""
_KEYS = """
SELECT string_agg(n::text, ','), string_agg(person_key::text, ',') FROM packed JOIN exchange_vault_blinds USING (blind)
"""
# Of the packed rows: the names that are not kept yet; the kept ones of which this source speaks earlier than known.
_NEW_AND_LATER = """
SELECT string_agg(n::text, ',') FILTER (WHERE kept.token IS NULL),
    string_agg(n::text, ',') FILTER (WHERE kept.token IS NOT NULL AND (kept.{0} IS NULL OR kept.{0} > %(month)s))
FROM packed LEFT JOIN exchange_vault_names AS kept USING (person_key, token)
"""
_NEW_LABELS = """
SELECT string_agg(n::text, ',') FROM packed
WHERE NOT EXISTS (SELECT 1 FROM exchange_vault_labels AS kept WHERE kept.kind = %(kind)s AND kept.token = packed.token)
"""
_KEEP_REJECT = """
INSERT INTO exchange_vault_rejects (batch, line, reason_code, county, content) VALUES (%s, %s, %s, %s, %b)
ON CONFLICT (batch, line, reason_code) DO UPDATE SET county = excluded.county, content = excluded.content
"""
_KEEP_FILE_NAME = """
INSERT INTO exchange_vault_originals (batch, file_name) VALUES (%s, %b)
ON CONFLICT (batch) DO UPDATE SET file_name = excluded.file_name
"""
_FETCHED = 1_000  # rejected lines read at a time


class TableKeeper:
    """A `Keeper` on a connection. Each call is a transaction of its own, or a part of the one around it.

    The tables show a row only while this keeper has opened them in that transaction.
    """

    def __init__(self, connection: "psycopg.Connection[Any]") -> None:
        self._db = connection
        self._open = False

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is written inside, or nothing. The next key is this writer's until its end."""
        with self.opened():
            self.next_key()
            yield

    def prove(self, proof: bytes, *, new: bool) -> bool:
        """Did this vault begin under that proof of the key? A `new` one begins now."""
        with self.opened():
            if new:
                self._do("INSERT INTO exchange_vault_checks VALUES ('key', %b) ON CONFLICT DO NOTHING", proof)
                self._do("INSERT INTO exchange_vault_counters VALUES ('next_person_key', 1) ON CONFLICT DO NOTHING")
            return bool(self._one("SELECT value FROM exchange_vault_checks WHERE name = 'key'") == (proof,))

    def begun(self) -> bool:
        """Was this vault ever opened as new?"""
        return bool(self._one("SELECT count(*) FROM exchange_vault_checks")[0])

    def insert(self, table: str, columns: Mapping[str, Packed], count: int) -> None:
        """Adds new rows."""
        if count:
            names = ", ".join(columns)
            rows, parameters = _packed_rows(columns, count)
            with self.opened():
                self._say(f"{rows} INSERT INTO exchange_vault_{table} ({names}) SELECT {names} FROM packed", parameters)  # noqa: S608 our own names

    def persons(self) -> int:
        """How many persons have a blind index."""
        return int(self._one("SELECT count(*) FROM exchange_vault_blinds")[0])

    def next_key(self) -> int:
        """The number that the next new person gets; inside a transaction, which keeps it for this writer."""
        return int(self._one("SELECT value FROM exchange_vault_counters WHERE name = 'next_person_key' FOR UPDATE")[0])

    def move_next_key(self, key: int) -> None:
        """From now on the next new person gets `key`."""
        with self.opened():
            self._do("UPDATE exchange_vault_counters SET value = %s WHERE name = 'next_person_key'", key)

    def key_of(self, blind: bytes) -> int | None:
        """The person of a blind index."""
        row = self._one("SELECT person_key FROM exchange_vault_blinds WHERE blind = %b", blind)
        return int(row[0]) if row else None

    def keys_of(self, blinds: Packed, count: int) -> tuple[pl.Series, pl.Series]:
        """Row numbers and persons of the packed blind indexes that are known."""
        at, keys = self._numbers({"blind": blinds}, count, _KEYS)
        return at, keys

    def blinds_between(self, low: bytes, high: bytes) -> tuple[bytes, pl.Series]:
        """Blind indexes one after the other, and their persons."""
        with self.opened():
            blinds, keys = self._say(_BETWEEN, {"low": low, "high": high}).fetchone() or (None, None)
        return blinds or b"", split_integers(keys)

    def refs(self, keys: Sequence[int]) -> list[tuple[int, bytes]]:
        """Person and ref."""
        return self._rows("SELECT person_key, ref FROM exchange_vault_persons WHERE person_key = ANY(%s)", list(keys))

    def ids(self, keys: Sequence[int]) -> list[tuple[int, bytes]]:
        """Person and sealed id."""
        return self._rows("SELECT person_key, id FROM exchange_vault_persons WHERE person_key = ANY(%s)", list(keys))

    def names(self, keys: Sequence[int]) -> list[NameVersion]:
        """All names of these persons, sealed."""
        return self._rows(
            "SELECT person_key, token, registered, reported, name FROM exchange_vault_names WHERE person_key = ANY(%s)",
            list(keys),
        )

    def names_said(
        self, said: Mapping[str, Packed], count: int, source: str, month: int
    ) -> tuple[pl.Series, pl.Series]:
        """Row numbers of the new names, and of those used earlier than known."""
        new, later = self._numbers(said, count, _NEW_AND_LATER.format(source), month=month)
        return new, later

    def date_names(self, names: Iterable[tuple[int, int]], source: str, month: int) -> None:
        """Sets the first month in which `source` used these names."""
        these = list(names)
        with self.opened():
            self._do(
                f"UPDATE exchange_vault_names AS kept SET {source} = %s"  # noqa: S608 one of two words
                " FROM unnest(%s::bigint[], %s::bigint[]) AS said (person_key, token)"
                " WHERE kept.person_key = said.person_key AND kept.token = said.token",
                month, [key for key, _ in these], [token for _, token in these],
            )  # fmt: skip

    def labels(self, kind: str, tokens: Sequence[int]) -> list[tuple[int, bytes]]:
        """Token and sealed label."""
        return self._rows(
            "SELECT token, label FROM exchange_vault_labels WHERE kind = %s AND token = ANY(%s)", kind, list(tokens)
        )

    def labels_said(self, kind: str, tokens: Packed, count: int) -> pl.Series:
        """Row numbers of the new labels."""
        (new,) = self._numbers({"token": tokens}, count, _NEW_LABELS, kind=kind)
        return new

    def keep_rejects(self, rows: Iterable[RejectRow]) -> None:
        """Adds or replaces rejected lines."""
        with self.opened(), psycopg.Cursor(self._db) as cursor:
            cursor.executemany(_KEEP_REJECT, rows)

    def rejects(self, batch: str | None = None) -> Iterator[RejectRow]:
        """Rejected lines by batch and line, read a thousand at a time."""
        after: tuple[str, int, str] = ("", 0, "")
        question = (
            "SELECT batch, line, reason_code, county, content FROM exchange_vault_rejects"
            " WHERE (%s::text IS NULL OR batch = %s) AND (batch, line, reason_code) > (%s, %s, %s)"
            " ORDER BY batch, line, reason_code LIMIT %s"
        )
        while rows := self._rows(question, batch, batch, *after, _FETCHED):
            yield from rows
            after = rows[-1][:3]

    def keep_file_name(self, batch: str, sealed: bytes) -> None:
        """Keeps or replaces the sealed name."""
        with self.opened():
            self._do(_KEEP_FILE_NAME, batch, sealed)

    def file_name(self, batch: str) -> bytes | None:
        """The sealed name."""
        row = self._one("SELECT file_name FROM exchange_vault_originals WHERE batch = %s", batch)
        return row[0] if row else None

    def forget_other_batches(self, landed: set[str]) -> None:
        """Removes what belongs to batches that never landed."""
        with self.opened():
            for table in ("rejects", "originals"):
                self._do(f"DELETE FROM exchange_vault_{table} WHERE NOT batch = ANY(%s)", sorted(landed))  # noqa: S608 one of two words

    @contextmanager
    def opened(self) -> Iterator[None]:
        """A transaction in which the tables are open; afterwards, if one goes on around it, they are closed again."""
        if self._open:
            yield
            return
        with self._db.transaction():
            self._do("SELECT set_config('app.vault', 'open', true)")
            self._open = True
            try:
                yield
            finally:
                self._open = False
            self._do("SELECT set_config('app.vault', '', true)")

    def _say(self, statement: str, parameters: Any = None) -> "psycopg.Cursor[Any]":  # noqa: ANN401 of any statement
        # Not Django's own cursor, which writes parameters into the statement: here they travel beside it, in binary.
        cursor = psycopg.Cursor(self._db)
        return cursor.execute(statement, parameters, binary=True)

    def _do(self, statement: str, *asked: object) -> None:
        self._say(statement, asked)

    def _one(self, question: str, *asked: object) -> Any:  # noqa: ANN401 a row, or None
        with self.opened():
            return self._say(question, asked).fetchone()

    def _rows(self, question: str, *asked: object) -> list[Any]:
        with self.opened():
            return self._say(question, asked).fetchall()

    def _numbers(self, said: Mapping[str, Packed], count: int, question: str, **asked: object) -> tuple[pl.Series, ...]:
        """Numbers of packed rows, as `question` concatenates them."""
        rows, parameters = _packed_rows(said, count)
        with self.opened():
            found = self._say(rows + question, parameters | asked).fetchone()
        if found is None:
            raise Fault("exchange.no_answer", "密库没有回答一个总有一行答案的问题。")
        return tuple(map(split_integers, found))


def _packed_rows(columns: Mapping[str, Packed], count: int) -> tuple[str, dict[str, object]]:
    """The first words of a statement over `count` rows, and its parameters: `packed` has `n` from 0 and the columns."""
    values = ", ".join(f"{_value(name, column)} AS {name}" for name, column in columns.items())
    parameters: dict[str, object] = {name: column.content for name, column in columns.items()}
    # Materialised: else a join might cut the same row out again and again.
    rows = f"WITH packed AS MATERIALIZED (SELECT n, {values} FROM generate_series(0, %(count)s::int - 1) AS n) "  # noqa: S608 our own names
    return rows, parameters | {"count": count}


def _value(name: str, column: Packed) -> str:
    """The value of row `n`, in SQL."""
    value = f"substr(%({name})b::bytea, 1 + {column.stride:d} * n, {column.size:d})"
    if column.kind == "BLOB":
        return value
    return f"convert_from({value}, 'UTF8')::{_TYPES[column.kind]}"
