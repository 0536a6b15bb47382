"""预警：命中与上次相比，写成一条条能自己说清楚的预警。

From hits to the entries of alerts.jsonl: compare with the run before, evaluate each subject once in Python, look up
the lines behind what was decisive.
"""

import gc
import operator
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeAlias

from doudi.engine.backends.duckdb import Backend
from doudi.engine.diff import Alert, Hit, Outcome, diff
from doudi.engine.evidence import find_lines, silent_batch
from doudi.engine.inputs import Inputs
from doudi.engine.landed import deliveries
from doudi.engine.part import Part
from doudi.engine.previous import Previous
from doudi.engine.reasons import Family, Judged, Reason, Source, agree, family_of, judge, tell
from doudi.engine.subjects import (
    Place,
    Refs,
    Subject,
    facts_by_household,
    find_places,
    read_deliveries,
    read_households,
    subject_refs,
)
from doudi.engine.taken import take
from doudi.policy.rule import Book, Indicator
from doudi.policy.view import View

__all__ = ["City", "Made", "Question", "alerts_of", "uncollected"]

Entry: TypeAlias = dict[str, Any]
SubjectKey: TypeAlias = tuple[str, int]  # kind and key
Question: TypeAlias = tuple[str, int, str]  # kind, key, indicator


@dataclass(frozen=True)
class City:
    """What a run knows once its relations are made."""

    backend: Backend
    inputs: Inputs
    book: Book
    views: Mapping[int, View]
    refs: Refs
    previous: Previous | None = None
    part: Part | None = None

    @cached_property
    def indicators(self) -> dict[str, Indicator]:
        """Indicators by id."""
        return {indicator.id: indicator for indicator in self.book.indicators}


@contextmanager
def uncollected() -> Iterator[None]:
    """The collector of cycles rests: households that are judged hold none, and looking for some takes a sixth of the time."""
    rests = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if rests:
            gc.enable()


@dataclass(frozen=True)
class Made:
    """The entries of alerts.jsonl, closed.jsonl and subjects.jsonl, each sorted."""

    alerts: list[Entry]
    closed: list[Entry]
    subjects: list[Entry]


@dataclass(frozen=True)
class _Judgement:
    """Where subjects are shown, their families, and what the Python reader says of each question."""

    places: Mapping[SubjectKey, Place]
    families: dict[SubjectKey, Family] = field(default_factory=dict)
    judged: dict[Question, Judged] = field(default_factory=dict)


@uncollected()
def alerts_of(city: City) -> Made:
    """All alerts of this run, with their reasons.

    1. Name the subjects of hits and of open alerts. 2. Judge them all in Python. 3. `diff`. 4. Look up lines.
    5. Write the entries. Of a part of a run, all this for the questions that it asks again; the others stand as they were.
    """
    taken = take(city.backend, city.inputs, city.part, city.previous)
    hits = city.backend.rows("SELECT subject_kind, subject_key, indicator, red, distance FROM hits")
    told = {row[0]: f"delivery:{row[2]}/{row[3] or ''}/{row[4] or ''}" for row in deliveries(city.inputs)}
    standing = {each for each in _standing(city, told) if taken.is_asked(each[:2], each[2])}
    questions = {(kind, key, name) for kind, key, name, _, _ in hits} | standing
    names = subject_refs({(kind, key) for kind, key, _ in questions}, city.refs, told)
    judgement = _judge_all(city, questions)
    found = []
    for kind, key, name, red, distance in hits:
        indicator = city.indicators[name]
        agree(judgement.judged[kind, key, name], indicator, names[kind, key])
        found.append(Hit(names[kind, key], name, "红" if red else indicator.level, distance))
    outcomes = {(names[kind, key], name): _outcome(judgement, (kind, key, name), city) for kind, key, name in standing}
    alerts, closed = diff(taken.before(city.previous), found, outcomes, city.inputs.at)
    keys = dict(city.previous.keys if city.previous else {}) | {ref: subject for subject, ref in names.items()}
    entries = _entries(city, alerts, keys, judgement)
    subjects = [keys[entry["subject_ref"]] for entry in entries]
    shown = [_subject(entry, key, judgement.places.get(key)) for entry, key in zip(entries, subjects, strict=True)]
    by_alert = operator.itemgetter("alert_id")
    return Made(
        sorted((*entries, *taken.alerts), key=by_alert),
        [_closed(alert) for alert in taken.closed(closed)],
        sorted((*shown, *taken.subjects), key=by_alert),
    )


def _standing(city: City, told: Mapping[int, str]) -> set[Question]:
    """The open alerts of the run before, as questions to ask again. Deliveries are numbered anew in every run (`told`)."""
    if city.previous is None:
        return set()
    of_people = {ref: key for ref, key in city.previous.keys.items() if key[0] != "delivery"}
    keys = of_people | {ref: ("delivery", number) for number, ref in told.items()}
    return {
        (*keys[alert.subject_ref], alert.indicator)
        for alert in city.previous.alerts
        if alert.status != "cleared" and alert.subject_ref in keys and alert.indicator in city.indicators
    }


