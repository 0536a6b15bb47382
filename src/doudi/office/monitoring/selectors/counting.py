"""How many alerts each value of each filter would leave: one reading of the list for all of them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.db import connection
from django.db.models import BooleanField, Case, CharField, F, Func, Q, Value, When
from django.db.models.expressions import Combinable

from doudi.office.accounts.scope import Viewer
from doudi.office.common.codes import level_of, range_of
from doudi.office.divisions import selectors as divisions
from doudi.office.monitoring.asked import AGES, STATES, VIEWS, Asked
from doudi.office.monitoring.cards import Option
from doudi.office.monitoring.lens import Lens
from doudi.office.monitoring.selectors.filtering import FACETS, in_view, of_age, predicate
from doudi.office.monitoring.states import DISPOSITIONS, OPEN
from doudi.office.monitoring.the_book import the_book
from doudi.readout.words import FEEDS

__all__ = ["options", "stale_sources"]

# Of a code, what is left of it one level below: 10^this is divided away.
_BELOW: Final = {"country": 10, "province": 8, "city": 6, "county": 3, "town": 0, "village": 0}


def options(viewer: Viewer, asked: Asked, at: datetime) -> dict[str, list[Option]]:
    """Filter → its values in order, with how many alerts each would leave beside the other filters.

    Within the jurisdiction. Values that leave none are left out, but for the one that is chosen. A viewer who may not
    read a title or a disposition gets no such value.
    """
    counted = _counted(viewer, asked, at)
    lens = Lens(viewer)
    names = {indicator.id: indicator.name for indicator in the_book().indicators if lens.reads(indicator.id)}
    status = counted["status"]
    opened = sum(status.get(each, 0) for each in OPEN)
    known: dict[str, Mapping[str, str]] = {
        "disposition": DISPOSITIONS if lens.sees_hardship else {},
        "indicator": names,
        "level": {level: level for level in VIEWS[asked.view][1]},
        "status": {**STATES, "any": "全部状态"},
        "place": _places(viewer, asked, counted["place"]),
        "age": {age: word for age, (word, _, _) in AGES.items()},
    }
    counted["status"] = {**status, "open": opened, "any": sum(status.values())}
    return {
        name: [
            Option(key, word, counted[name].get(key, 0))
            for key, word in words.items()
            if counted[name].get(key) or key == str(getattr(asked, name))
        ]
        for name, words in known.items()
    }


def stale_sources(viewer: Viewer, asked: Asked) -> list[Option]:
    """The sources out of date behind open alerts of the view, by how many alerts rest on them."""
    rows = in_view(viewer, asked.but(stale="")).filter(status__in=OPEN).exclude(stale_feeds=[])
    feeds = rows.annotate(feed=Func(F("stale_feeds"), function="unnest", output_field=CharField())).values("feed")
    counted: dict[str, int] = {}
    for row in feeds:
        counted[row["feed"]] = counted.get(row["feed"], 0) + 1
    return [Option(feed, FEEDS.get(feed, feed), n) for feed, n in sorted(counted.items(), key=lambda each: -each[1])]


def _counted(viewer: Viewer, asked: Asked, at: datetime) -> dict[str, dict[str, int]]:
    """Filter → value → count, each filter's under all others but itself."""
    own = {name: f"is_{name}" for name in FACETS}
    columns = ", ".join(f"of_{name}" for name in FACETS)
    sums = ", ".join(
        "count(*) FILTER (WHERE " + " AND ".join(own[other] for other in FACETS if other != name) + ")"
        for name in FACETS
    )
    rows = in_view(viewer, asked).annotate(
        **{f"of_{name}": column for name, column in _columns(viewer, asked, at).items()},
        **{own[name]: _holds(predicate(name, viewer, asked, at)) for name in FACETS},
    )
    picked, given = rows.values(*(f"of_{name}" for name in FACETS), *own.values()).query.sql_with_params()
    sets = ", ".join(f"(of_{name})" for name in FACETS)
    grouping = f"grouping({columns})"
    text = f"SELECT {grouping}, {columns}, {sums} FROM ({picked}) AS listed GROUP BY GROUPING SETS ({sets})"  # noqa: S608 - our own names
    found: dict[str, dict[str, int]] = {name: {} for name in FACETS}
    with connection.cursor() as cursor:
        cursor.execute(text, given)
        for grouped, *told in cursor.fetchall():
            place = next(n for n in range(len(FACETS)) if not grouped >> (len(FACETS) - 1 - n) & 1)
            count = told[len(FACETS) + place]
            if count:
                found[FACETS[place]][str(told[place])] = count
    return found


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
