"""接收一次运行的户与人：先摆好，再整批并入；只有变了的人才向密库要姓名、重建查找代号。

How a run's population becomes tables. One transaction: readers see the former population or the new one.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Final

import polars as pl
from django.db import connection
from django.db.backends.utils import CursorWrapper

from doudi.errors import Fault
from doudi.office.registry import vaulted
from doudi.office.registry.merge import (
    CHANGED,
    COUNTS,
    HOUSEHOLDS,
    NEW_PERSONS,
    PERSONS,
    STATISTICS,
    TABLES,
    TABLES_GONE,
    TOKENS,
)
from doudi.office.registry.staging import HOUSEHOLD_COLUMNS, PERSON_COLUMNS, pieces
from doudi.office.registry.terms import KINDS, terms_of

__all__ = ["Merged", "merge"]

_PERSONS_AT_A_TIME: Final = 20_000  # names and ids of so many stand in memory, and no more


@dataclass(frozen=True, slots=True)
class Merged:
    """How many the run named, and of how many the search was made anew."""

    households: int
    persons: int
    retokened: int


def merge(households: pl.DataFrame, persons: pl.DataFrame, day: date) -> Merged:
    """Brings the staged frames into the tables, inside the caller's transaction and scope (which must be the whole).

    1. what is staged is copied; 2. households; 3. who is new gets a ref; who changed is noted; 4. persons; 5. the search
    over those; 6. the counts; 7. the planner learns what the tables hold now.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext('registry.take_over'))"
        )  # two at once would undo each other
        columns = {"households": _columns(HOUSEHOLD_COLUMNS), "persons": _columns(PERSON_COLUMNS)}
        cursor.execute(TABLES.format(**columns))
        _copy(cursor, "staged_household", households)
        _copy(cursor, "staged_person", persons)
        cursor.execute("ANALYZE staged_household; ANALYZE staged_person")
        for text in HOUSEHOLDS:
            cursor.execute(text, {"day": day})
        _refs_of_new(cursor)
        changed = _keys(cursor, CHANGED)
        for text in PERSONS:
            cursor.execute(text, {"day": day})
        _tokens(cursor, changed)
        for text in COUNTS:
            cursor.execute(text)
        cursor.execute(TABLES_GONE)
        cursor.execute(STATISTICS)
    return Merged(households.height, persons.height, len(changed))


def _columns(kinds: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {kind}" for name, kind in kinds.items())


def _copy(cursor: CursorWrapper, table: str, frame: pl.DataFrame) -> None:
    """COPY of the frame, its columns in the order of the table's."""
    with cursor.copy(f"COPY {table} ({', '.join(frame.columns)}) FROM STDIN (FORMAT csv)") as copy:
        for piece in pieces(frame):
            copy.write(piece)


def _keys(cursor: CursorWrapper, text: str) -> list[int]:
    cursor.execute(text)
    return [key for (key,) in cursor.fetchall()]


def _chunks(keys: list[int]) -> Iterator[list[int]]:
    rest = iter(keys)
    while chunk := list(islice(rest, _PERSONS_AT_A_TIME)):
        yield chunk


def _refs_of_new(cursor: CursorWrapper) -> None:
    """The person_ref of everybody whom the registry does not know yet, from the vault."""
    for chunk in _chunks(_keys(cursor, NEW_PERSONS)):
        refs = vaulted.refs(chunk)
        if len(refs) != len(chunk):
            raise Fault(
                "registry.not_in_vault",
                f"运行结果里有 {len(chunk) - len(refs)} 个人在密库里没有；请核对两者是否同一套数据。",
            )
        _copy(cursor, "staged_ref", pl.DataFrame({"person_key": list(refs), "ref": list(refs.values())}))


def _tokens(cursor: CursorWrapper, changed: list[int]) -> None:
    """The search over these persons, made anew."""
    forget, remember = TOKENS
    for chunk in _chunks(changed):
        cursor.execute(forget, {"again": chunk})
        _copy(cursor, "staged_token", _tokens_of(chunk))
    cursor.execute("ANALYZE staged_token")
    cursor.execute(remember)


def _tokens_of(keys: list[int]) -> pl.DataFrame:
    """Columns `token`, `person_key`: everything that these persons are found by, digested."""
    plain = vaulted.plain(people=keys)
    texts: dict[str, list[str]] = {kind: [] for kind in KINDS}
    persons: dict[str, list[int]] = {kind: [] for kind in KINDS}
    for key in keys:
        for kind, text in terms_of(plain.names.get(key), plain.ids.get(key)):
            texts[kind].append(text)
            persons[kind].append(key)
    schema = {"token": pl.Int64, "person_key": pl.Int64}
    return (
        pl.concat(
            pl.DataFrame(
                {"token": vaulted.search_tokens(kind, texts[kind]), "person_key": persons[kind]}, schema=schema
            )
            for kind in KINDS
            if texts[kind]
        )
        if any(texts.values())
        else pl.DataFrame(schema=schema)
    )
