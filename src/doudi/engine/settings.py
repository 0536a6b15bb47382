"""The book's settings as a table: one row per county, one column (or pair, or triple) per parameter and constant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from doudi.engine.meaning import Setting
from doudi.engine.sql import columns
from doudi.policy.view import View

SQL_TYPES = {"bool": "BOOLEAN", "code": "VARCHAR", "quantity": "BIGINT", "date": "DATE", "ratio": "BIGINT"}


def parameter_table(views: Mapping[int, View]) -> tuple[list[tuple[str, str]], list[tuple[object, ...]]]:
    """`parameters`, one row per county (6 digits as int): (name, SQL type) of its columns, and the rows."""
    book = next(iter(views.values())).book
    words = [
        word for word in book.words.values() if word.kind in ("parameter", "constant") and word.type.kind in SQL_TYPES
    ]
    heads = [("county", "INTEGER")]
    heads += [(name, SQL_TYPES[word.type.kind]) for word in words for name in columns(word.id, word.type.kind)]
    rows = []
    for county, view in views.items():
        row: list[object] = [county]
        for word in words:
            value = view.constants[word.id]
            row += list(value) if isinstance(value, tuple) else [value]
            row += [view.denominators[word.id]] if word.type.kind == "ratio" else []
        rows.append(tuple(row))
    return heads, rows


def common_settings(heads: Sequence[tuple[str, str]], rows: Sequence[Sequence[object]]) -> dict[str, Setting]:
    """The columns that say the same in every county, by name: they are written into the texts instead of joined."""
    return {
        name: rows[0][place]  # type: ignore[misc]  # a parameter's value
        for place, (name, _) in enumerate(heads)
        if place and all(row[place] == rows[0][place] for row in rows)
    }
