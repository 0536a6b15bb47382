"""根据：一次运行的结果凭什么成立——程序、日期、上一次、政策簿逐项指标、湖里逐个来源。

What the outcome of a run rests on, in digests. Kept beside the run, so that a later run of the same day can tell what
has changed since: nothing, the lines of some feeds, or the rules of some indicators. Equal bases, equal outcomes.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from doudi.engine.backends.duckdb import ENGINE
from doudi.engine.counties import NOWHERE, county_views, monitored
from doudi.engine.inputs import FeedInput, Inputs
from doudi.engine.landed import landed_steps, silence_step
from doudi.engine.lineage import Source
from doudi.engine.previous import Previous
from doudi.engine.receipts import from_assistance
from doudi.engine.subjects import SHOWN_BY
from doudi.policy.evaluate import COUNTED
from doudi.policy.expr import words_in
from doudi.policy.rule import Book, Indicator
from doudi.policy.view import View

__all__ = ["BASIS", "Basis", "basis_of", "read_basis"]

BASIS = "basis.json"


@dataclass(frozen=True)
class Basis:
    """`ground`: everything that must be equal for a comparison to be worth while. `sources`: what is read of each feed.

    `indicators`: of each indicator that is on, itself and all that its answer and its reasons rest on in the book.
    """

    ground: str
    sources: Mapping[str, Source]
    indicators: Mapping[str, str]

    @property
    def lines(self) -> str:
        """Digest of all but the rules: equal digests, equal facts."""
        told = sorted((feed, sorted(source.batches.items()), source.until) for feed, source in self.sources.items())
        return _digest((self.ground, told))

    def moved_feeds(self, was: "Basis") -> list[str]:
        """The feeds of which something else is read now."""
        return sorted(feed for feed in self.sources if self.sources[feed] != was.sources.get(feed))

    def moved_indicators(self, was: "Basis") -> frozenset[str]:
        """The indicators that are new, gone, or rest on other words or values of the book."""
        every = self.indicators.keys() | was.indicators.keys()
        return frozenset(name for name in every if self.indicators.get(name) != was.indicators.get(name))

    def as_json(self) -> str:
        """Canonical text."""
        sources = {
            feed: {"batches": dict(source.batches), "until": str(source.until) if source.until else None}
            for feed, source in self.sources.items()
        }
        told = {"ground": self.ground, "sources": sources, "indicators": dict(self.indicators)}
        return json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def read_basis(folder: Path) -> Basis | None:
    """The basis of the run in `folder`; null when there is no run, or none that says what it rested on."""
    try:
        told = json.loads((folder / BASIS).read_text(encoding="utf-8"))
        sources = {
            feed: Source(source["batches"], date.fromisoformat(source["until"]) if source["until"] else None)
            for feed, source in told["sources"].items()
        }
        return Basis(told["ground"], sources, told["indicators"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def basis_of(inputs: Inputs, book: Book, previous: Previous | None, *, production: bool) -> Basis:
    """The basis of a run over these inputs by this book after that run."""
    views = county_views(inputs, book, production=production)
    before = None
    if previous is not None:
        told = (previous.folder / "manifest.json").read_bytes()
        before = previous.folder.name, hashlib.sha256(told).hexdigest()
    feeds = [
        [getattr(feed, one.name) for one in fields(feed) if one.name not in ("files", "in_force")]
        for _, feed in sorted(inputs.feeds.items())
    ]
    texts = [monitored(inputs, views[NOWHERE]).sql, silence_step(inputs).sql]
    facts = list(book.facts.values())
    ground = (_program(), inputs.at, inputs.known, production, before, feeds, facts, texts)
    words = _Words(book, views)
    return Basis(
        _digest(ground),
        {name: _source(feed, inputs.at) for name, feed in inputs.feeds.items()},
        {one.id: words.behind(one) for one in book.indicators if not one.off},
    )


def _source(feed: FeedInput, at: date) -> Source:
    lake = next(step.lake for step in landed_steps(feed, at) if step.lake)
    return Source(dict(lake.batches), at if feed.happened else None)


class _Words:
    """Digests of the book's words, each with its values in every county and with all that it rests on."""

    def __init__(self, book: Book, views: Mapping[int, View]) -> None:
        self._book = book
        self._views = sorted(views.items())
        self._found: dict[str, str] = {}
        self._receipts = {f"recorded_{programme.id}": programme for programme in from_assistance(book)}
        # What judging any household asks, and what decides which records may be shown.
        enrolled = [book.by_name[tier.enrolled] for tier in book.tiers if tier.enrolled]
        self._always = self._all([COUNTED, *SHOWN_BY, *enrolled])

    def behind(self, indicator: Indicator) -> str:
        """Of an indicator, itself and all that it rests on."""
        named = [word for _, node in indicator.parts() for word in words_in(node)]
        return _digest((indicator, self._always, self._all(named)))

    def _all(self, words: Iterable[str]) -> list[str]:
        return [self._of(word) for word in sorted(set(words))]

    def _of(self, word_id: str) -> str:
        if word_id not in self._found:
            word = self._book.words[word_id]
            below = self._all(words_in(word.node)) if word.node is not None else []
            told = (word, self._book.facts.get(word_id), self._values(word_id), self._receipt(word_id), below)
            self._found[word_id] = _digest(told)
        return self._found[word_id]

    def _values(self, word_id: str) -> list[object]:
        """A setting in each county, with the entry of the book that it comes from."""
        return [
            (county, view.constants[word_id], view.denominators.get(word_id), view.chosen.get(word_id))
            for county, view in self._views
            if word_id in view.constants
        ]

    def _receipt(self, word_id: str) -> object:
        """Of a fact that payments tell: the programme, and the days on which its payments were due."""
        programme = self._receipts.get(word_id)
        if programme is None:
            return None
        if programme.event is None:
            return programme, self._values(f"due_date_{programme.id}")
        return programme, self._of(self._book.by_name[programme.event])


def _digest(told: object) -> str:
    return hashlib.sha256(repr(told).encode()).hexdigest()[:16]


@cache
def _program() -> str:
    """The engine, the relations and the readers of the book as they are installed, and the database they run on."""
    found = [ENGINE]
    for package in ("doudi.engine", "doudi.policy"):
        found += [hashlib.sha256(text).hexdigest() for text in _texts(files(package))]
    return _digest(found)


def _texts(folder: Traversable) -> list[bytes]:
    found = []
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            found += _texts(entry)
        elif entry.name.endswith((".py", ".sql")):
            found.append(entry.read_bytes())
    return found
