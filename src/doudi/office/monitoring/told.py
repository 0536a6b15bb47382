"""A run's manifest in words: what it used, what it made, what it could not tell, which 示范参数 it rests on."""

from dataclasses import dataclass
from typing import Any, Final

from doudi.landing.contract import load_contract
from doudi.landing.feed_names import feed_name
from doudi.office.monitoring.cards import RunCard
from doudi.office.monitoring.states import DISPOSITIONS, LEVELS, STATUSES
from doudi.office.monitoring.the_book import the_book
from doudi.readout.places import division_name

__all__ = ["Input", "Told", "Unknown", "told_of"]


@dataclass(frozen=True, slots=True)
class Input:
    """One source of the run: how many deliveries it brought, and where it was out of date."""

    department: str
    feed: str
    batches: int
    stale: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """One indicator that could not be told of some subjects, and the sources that were missing."""

    name: str
    subjects: int
    missing: str


@dataclass(frozen=True, slots=True)
class Told:
    """A finished run in words; counts as (word, number) pairs."""

    people: int
    households: int
    alerts: int
    per_thousand: str
    book: str
    version: str
    previous: str
    production: bool
    changes: tuple[tuple[str, int], ...]
    dispositions: tuple[tuple[str, int], ...]
    levels: tuple[tuple[str, int], ...]
    indicators: tuple[tuple[str, int], ...]
    inputs: tuple[Input, ...]
    unknown: tuple[Unknown, ...]
    demo: tuple[str, ...]


_CHANGES: Final = {**STATUSES, "reopened": "再次出现"}


def told_of(run: RunCard) -> Told | None:
    """None until the run is finished."""
    m = run.manifest
    if m is None:
        return None
    book = the_book()
    names = {indicator.id: indicator.name for indicator in book.indicators}
    changes = run.changes or {}
    return Told(
        people=m["people"],
        households=m["households"],
        alerts=m["alerts"],
        per_thousand=m["alerts_per_1000_households"],
        book=m["book"][:12],
        version=m["version"],
        previous=m["previous"] or "",
        production=m["production"],
        changes=tuple((word, changes.get(key, 0)) for key, word in _CHANGES.items()),
        dispositions=_counts(m, "disposition", DISPOSITIONS),
        levels=_counts(m, "level", {level: level for level in LEVELS}),
        indicators=_counts(m, "indicator", names),
        inputs=tuple(_input(feed, told) for feed, told in m["inputs"].items()),
        unknown=tuple(
            Unknown(names.get(key, key), told["subjects"], "、".join(feed_name(feed) for feed in told["missing"]))
            for key, told in m["cannot_tell"].items()
        ),
        demo=tuple(book.words[word].name for word in m["demo_parameters"] if word in book.words),
    )


def _counts(manifest: Any, key: str, words: dict[str, str]) -> tuple[tuple[str, int], ...]:  # noqa: ANN401 - a manifest as JSON
    found: dict[str, int] = manifest["counts"].get(key, {})
    return tuple((words.get(value, value), count) for value, count in sorted(found.items(), key=lambda each: -each[1]))


def _input(feed: str, told: Any) -> Input:  # noqa: ANN401 - a manifest as JSON
    sender = load_contract().get(feed)
    late = "、".join(division_name(where) if isinstance(where, int) else str(where) for where in told["stale"])
    return Input(sender.department if sender else "", feed_name(feed), len(told["batches"]), late)
