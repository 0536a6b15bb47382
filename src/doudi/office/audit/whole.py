"""全部流水：只有安全审计员和封链程序看得到辖区之外的条目，只在一个事务之内。

The journal without scope. Row-level security shows an entry when it concerns no division, or one in the transaction's
scope, or when this was entered: by the sealer, the verifier and the audit administrator's page, and by nobody else.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

__all__ = ["whole_journal"]


@contextmanager
def whole_journal() -> Iterator[None]:
    """Every entry is readable inside, in a transaction; an error undoes the setting with the transaction."""
    with transaction.atomic():
        _let("on")
        yield
        _let("")


def _let(value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.journal', %s, true)", [value])
