"""辖区：数据库第二道防线所认的范围，只在一个事务之内有效。

The scope that row-level security reads. It is set inside a transaction and gone with it: a pooled connection that is
handed on has none, and without one no row is seen (fails closed).
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from doudi.office.common.codes import WHOLE

__all__ = ["PERSONAL", "enter_scope", "protect", "whole_city", "within_scope"]

# The three divisions by which a household is visible: 户籍地, 居住地, 管理地.
PERSONAL = ("hukou_division", "residence_division", "managing_division")

_LO = "NULLIF(current_setting('app.lo', true), '')::bigint"
_HI = "NULLIF(current_setting('app.hi', true), '')::bigint"


def enter_scope(lo: int, hi: int) -> None:
    """What this transaction may see from now on: rows of divisions `lo` to `hi`. Call it inside a transaction only."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.lo', %s, true), set_config('app.hi', %s, true)", [str(lo), str(hi)])


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


def _entered() -> tuple[str, str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(current_setting('app.lo', true), ''), coalesce(current_setting('app.hi', true), '')"
        )
        row: tuple[str, str] = cursor.fetchone()
        return row


def _return_to(before: tuple[str, str]) -> None:
    # On an error nothing is owed: the rollback to the savepoint takes the setting back.
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.lo', %s, true), set_config('app.hi', %s, true)", list(before))


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