def _judge_all(city: City, questions: Iterable[Question]) -> _Judgement:
    """Every question answered by the Python reader; a subject that no longer stands is left out."""
    questions = sorted(questions)
    judgement = _Judgement(find_places(city.backend, city.inputs, {(kind, key) for kind, key, _ in questions}))
    of_house: dict[int, list[Question]] = {}
    delivered = read_deliveries(city.backend, city.book, city.views)
    indicators = city.indicators

    def answer(subject: Subject, asked: Iterable[Question]) -> None:
        family = family_of(subject)
        for kind, key, name in asked:
            judgement.families[kind, key] = family
            person = str(key) if kind == "person" else None
            judgement.judged[kind, key, name] = judge(subject, indicators[name], person)

    for kind, key, name in questions:
        if kind == "delivery" and key in delivered:
            answer(delivered[key], [(kind, key, name)])
        elif (place := judgement.places.get((kind, key))) and place.household_key is not None:
            of_house.setdefault(place.household_key, []).append((kind, key, name))
    wanted = facts_by_household(
        city.book, {house: [indicators[name] for _, _, name in asked] for house, asked in of_house.items()}
    )
    for chunk in read_households(city.backend, city.book, city.views, of_house, wanted):
        while chunk:  # who is judged is let go: what was worked out of a household is far more than what is told
            household_key, subject = chunk.popitem()
            answer(subject, of_house[household_key])
    return judgement


def _outcome(judgement: _Judgement, question: Question, city: City) -> Outcome:
    """'no' only on fresh data: every feed behind what decided the no is fresh in the subject's county."""
    judged = judgement.judged.get(question)
    if judged is None or judged.verdict is not False:
        return "unknown"
    county = judgement.families[question[:2]].county
    feeds = {feed for ground in judged.grounds for feed in city.book.facts[ground.fact].feeds}
    return "no" if all(city.inputs[feed].is_fresh(county) for feed in feeds) else "unknown"


def _entries(city: City, alerts: list[Alert], keys: Mapping[str, SubjectKey], judgement: _Judgement) -> list[Entry]:
    """alerts.jsonl: today's hits with today's reasons, the others as they were last told."""
    asked: set[tuple[str, int]] = set()
    for alert in alerts:
        if alert.status in ("new", "continuing"):
            subject = keys[alert.subject_ref]
            asked |= set(judgement.judged[*subject, alert.indicator].asked(judgement.families[subject]))
    lines = find_lines(city.backend, city.inputs, city.book, asked)
    source = Source(city.book, city.inputs, lines, city.refs(sorted({person for _, person in asked})))
    entries = []
    for alert in alerts:
        if alert.status in ("new", "continuing"):
            entries.append(_told(city, alert, keys[alert.subject_ref], judgement, source))
        elif city.previous is not None:
            entries.append(city.previous.told[alert.alert_id] | {"status": alert.status} | _cleared(alert))
    return sorted(entries, key=lambda entry: str(entry["alert_id"]))


def _told(city: City, alert: Alert, subject: SubjectKey, judgement: _Judgement, source: Source) -> Entry:
    indicator, place = city.indicators[alert.indicator], judgement.places[subject]
    reasons, hidden = tell(judgement.judged.pop((*subject, alert.indicator)), judgement.families[subject], source)
    if subject[0] == "delivery":
        sender = _sender(alert.subject_ref, reasons, city.inputs)
        reasons = [reason | sender for reason in reasons]
    return {
        "alert_id": alert.alert_id,
        "status": alert.status,
        "disposition": indicator.disposition,
        "indicator": indicator.id,
        "title": indicator.name,
        "level": alert.level,
        "subject_ref": alert.subject_ref,
        "county": f"{place.county:06d}" if place.county else None,
        "division": f"{place.division:012d}" if place.division else None,
        "opened_on": alert.opened_on.isoformat(),
        "reopens": alert.reopens,
        # How far over the line would tell the record that the reasons may not show.
        "distance": None if hidden else alert.distance,
        "reasons": reasons,
        "clause": list(indicator.basis),
        "clears_when": indicator.clears,
        "owner": indicator.owner,
    }


def _sender(subject_ref: str, reasons: list[Reason], inputs: Inputs) -> Reason:
    """Which delivery is missing: its feed, who owes it (a county or a department), and the batch it last sent, if any."""
    feed, county, department = subject_ref.removeprefix("delivery:").split("/", 2)
    never = any(reason["fact"] == "delivered_ever" and reason["value"] is False for reason in reasons)
    last = None if never else silent_batch(inputs, feed, int(county or 0))
    return {"feed": feed, "batch": last, "absent": True, "sender": department or county or None}


def _cleared(alert: Alert) -> Entry:
    return {"cleared_on": alert.cleared_on.isoformat()} if alert.cleared_on else {}


def _closed(alert: Alert) -> Entry:
    """closed.jsonl: what the next runs need to name the old alert of a subject that is hit again."""
    return {
        "alert_id": alert.alert_id,
        "subject_ref": alert.subject_ref,
        "indicator": alert.indicator,
        "level": alert.level,
        "status": alert.status,
        "opened_on": alert.opened_on.isoformat(),
        "reopens": alert.reopens,
    } | _cleared(alert)


def _subject(entry: Entry, subject: SubjectKey, place: Place | None) -> Entry:
    """subjects.jsonl: the keys by which the command line names a subject through the vault; no id, no name."""
    return {
        "alert_id": entry["alert_id"],
        "subject_ref": entry["subject_ref"],
        "subject_kind": subject[0],
        "subject_key": subject[1],
        "person_key": place.person_key if place else None,
        "household_key": place.household_key if place else None,
        "household_no_token": place.household_no_token if place else None,
    }
