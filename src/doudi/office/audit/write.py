"""记流水：做了什么、读了什么、什么没有办成，各一条，写在调用者的事务里。

What is written into the journal. One row a deed, in the caller's transaction: undone together with what it tells of.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import connection
from psycopg.types.json import Jsonb

from doudi.errors import DoudiError, Fault
from doudi.office.common.actor import Actor
from doudi.office.common.fields import FieldClass

__all__ = ["Reading", "record", "record_reading", "record_readings", "record_refusal"]

# A citizen's id, born in this century or the last. None may enter the journal.
_ID: Final = re.compile(r"(?<![0-9A-Za-z])(\d{6})(?:19|20)\d{2}(?:0[1-9]|1[0-2])\d{5}[\dXx](?![0-9A-Za-z])")

# Without RETURNING: the writer need not be able to read what he writes.
_INSERT: Final = """
    INSERT INTO audit_entry (at, actor, actor_id, role, actor_division, act, subject_kind, subject, whose, division, why,
                             outcome, detail)
    VALUES """
_ROW: Final = f"({', '.join(['%s'] * 13)})"
_AT_ONCE: Final = 1000  # rows of one statement


@dataclass(frozen=True, slots=True)
class Reading:
    """One record that was read: its ref, its division (null: none), and whose it is as a person_ref (may be empty)."""

    subject: str
    division: int | None = None
    whose: str = ""


def record(  # noqa: PLR0913 - a row of the journal has as many columns
    *,
    actor: Actor,
    at: datetime,
    act: str,
    subject_kind: str = "",
    subject: str = "",
    whose: str = "",
    division: int | None = None,
    why: str = "",
    outcome: str = "done",
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Writes one row into the journal, in the caller's transaction: undone together with what it tells of.

    `act` is a stable code, `office.verb`; its Chinese word stands in `audit.words`. `subject` is a ref or a key, `whose` a
    person_ref. `outcome` is done, refused or failed. `detail` holds whole numbers and words. A citizen's id that somebody
    typed into `why` is covered; anywhere else it is a fault, as is a fraction.
    """
    told = _Told(act, subject_kind, why, outcome, detail or {})
    _insert(actor, at, told, [Reading(subject, division, whose)])


def record_reading(
    *,
    actor: Actor,
    at: datetime,
    act: str,
    subject_kind: str,
    read: Reading,
    why: str = "",
    shown: Iterable[FieldClass] = (),
) -> None:
    """A personal record was read: one row, however often it was read before. `shown` are the classes that stood in plain."""
    record_readings(actor=actor, at=at, act=act, subject_kind=subject_kind, read=[read], why=why, shown=shown)


def record_readings(
    *,
    actor: Actor,
    at: datetime,
    act: str,
    subject_kind: str,
    read: Iterable[Reading],
    why: str = "",
    shown: Iterable[FieldClass] = (),
) -> None:
    """Several personal records were read at once: a row for each, so that each person's history holds it."""
    detail = {"shown": sorted(kind.value for kind in shown)}
    _insert(actor, at, _Told(act, subject_kind, why, "done", detail), list(read))


def record_refusal(
    *,
    actor: Actor,
    at: datetime,
    act: str,
    error: DoudiError,
    subject_kind: str = "",
    subject: str = "",
    division: int | None = None,
) -> None:
    """Something was asked for and refused. Call it at the edge, after the refused transaction was undone."""
    record(
        actor=actor, at=at, act=act, subject_kind=subject_kind, subject=subject, division=division,
        outcome="refused", detail={"code": error.code},
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Told:
    act: str
    subject_kind: str
    why: str
    outcome: str
    detail: Mapping[str, Any]


def _insert(actor: Actor, at: datetime, told: _Told, read: Iterable[Reading]) -> None:
    _refuse_fractions(told.act, told.detail)
    why = _ID.sub(r"\1************", told.why.replace("\0", ""))
    rows = [
        (
            at, actor.name, actor.user_id, actor.role.value, actor.division, told.act, told.subject_kind, one.subject,
            one.whose, one.division, why, told.outcome, Jsonb(dict(told.detail)),
        )
        for one in read
    ]  # fmt: skip
    if any(_ID.search(f"{one.subject} {one.whose}") for one in read) or _ID.search(str(told.detail)):
        raise Fault("audit.id_in_journal", f"流水“{told.act}”里写进了公民身份号码；流水只许写引用和键。")
    with connection.cursor() as cursor:
        for start in range(0, len(rows), _AT_ONCE):
            some = rows[start : start + _AT_ONCE]
            values: list[Any] = [value for row in some for value in row]
            cursor.execute(_INSERT + ", ".join([_ROW] * len(some)), values)


def _refuse_fractions(act: str, value: object) -> None:
    """A fraction may read back otherwise than it was written, and the chain would call that an edit."""
    inside = value.values() if isinstance(value, Mapping) else value if isinstance(value, list | tuple) else ()
    if isinstance(value, float):
        raise Fault("audit.fraction_in_journal", f"流水“{act}”的明细里有小数；只许写整数和文字。")
    for part in inside:
        _refuse_fractions(act, part)
