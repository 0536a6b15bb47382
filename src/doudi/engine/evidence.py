"""凭据：一个事实背后的来源、批次、行号、日期。

Looks up, for the facts of the alerts only, the lines they came from. One scan per place where evidence stands.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from doudi.engine.backends.duckdb import Backend, quoted
from doudi.engine.inputs import Inputs, month_number
from doudi.engine.plan import fact_relations
from doudi.engine.receipts import from_assistance
from doudi.engine.relations import Evidence
from doudi.policy.rule import Book

__all__ = ["Line", "find_lines", "head_facts", "silent_batch"]


@dataclass(frozen=True, slots=True)
class Line:
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
    backend: Backend, inputs: Inputs, book: Book, asked: Iterable[tuple[str, int]]
) -> dict[tuple[str, int], tuple[Line, ...]]:
    """(fact, person_key) -> its latest line in every place where its evidence stands; no entry = no line."""
    places = _places(book)
    by_place: dict[Evidence, dict[str, set[int]]] = {}
    for fact, person in asked:
        for place in places.get(fact, ()):
            shared = Evidence("", place.relation, place.where, place.dated, place.person)
            by_place.setdefault(shared, {}).setdefault(fact, set()).add(person)
    found: dict[tuple[str, int], tuple[Line, ...]] = {}
    for place in sorted(by_place, key=repr):
        people = set[int]().union(*by_place[place].values())
        latest = _latest(backend, inputs, place, people)
        for fact, wanted in by_place[place].items():
            for person in wanted & latest.keys():
                found[fact, person] = (*found.get((fact, person), ()), latest[person])
    return found


def _latest(backend: Backend, inputs: Inputs, place: Evidence, people: Iterable[int]) -> dict[int, Line]:
    """The latest line of each of these people in one place."""
    backend.insert("asked", (("asked_key", "BIGINT"),), [(person,) for person in sorted(people)])
    dated = f"CAST({place.dated} AS VARCHAR)" if place.dated else "CAST(NULL AS VARCHAR)"
    where = f" WHERE {place.where}" if place.where else ""
    rows = backend.rows(
        "SELECT asked_key, batch_no, line, dated, lines FROM (\n"
        f"  SELECT {place.person} AS asked_key, batch_no, line, {dated} AS dated,\n"
        f"    count(*) OVER (PARTITION BY {place.person}) AS lines,\n"
        f"    row_number() OVER (PARTITION BY {place.person} ORDER BY {dated} DESC NULLS LAST, batch_no DESC, line) AS place\n"
        f"  FROM {place.relation} CROSS JOIN monitoring JOIN asked ON asked.asked_key = {place.person}{where}\n"
        ") AS ranked WHERE place = 1"
    )
    backend.forget("asked")
    feeds = {file.batch: name for name, feed in inputs.feeds.items() for file in feed.files}
    named = {key: inputs.batch_of[number] for key, number, _, _, _ in rows}
    return {key: Line(feeds[named[key]], named[key], line, dated, lines) for key, _, line, dated, lines in rows}


def silent_batch(inputs: Inputs, feed_name: str, county: int) -> str | None:
    """The delivery that does not name somebody: the one in force in his county, else the latest; null = none came."""
    feed = inputs[feed_name]
    held = {where: (period, revision) for where, period, revision in feed.in_force}
    precedence = held.get(county, held.get(None))
    files = sorted(feed.files, key=lambda file: (month_number(file.period), file.revision, file.batch))
    if precedence is not None:
        files = [file for file in files if (file.period, file.revision) == precedence]
    return files[-1].batch if files else None
