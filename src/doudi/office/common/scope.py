"""辖区：数据库第二道防线所认的范围，只在一个事务之内有效。

The scope that row-level security reads. It is set inside a transaction and gone with it: a pooled connection that is
handed on has none, and without one no row is seen (fails closed).
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from doudi.office.common.codes import WHOLE

__all__ = ["PERSONAL", "enter_scope", "protect", "protect_own", "whole_city", "within_scope"]

# The three divisions by which a household is visible: 户籍地, 居住地, 管理地.
PERSONAL = ("hukou_division", "residence_division", "managing_division")

_LO = "NULLIF(current_setting('app.lo', true), '')::bigint"
_HI = "NULLIF(current_setting('app.hi', true), '')::bigint"
_READER = "NULLIF(current_setting('app.reader', true), '')::bigint"
_SETTINGS = ("app.lo", "app.hi", "app.reader")


def enter_scope(lo: int, hi: int, reader: int | None = None) -> None:
    """What this transaction may see from now on: rows of divisions `lo` to `hi`. Call it inside a transaction only.

    `reader` is the user who looks, for rows that are one person's own; None = a machine.
    """
    _set(str(lo), str(hi), "" if reader is None else str(reader))


@contextmanager
def whole_city() -> Iterator[None]:
    """A transaction in which a machine sees every division."""
    with within_scope(*WHOLE):
        yield


@contextmanager
def within_scope(lo: int, hi: int) -> Iterator[None]:
    """A transaction of that scope; inside another one, the scope from before stands again afterwards."""
    with transaction.atomic():
        before = _entered()
        enter_scope(lo, hi)
        yield
        _return_to(before)


def _entered() -> tuple[str, ...]:
    asked = ", ".join(f"coalesce(current_setting('{name}', true), '')" for name in _SETTINGS)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {asked}")
        row: tuple[str, ...] = cursor.fetchone()
        return row


def _return_to(before: tuple[str, ...]) -> None:
    # On an error nothing is owed: the rollback to the savepoint takes the setting back.
    _set(*before)


def _set(*values: str) -> None:
    told = ", ".join(f"set_config('{name}', %s, true)" for name in _SETTINGS)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {told}", list(values))


def protect(table: str, columns: tuple[str, ...] = PERSONAL) -> str:
    """SQL for a migration: row-level security on a table with personal data, for its owner too.

    A row is seen, and may be written, when any of its division columns lies in the scope. With no column: whenever some
    scope is set. The planner turns each comparison into an index range.
    """
    within = " OR ".join(f"({column} BETWEEN {_LO} AND {_HI})" for column in columns) or f"{_LO} IS NOT NULL"
    return (
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;"
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY;"
        f"CREATE POLICY within_scope ON {table} USING ({within}) WITH CHECK ({within});"
    )


def protect_own(table: str, owner: str, division: str) -> str:
    """SQL for a migration: row-level security on a table whose rows are one person's own.

    A row is seen and written by the reader whose number stands in `owner`, while its `division` lies in his scope (null:
    it is about no place); and by a machine that sees every division.
    """
    lo, hi = WHOLE
    own = f"{owner} = {_READER} AND ({division} IS NULL OR {division} BETWEEN {_LO} AND {_HI})"
    machine = f"{_READER} IS NULL AND {_LO} = {lo} AND {_HI} = {hi}"
    return (
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;"
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY;"
        f"CREATE POLICY his_own ON {table} USING (({own}) OR ({machine})) WITH CHECK (({own}) OR ({machine}));"
    )
