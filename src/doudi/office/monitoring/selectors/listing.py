"""The list of alerts, a page at a time by key: one row a household, or one an alert."""

import functools
import operator
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value

from doudi.office.accounts.scope import Viewer, within
from doudi.office.monitoring.asked import ORDERS, VIEWS, Asked, Key
from doudi.office.monitoring.cards import ListPage, Row
from doudi.office.monitoring.models import Alert
from doudi.office.monitoring.selectors.drawing import draw
from doudi.office.monitoring.selectors.filtering import filtered

__all__ = ["alerts", "beside", "leading_rows", "matching", "worklist"]


def alerts(viewer: Viewer, asked: Asked, at: datetime) -> ListPage:
    """One page of the list in the viewer's jurisdiction.

    Grain: household (or delivery), led by its first alert in the list's order; alert when `asked.flat`. The pages one after
    another are the whole list, each row once. Others of a household stand beside it when the viewer may see them.
    """
    rows = leading_rows(viewer, asked, at)
    backwards = bool(asked.before)
    key = asked.before or asked.after
    if key:
        found = _beyond(rows, asked.order, key, asked.size + 1, backwards=backwards)
    else:
        found = list(_ordered(rows, asked.order, backwards=False)[: asked.size + 1])
    more = len(found) > asked.size
    page = found[: asked.size][:: -1 if backwards else 1]
    others = {} if asked.flat else _others(viewer, page, asked)
    drawn = draw(viewer, [*page, *(row for some in others.values() for row in some)], at)
    return ListPage(
        tuple(
            Row(drawn[row.pk], tuple(drawn[each.pk] for each in others.get(row.household_key or 0, ()))) for row in page
        ),
        _key(page[-1], asked.order) if page and (more or backwards) else (),
        _key(page[0], asked.order) if page and (more if backwards else asked.after) else (),
    )


def worklist(viewer: Viewer, at: datetime, limit: int = 8) -> tuple[Row, ...]:
    """What is asked of the viewer first: households with an open red or orange alert, the red and the newest first."""
    return alerts(viewer, Asked(size=limit), at).rows


def beside(viewer: Viewer, asked: Asked, at: datetime, row: Alert) -> tuple[str, str]:
    """The alerts before and after this one in the list that it was opened from; empty at its ends."""
    columns = ORDERS[asked.order]
    values = [getattr(row, column.lstrip("-")) for column in columns]
    names = [column.lstrip("-") for column in columns]
    try:  # compiled once: the six stretches differ in nothing but where they begin
        listed, given = leading_rows(viewer, asked, at).values_list(*names).query.sql_with_params()
    except EmptyResultSet:
        return "", ""
    parts, told = [], []
    for side, turned in (("before", True), ("after", False)):
        for last in reversed(range(len(columns))):
            stretch = _stretch(columns, last, turned)
            parts.append(f"(SELECT '{side}', alert_id FROM ({listed}) AS listed {stretch} LIMIT 1)")  # noqa: S608 - our own names
            told += [*given, *values[: last + 1]]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), told)
        found: dict[str, str] = {}
        for side, pk in cursor.fetchall():  # the nearest stretch first
            found.setdefault(side, pk)
    return found.get("before", ""), found.get("after", "")


def matching(viewer: Viewer, asked: Asked, at: datetime) -> QuerySet[Alert]:
    """Every alert of the list in its order, for exports."""
    return _ordered(filtered(viewer, asked, at), asked.order, backwards=False)


def leading_rows(viewer: Viewer, asked: Asked, at: datetime) -> QuerySet[Alert]:
    """The rows of the list: of each household the one alert before which no other of it stands in the list."""
    rows = filtered(viewer, asked, at).defer("sealed")
    if asked.flat:
        return rows
    columns = ORDERS[asked.order]
    outer = {column.lstrip("-"): OuterRef(column.lstrip("-")) for column in columns}
    earlier = filtered(viewer, asked, at).filter(
        _lexicographic(columns, outer, backwards=True), household_key=OuterRef("household_key")
    )
    return rows.filter(~Exists(earlier))


