"""凭据：一个事实背后的来源、批次、行号、日期。

Looks up, for the facts of the alerts only, the lines they came from. One scan per place where evidence stands.
"""

from collections.abc import Collection, Iterable, Mapping
from functools import cache
from typing import NamedTuple

from doudi.engine.backends.duckdb import Backend, quoted
from doudi.engine.inputs import Inputs, month_number
from doudi.engine.plan import fact_relations
from doudi.engine.receipts import from_assistance
from doudi.engine.relations import Evidence
from doudi.policy.rule import Book

__all__ = ["Line", "find_lines", "head_facts", "silent_batch"]


class Line(NamedTuple):
    """The latest line behind a fact. `date` ISO or null; `lines` = how many there are in all."""

    feed: str
    batch: str
    line: int
    date: str | None
    lines: int


def _places(book: Book) -> dict[str, tuple[Evidence, ...]]:
    """Where the evidence of each fact stands."""
    places = {fact: relation.evidence_of(fact) for relation in fact_relations() for fact in relation.facts}
    for programme in from_assistance(book):
        codes = ", ".join(quoted(code) for code in programme.received_codes)
        places[f"recorded_{programme.id}"] = (Evidence("", "assistance", f"programme IN ({codes})", "date"),)
    return places


@cache
def head_facts() -> frozenset[str]:
    """Facts of the household that its head's lines alone tell."""
    return frozenset(
        fact
        for relation in fact_relations()
        for fact in relation.facts
        if any(place.of_head for place in relation.evidence_of(fact))
    )


def find_lines(
    backend: Backend,
    inputs: Inputs,
    book: Book,
    asked: Iterable[tuple[str, int]],
    empty: Collection[str] = (),
) -> dict[tuple[str, int], tuple[Line, ...]]:
    """(fact, person_key) -> its latest line in every place where its evidence stands; no entry = no line.

    Relations known to be `empty` are not looked into, and need not exist.
    """
    asked_of: dict[str, set[int]] = {}
    for fact, person in asked:
        asked_of.setdefault(fact, set()).add(person)
    by_place: dict[Evidence, dict[str, set[int]]] = {}
    for fact, places in _places(book).items():
        for place in (place for place in places if fact in asked_of and place.relation not in empty):
            shared = Evidence("", place.relation, place.where, place.dated, place.person)
            by_place.setdefault(shared, {})[fact] = asked_of[fact]
    latest = _latest(backend, inputs, {place: set[int]().union(*facts.values()) for place, facts in by_place.items()})
    found: dict[tuple[str, int], tuple[Line, ...]] = {}
    for place in sorted(by_place, key=repr):
        there = latest.pop(place)
        for fact, wanted in by_place[place].items():
            for person in wanted & there.keys():
                found[fact, person] = (*found.get((fact, person), ()), there[person])
    return found


def _latest(
    backend: Backend, inputs: Inputs, asked: Mapping[Evidence, Iterable[int]]
) -> dict[Evidence, dict[int, Line]]:
    """The latest line of each of these people in each place. Places in one relation are looked up in one scan of it."""
    places = sorted(asked, key=repr)
    rows = [(number, person) for number, place in enumerate(places) for person in sorted(asked[place])]
    backend.insert("asked", (("asked_place", "INTEGER"), ("asked_key", "BIGINT")), rows)
    scans: dict[tuple[str, str, str | None], list[int]] = {}
    for number, place in enumerate(places):
        scans.setdefault((place.relation, place.person, place.dated), []).append(number)
    feeds = {file.batch: name for name, feed in inputs.feeds.items() for file in feed.files}
    days: dict[str | None, str | None] = {}  # one text a day, and not one a line
    latest: dict[Evidence, dict[int, Line]] = {place: {} for place in places}
    for numbers in scans.values():
        for number, person, batch_no, line, dated, lines in backend.rows(_scan({n: places[n] for n in numbers})):
            batch = inputs.batch_of[batch_no]
            latest[places[number]][person] = Line(feeds[batch], batch, line, days.setdefault(dated, dated), lines)
    backend.forget("asked")
    return latest


def _scan(places: Mapping[int, Evidence]) -> str:
    """The latest line, and how many there are, of everyone asked for in these places, which differ in `where` alone."""
    any_place = next(iter(places.values()))
    dated = f"CAST({any_place.dated} AS VARCHAR)" if any_place.dated else "CAST(NULL AS VARCHAR)"
    counts = " OR ".join(
        f"(asked_place = {number}{f' AND ({place.where})' if place.where else ''})" for number, place in places.items()
    )
    each = "PARTITION BY asked_place, asked_key"
    return (
        "SELECT asked_place, asked_key, batch_no, line, dated, lines FROM (\n"
        f"  SELECT asked_place, asked_key, batch_no, line, {dated} AS dated, count(*) OVER ({each}) AS lines,\n"
        f"    row_number() OVER ({each} ORDER BY {dated} DESC NULLS LAST, batch_no DESC, line) AS place\n"
        f"  FROM {any_place.relation} CROSS JOIN monitoring JOIN asked ON asked.asked_key = {any_place.person}\n"
        f"  WHERE {counts}\n"
        ") AS ranked WHERE place = 1"
    )


def silent_batch(inputs: Inputs, feed_name: str, county: int) -> str | None:
    """The delivery that does not name somebody: the one in force in his county, else the latest; null = none came."""
    feed = inputs[feed_name]
    held = {where: (period, revision) for where, period, revision in feed.in_force}
    precedence = held.get(county, held.get(None))
    files = sorted(feed.files, key=lambda file: (month_number(file.period), file.revision, file.batch))
    if precedence is not None:
        files = [file for file in files if (file.period, file.revision) == precedence]
    return files[-1].batch if files else None
