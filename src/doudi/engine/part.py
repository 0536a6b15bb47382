"""局部：今天已经监测过，之后只变了几个来源的几行，或政策簿的几项指标——只重算变了的，其余照旧。

A run of a day that was monitored already. What has changed since is found from the two bases; the households that it
concerns (or the indicators) are judged again by the same texts, and the outcome of the earlier run stands for the rest.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from doudi.engine.backends.duckdb import Backend, quoted
from doudi.engine.basis import Basis
from doudi.engine.carried import LOOKED_AT_FIRST, Carried, Looked
from doudi.engine.delta import lines_in, touched_sql
from doudi.engine.inputs import FeedInput, Inputs
from doudi.engine.lineage import Source
from doudi.engine.outcome import Outcome
from doudi.engine.relations import read_relations
from doudi.policy.rule import Book

__all__ = ["FOUND_TOUCHED", "Part", "part_of"]

FOUND_TOUCHED = "found_touched"  # the table of touched persons that stands before the plan is made
# When more than one person in so many is touched, everything is made anew: picking them out costs as much.
_ONE_IN = 2


@dataclass(frozen=True)
class Part:
    """`before`: the earlier run, whose outcome stands for what is not judged again.

    Either `feeds` moved, and the households that they concern are judged again by all rules: those of `persons` touched,
    and `retold`, whose alerts name a delivery that another has taken the place of. Or `indicators` moved, and all
    households are judged again by these, beginning with what was `looked` at before. Neither: nothing has changed.
    """

    before: Outcome
    feeds: tuple[str, ...] = ()
    persons: int = 0
    retold: tuple[int, ...] = ()
    indicators: frozenset[str] = frozenset()
    looked: Mapping[str, Looked] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Has nothing changed?"""
        return not self.feeds and not self.indicators

    @property
    def of_rules(self) -> bool:
        """Are all households judged again, by some rules?"""
        return bool(self.indicators)

    def unknowns_of_others(self, book: Book) -> dict[str, Any]:
        """What the earlier run said of the indicators that are not asked again, where it could not tell."""
        told = self.before.manifest.cannot_tell
        return {one.id: told[one.id] for one in book.indicators if one.id in told and one.id not in self.indicators}


def part_of(
    backend: Backend, inputs: Inputs, before: Outcome, now: Basis, carried: Carried | None = None
) -> Part | None:
    """What has changed since an earlier run; null = everything is to be made. Leaves the touched persons in the database."""
    was = before.basis
    if was.ground != now.ground:
        return None
    feeds, indicators = now.moved_feeds(was), now.moved_indicators(was)
    if indicators and feeds:
        return None
    texts = [_touched(inputs[feed], was.sources[feed], now.sources[feed]) for feed in feeds if feed in was.sources]
    if len(texts) < len(feeds) or None in texts:
        return None
    if not feeds:
        return Part(before, indicators=indicators, looked=_looked(backend, carried))
    backend.materialise(FOUND_TOUCHED, "\nUNION\n".join(f"SELECT person_key FROM ({text}) AS moved" for text in texts))
    touched = int(backend.rows(f"SELECT count(*) FROM {FOUND_TOUCHED}")[0][0])
    if touched * _ONE_IN > before.manifest.people:
        return None
    return Part(before, tuple(feeds), touched, _retold(before, feeds))


def _looked(backend: Backend, carried: Carried | None) -> dict[str, Looked]:
    files = {name: carried.looked_at(name) for name in LOOKED_AT_FIRST} if carried else {}
    return {
        name: Looked(file, frozenset(c for c, _ in backend.columns(f"SELECT * FROM read_parquet({quoted(file)})")))
        for name, file in files.items()
        if file
    }


def _touched(feed: FeedInput, was: Source, now: Source) -> str | None:
    """SELECT person_key of whom a moved feed may say something else, be it through a line of somebody who agrees with him in
    a column that a relation looks at others' lines by; null = cannot be told.
    """
    text = touched_sql(feed, was, now)
    for relation in read_relations("20_persons"):
        for name, column in relation.beside:
            if text and name == feed.feed and column != "person_key":
                lines = lines_in(feed.files)
                theirs = f"SELECT {column} FROM {lines} WHERE person_key IN (SELECT person_key FROM ({text}) AS moved)"
                text = f"{text}\nUNION\nSELECT person_key FROM {lines} WHERE {column} IN ({theirs})"
    return text


def _retold(before: Outcome, feeds: Sequence[str]) -> tuple[int, ...]:
    """Households of alerts that stand on the silence of a delivery of these feeds: it is another delivery now."""
    silent = {
        entry["alert_id"]
        for entry in before.alerts
        if any(reason.get("absent") and reason.get("feed") in feeds for reason in entry["reasons"])
    }
    return tuple(
        sorted({one["household_key"] for one in before.subjects if one["alert_id"] in silent and one["household_key"]})
    )