def _others(viewer: Viewer, page: list[Alert], asked: Asked) -> dict[int, list[Alert]]:
    """The other open alerts of these households, of this view's levels, the worst first."""
    keys = [row.household_key for row in page if row.household_key is not None]
    leads = [row.pk for row in page]
    rows = Alert.objects.filter(within(viewer), household_key__in=keys, level__in=VIEWS[asked.view][1])
    rows = rows.exclude(pk__in=leads).exclude(status="cleared").defer("sealed").order_by(*ORDERS["level"])
    found: dict[int, list[Alert]] = {}
    for row in rows:
        found.setdefault(row.household_key or 0, []).append(row)
    return found


def _ordered(rows: QuerySet[Alert], order: str, *, backwards: bool) -> QuerySet[Alert]:
    columns = [F(column.lstrip("-")) for column in ORDERS[order]]
    down = [column.startswith("-") is not backwards for column in ORDERS[order]]
    return rows.order_by(*(f.desc() if desc else f.asc() for f, desc in zip(columns, down, strict=True)))


def _beyond(rows: QuerySet[Alert], order: str, key: Key, many: int, *, backwards: bool) -> list[Alert]:
    """The first rows beyond the one of this key, in the list's order or against it."""
    parts = _stretches(rows, order, key, many, backwards=backwards)
    told = [part.annotate(turn=Value(turn)) for turn, part in enumerate(parts)]
    columns = [_turned(column) if backwards else column for column in ORDERS[order]]
    return list(told[0].union(*told[1:], all=True).order_by("turn", *columns)[:many])


def _stretches(rows: QuerySet[Alert], order: str, key: Key, many: int, *, backwards: bool) -> list[QuerySet[Alert]]:
    """What lies beyond the row of this key, the nearest first: the same but for the last column, then but for the last two…

    Each stretch is one range of the order's index; as one condition with OR they would be a filter over all that lies before.
    """
    values = {column.lstrip("-"): _value(column, part) for column, part in zip(ORDERS[order], key, strict=True)}
    terms = reversed(list(_terms(ORDERS[order], values, backwards=backwards)))
    return [_ordered(rows.filter(term), order, backwards=backwards)[:many] for term in terms]


def _stretch(columns: tuple[str, ...], last: int, backwards: bool) -> str:  # noqa: FBT001 - which way
    """The same in SQL: like a row in the columns before `last`, beyond it in that one; the nearest first."""
    names = [column.lstrip("-") for column in columns]
    down = [column.startswith("-") is not backwards for column in columns]
    like = [f"{name} = %s AND " for name in names[:last]]
    order = ", ".join(f"{name} {'DESC' if desc else 'ASC'}" for name, desc in zip(names, down, strict=True))
    return f"WHERE {''.join(like)}{names[last]} {'<' if down[last] else '>'} %s ORDER BY {order}"


def _lexicographic(columns: tuple[str, ...], values: dict[str, Any], *, backwards: bool) -> Q:
    """The first column beyond its value, or equal and the next beyond its own, and so on."""
    return functools.reduce(operator.or_, _terms(columns, values, backwards=backwards))


def _terms(columns: tuple[str, ...], values: dict[str, Any], *, backwards: bool) -> Iterator[Q]:
    equal = Q()
    for column in columns:
        name = column.lstrip("-")
        beyond = "lt" if column.startswith("-") is not backwards else "gt"
        yield equal & Q(**{f"{name}__{beyond}": values[name]})
        equal &= Q(**{name: values[name]})


def _turned(column: str) -> str:
    return column[1:] if column.startswith("-") else f"-{column}"


def _value(column: str, part: str) -> object:
    name = column.lstrip("-")
    return date.fromisoformat(part) if name == "opened_on" else part if name == "alert_id" else int(part)


def _key(row: Alert, order: str) -> Key:
    return tuple(str(getattr(row, column.lstrip("-"))) for column in ORDERS[order])
