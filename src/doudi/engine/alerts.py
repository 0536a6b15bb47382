"""预警：命中与上次相比，写成一条条能自己说清楚的预警。

From hits to the entries of alerts.jsonl: compare with the run before, evaluate each subject once in Python, look up
the lines behind what was decisive.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from doudi.engine.backends.duckdb import Backend
from doudi.engine.diff import Alert, Hit, Outcome, diff
from doudi.engine.evidence import find_lines
from doudi.engine.inputs import Inputs
from doudi.engine.landed import deliveries
from doudi.engine.previous import Previous
from doudi.engine.reasons import Judged, agree, judge, tell
from doudi.engine.subjects import Refs, Subject, read_deliveries, read_households, subject_refs
from doudi.policy.rule import Book, Indicator
from doudi.policy.view import View

__all__ = ["Made", "alerts_of"]

Entry = dict[str, Any]


@dataclass(frozen=True)
class Made:
    """The entries of alerts.jsonl, closed.jsonl and subjects.jsonl, each sorted."""

    alerts: list[Entry]
    closed: list[Entry]
    subjects: list[Entry]


@dataclass(frozen=True)
class _Place:
    """Where a subject is shown: its household's head or itself, county, division, and the 户号's token."""

    person_key: int | None
    household_key: int | None
    county: int
    division: int | None
    household_no_token: int | None


def alerts_of(  # noqa: PLR0913  # what a run knows by now
    backend: Backend, inputs: Inputs, book: Book, views: Mapping[int, View], refs: Refs, previous: Previous | None
) -> Made:
    """All alerts of this run, with their reasons.

    1. Name the hits' subjects. 2. Judge, in Python, hits and open alerts that were not hit. 3. `diff`.
    4. Look up lines. 5. Write the entries.
    """
    indicators = {indicator.id: indicator for indicator in book.indicators}
    hit_rows = backend.rows("SELECT subject_kind, subject_key, indicator, red, distance FROM hits")
    standing = {} if previous is None else {
        (*previous.keys[alert.subject_ref], alert.indicator): alert for alert in previous.alerts
        if alert.status != "cleared" and alert.subject_ref in previous.keys and alert.indicator in indicators}
    wanted = {(kind, key, name) for kind, key, name, _, _ in hit_rows} | set(standing)
    names = subject_refs({(kind, key) for kind, key, _ in wanted}, refs, _delivery_refs(inputs))
    places = _places(backend, wanted, inputs)
    judged, subjects = _judge_all(backend, book, views, wanted, places)
    hits = []
    for kind, key, name, red, distance in hit_rows:
        agree(judged[kind, key, name], indicators[name], names[kind, key])
        hits.append(Hit(names[kind, key], name, "红" if red else indicators[name].level, distance))
    outcomes = {(names[kind, key], name): _outcome(judged.get((kind, key, name)), subjects.get((kind, key)), inputs)
                for kind, key, name in standing}
    alerts, closed = diff(previous.alerts if previous else (), hits, outcomes, inputs.at)
    keys = {ref: subject for subject, ref in names.items()}
    return _written(backend, inputs, book, refs, (alerts, closed), keys, places, judged, subjects, previous)


def _delivery_refs(inputs: Inputs) -> dict[int, str]:
    return {row[0]: f"delivery:{row[2]}/{row[3] or ''}/{row[4] or ''}" for row in deliveries(inputs)}


def _places(backend: Backend, wanted: Iterable[tuple[str, int, str]], inputs: Inputs) -> dict[tuple[str, int], _Place]:
    """Where every wanted subject is shown; one that no longer stands has no place."""
    found: dict[tuple[str, int], _Place] = {}
    for kind, source, on in (
        ("person", "members JOIN households ON households.household_key = members.household_key", "members.person_key"),
        ("household", "households", "households.household_key"),
    ):
        keys = sorted({key for wanted_kind, key, _ in wanted if wanted_kind == kind})
        shown = "members.person_key" if kind == "person" else "households.head_key"
        backend.insert("asked", (("asked_key", "BIGINT"),), [(key,) for key in keys])
        for row in backend.rows(
            f"SELECT asked_key, {shown}, households.household_key, county, division, household_no_token "
            f"FROM {source} JOIN asked ON asked_key = {on}"
        ):
            found[kind, row[0]] = _Place(*row[1:])
        backend.forget("asked")
    for row in deliveries(inputs):
        found["delivery", row[0]] = _Place(None, None, row[1], None, None)
    return found


def _judge_all(
    backend: Backend, book: Book, views: Mapping[int, View], wanted: Iterable[tuple[str, int, str]],
    places: Mapping[tuple[str, int], _Place],
) -> tuple[dict[tuple[str, int, str], Judged], dict[tuple[str, int], Subject]]:
    """Every wanted subject and indicator, evaluated by the Python reader."""
    indicators = {indicator.id: indicator for indicator in book.indicators}
    of_house: dict[int, list[tuple[str, int, str]]] = {}
    judged: dict[tuple[str, int, str], Judged] = {}
    subjects: dict[tuple[str, int], Subject] = {}
    delivered = read_deliveries(backend, book, views)
    for kind, key, name in sorted(wanted):
        if kind == "delivery":
            subjects[kind, key] = delivered[key]
            judged[kind, key, name] = judge(delivered[key], indicators[name], None)
        elif (place := places.get((kind, key))) and place.household_key is not None:
            of_house.setdefault(place.household_key, []).append((kind, key, name))
    for chunk in read_households(backend, book, views, of_house):
        for household_key, subject in chunk.items():
            for kind, key, name in of_house[household_key]:
                subjects[kind, key] = subject
                judged[kind, key, name] = judge(subject, indicators[name], str(key) if kind == "person" else None)
    return judged, subjects


def _outcome(judged: Judged | None, subject: Subject | None, inputs: Inputs) -> Outcome:
    """'no' only on fresh data: every feed behind what decided the no is fresh in the subject's county."""
    if judged is None or subject is None or judged.verdict is not False:
        return "unknown"
    facts = subject.evaluation.book.facts
    feeds = {feed for ground in judged.grounds for feed in facts[ground.fact].feeds}
    fresh = all(inputs[feed].is_fresh(subject.county) for feed in feeds if feed in inputs.feeds)
    return "no" if fresh else "unknown"


