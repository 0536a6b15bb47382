"""How many alerts each value of each filter would leave: one reading of the list for all of them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from django.db import connection
from django.db.models import BooleanField, Case, CharField, F, Q, Value, When
from django.db.models.expressions import Combinable

from doudi.landing.feed_names import FEED_NAMES
from doudi.office.accounts.scope import Viewer
from doudi.office.common.codes import level_of, range_of
from doudi.office.divisions import selectors as divisions
from doudi.office.monitoring.asked import AGES, DEFAULT_ORDER, SIZES, STATES, VIEWS, Asked
from doudi.office.monitoring.cards import Option
from doudi.office.monitoring.lens import Lens
from doudi.office.monitoring.selectors.filtering import FACETS, in_view, of_age, predicate
from doudi.office.monitoring.selectors.held import Edition, held
from doudi.office.monitoring.states import DISPOSITIONS, OPEN
from doudi.office.monitoring.the_book import the_book

__all__ = ["Counted", "counted"]

_Numbers = tuple[dict[str, dict[str, int]], tuple[int, int, int]]

# Of a code, what is left of it one level below: 10^this is divided away.
_BELOW: Final = {"country": 10, "province": 8, "city": 6, "county": 3, "town": 0, "village": 0}


@dataclass(frozen=True)
class Counted:
    """Filter → its values in order with how many alerts each would leave beside the other filters; and the list's size."""

    options: Mapping[str, list[Option]]
    alerts: int
    households: int
    deliveries: int


def counted(viewer: Viewer, asked: Asked, at: datetime, edition: Edition = None) -> Counted:
    """Within the jurisdiction. Values that leave none are left out, but for the one that is chosen.

    `edition`: of the table, as `runs.beginning` told it before; while it stays, what was counted is not counted again.
    A viewer who may not read a title or a disposition gets no such value.
    """
    found, sizes = _known(viewer, asked, at, edition)
    lens = Lens(viewer)
    names = {indicator.id: indicator.name for indicator in the_book().indicators if lens.reads(indicator.id)}
    status = found["status"]
    opened = sum(status.get(each, 0) for each in OPEN)
    known: dict[str, Mapping[str, str]] = {
        "disposition": DISPOSITIONS if lens.sees_hardship else {},
        "indicator": names,
        "level": {level: level for level in VIEWS[asked.view][1]},
        "status": {**STATES, "any": "全部状态"},
        "place": _places(viewer, asked, found["place"]),
        "age": {age: word for age, (word, _, _) in AGES.items()},
        "stale": FEED_NAMES,
    }
    found["status"] = {**status, "open": opened, "any": sum(status.values())}
    options = {
        name: [
            Option(key, word, found[name].get(key, 0))
            for key, word in words.items()
            if found[name].get(key) or key == str(getattr(asked, name))
        ]
        for name, words in known.items()
    }
    return Counted(options, *sizes)


def _known(viewer: Viewer, asked: Asked, at: datetime, edition: Edition) -> _Numbers:
    """What was counted of this edition, else counted now. A search's outcome is not held."""
    if asked.households is not None:
        return _counted(viewer, asked, at)
    filters = replace(asked, order=DEFAULT_ORDER, size=SIZES[0], flat=False).query()
    found, sizes = held(viewer, edition, ("list", at.year, filters), lambda: _counted(viewer, asked, at))
    return {name: dict(values) for name, values in found.items()}, sizes


def _counted(viewer: Viewer, asked: Asked, at: datetime) -> _Numbers:
    """Filter → value → count, each filter's under all others but itself; alerts, households and deliveries of the list.

    One statement: the alerts are read once; those that are alike in every filter are counted together first.
    """
    own = {name: f"is_{name}" for name in FACETS}
    columns = ", ".join(f"of_{name}" for name in FACETS)
    each = ", ".join(
        "coalesce(sum(many) FILTER (WHERE " + " AND ".join(own[other] for other in FACETS if other != name) + "), 0)"
        for name in FACETS
    )
    rows = in_view(viewer, asked).annotate(
        **{f"of_{name}": column for name, column in _columns(viewer, asked, at).items()},
        **{own[name]: _holds(predicate(name, viewer, asked, at)) for name in FACETS},
    )
    wanted = (*(f"of_{name}" for name in FACETS), *own.values(), "household_key")
    picked, given = rows.values(*wanted).query.sql_with_params()
    whole = "count(*), count(DISTINCT household_key), count(*) FILTER (WHERE household_key IS NULL)"
    nulls = ", ".join(
        f"NULL::{'text[]' if name == 'stale' else 'bigint' if name == 'place' else 'text'}" for name in FACETS
    )
    zeros = ", ".join("0" for _ in FACETS[3:])
    text = f"""
WITH listed AS MATERIALIZED ({picked}),
alike AS (SELECT {columns}, {", ".join(own.values())}, count(*) AS many FROM listed GROUP BY {columns}, {", ".join(own.values())})
SELECT grouping({columns}), {columns}, {each} FROM alike GROUP BY GROUPING SETS ({", ".join(f"(of_{n})" for n in FACETS)})
UNION ALL
SELECT -1, {nulls}, {whole}, {zeros} FROM listed WHERE {" AND ".join(own.values())}
"""  # noqa: S608 - our own names
    found: dict[str, dict[str, int]] = {name: {} for name in FACETS}
    sizes = (0, 0, 0)
    with connection.cursor() as cursor:
        cursor.execute(text, given)
        for grouped, *told in cursor.fetchall():
            if grouped < 0:
                sizes = (told[len(FACETS)], told[len(FACETS) + 1], told[len(FACETS) + 2])
                continue
            place = next(n for n in range(len(FACETS)) if not grouped >> (len(FACETS) - 1 - n) & 1)
            name, count = FACETS[place], told[len(FACETS) + place]
            for value in told[place] or () if name == "stale" else (told[place],):
                if count:
                    found[name][str(value)] = found[name].get(str(value), 0) + int(count)
    return found, sizes


def _columns(viewer: Viewer, asked: Asked, at: datetime) -> dict[str, Combinable]:
    zeros = 10 ** _BELOW[level_of(asked.place or viewer.division)]
    ages = [When(of_age(age, at.year), then=Value(age)) for age in AGES]
    return {
        "disposition": F("disposition"),
        "indicator": F("indicator"),
        "level": F("level"),
        "status": F("status"),
        "place": F("managing_division") / zeros * zeros,
        "age": Case(*ages, default=Value("unknown"), output_field=CharField()),
        "stale": F("stale_feeds"),
    }


def _holds(condition: Q) -> Combinable:
    if not condition:
        return Value(value=True, output_field=BooleanField())
    return Case(When(condition, then=Value(value=True)), default=Value(value=False), output_field=BooleanField())


def _places(viewer: Viewer, asked: Asked, counted: dict[str, int]) -> dict[str, str]:
    """The divisions below the one that is asked (the jurisdiction's own at first), and that one itself."""
    lo, hi = range_of(asked.place)
    codes = [code for code in map(int, counted) if lo <= code <= hi and viewer.covers(code)]
    here = asked.place or viewer.division  # what lies with the county itself is in no township
    names = divisions.names(codes)
    found = {str(code): names.get(code, "") for code in sorted(codes) if code != here}
    if asked.place and viewer.covers(asked.place):
        counted[str(asked.place)] = sum(counted[str(code)] for code in codes)
        found = {str(asked.place): divisions.place_name(asked.place), **found}
    return found
