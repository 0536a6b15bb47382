"""Rows by the hundred thousand. Tables with row-level security take no COPY: a temporary table does, and is merged."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, models

__all__ = ["refresh_statistics", "writing"]

Write = Callable[[models.Model], None]


@contextmanager
def writing(model: type[models.Model], *, kept: Iterable[str] = ()) -> Iterator[Write]:
    """Takes rows one by one and writes them all at the end, inside the caller's transaction.

    A row whose key stands already is overwritten but for the columns `kept`. A key that the database gives is not written.
    """
    key = model._meta.pk  # noqa: SLF001  # here and below: the model's own columns
    fields = [
        field
        for field in model._meta.local_concrete_fields  # noqa: SLF001 - the model's own columns
        if not isinstance(field, models.AutoField | models.BigAutoField)
    ]
    table, staged = model._meta.db_table, f"staged_{model._meta.model_name}"  # noqa: SLF001 - the model's own columns
    names = ", ".join(str(field.column) for field in fields)
    overwritten = ", ".join(f"{f.column} = excluded.{f.column}" for f in fields if f is not key and f.name not in kept)
    conflict = f"ON CONFLICT ({key.column}) DO UPDATE SET {overwritten}" if key in fields else ""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE {staged} ON COMMIT DROP AS SELECT {names} FROM {table} WITH NO DATA")  # noqa: S608 - our own names
        with cursor.copy(f"COPY {staged} ({names}) FROM STDIN") as copy:

            def write(row: models.Model) -> None:
                copy.write_row([_value(row, field) for field in fields])

            yield write
        cursor.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM {staged} {conflict}")  # noqa: S608 - our own names
        cursor.execute(f"DROP TABLE {staged}")


def refresh_statistics(*those: type[models.Model]) -> None:
    """The planner learns at once what these tables hold now, instead of when autovacuum comes by.

    Where the role may not (a server before PostgreSQL 17), the server warns and goes on.
    """
    with connection.cursor() as cursor:
        for model in those:
            cursor.execute(f"ANALYZE {model._meta.db_table}")  # noqa: SLF001 - the table's own name


def _value(row: models.Model, field: Any) -> object:  # noqa: ANN401 - any column of a model
    return getattr(row, field.attname)