def _written(  # noqa: PLR0913  # the last act: everything known becomes entries
    backend: Backend, inputs: Inputs, book: Book, refs: Refs, compared: tuple[list[Alert], list[Alert]],
    keys: Mapping[str, tuple[str, int]], places: Mapping[tuple[str, int], _Place],
    judged: Mapping[tuple[str, int, str], Judged], subjects: Mapping[tuple[str, int], Subject], previous: Previous | None,
) -> Made:
    alerts, closed = compared
    explained = [alert for alert in alerts if alert.status in ("new", "continuing")]
    asked: set[tuple[str, int]] = set()
    for alert in explained:
        kind, key = keys[alert.subject_ref]
        asked |= set(judged[kind, key, alert.indicator].asked(subjects[kind, key]))
    lines = find_lines(backend, inputs, book, asked)
    people = refs(sorted({person for _, person in asked}))
    indicators = {indicator.id: indicator for indicator in book.indicators}
    entries = []
    for alert in alerts:
        before = previous.told.get(alert.alert_id) if previous else None
        if alert.status in ("new", "continuing"):
            subject_key = keys[alert.subject_ref]
            reasons, hidden = tell(judged[*subject_key, alert.indicator], subjects[subject_key], inputs, lines, people)
            place = places[subject_key]
            entry = _entry(alert, indicators[alert.indicator], place.county, place.division, reasons)
            entries.append(entry | {"distance": None} if hidden else entry)
        elif before is not None:
            entries.append(before | {"status": alert.status} | _cleared(alert))
    shown = [_subject(entry, keys.get(entry["subject_ref"]), places, previous) for entry in entries]
    return Made(
        sorted(entries, key=lambda entry: entry["alert_id"]),
        [_closed(alert) for alert in closed],
        sorted(shown, key=lambda entry: entry["alert_id"]),
    )


def _entry(alert: Alert, indicator: Indicator, county: int, division: int | None, reasons: list[Entry]) -> Entry:
    return {
        "alert_id": alert.alert_id, "status": alert.status, "disposition": indicator.disposition,
        "indicator": indicator.id, "title": indicator.name, "level": alert.level, "subject_ref": alert.subject_ref,
        "county": f"{county:06d}" if county else None, "division": f"{division:012d}" if division else None,
        "opened_on": alert.opened_on.isoformat(), "reopens": alert.reopens, "distance": alert.distance,
        "reasons": reasons, "clause": list(indicator.basis), "clears_when": indicator.clears, "owner": indicator.owner,
    } | _cleared(alert)


def _cleared(alert: Alert) -> Entry:
    return {"cleared_on": alert.cleared_on.isoformat()} if alert.cleared_on else {}


def _closed(alert: Alert) -> Entry:
    return {
        "alert_id": alert.alert_id, "subject_ref": alert.subject_ref, "indicator": alert.indicator, "level": alert.level,
        "status": alert.status, "opened_on": alert.opened_on.isoformat(), "reopens": alert.reopens,
    } | _cleared(alert)


def _subject(
    entry: Entry, key: tuple[str, int] | None, places: Mapping[tuple[str, int], _Place], previous: Previous | None
) -> Entry:
    """What the command line needs to name the subject through the vault: keys and the 户号's token, no id, no name."""
    kind, number = key or (previous.keys[entry["subject_ref"]] if previous else ("", 0))
    place = places.get((kind, number))
    return {
        "alert_id": entry["alert_id"], "subject_ref": entry["subject_ref"], "subject_kind": kind, "subject_key": number,
        "person_key": place.person_key if place else None, "household_key": place.household_key if place else None,
        "household_no_token": place.household_no_token if place else None,
    }
