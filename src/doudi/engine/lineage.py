"""来历：一个关系由什么语句、从湖里哪些批次做出来；什么变了，才需要重做。

What the rows of every planned relation depend on. Two plans whose relation has the same shape and the same sources give
the same rows; the same shape and other sources say whose lines may have changed. Pure: reads no lake.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from doudi.engine.step import Step

__all__ = ["Lineage", "Source", "lineages", "with_columns"]


@dataclass(frozen=True)
class Source:
    """What is read of one feed: batches with the condition under which their lines hold, and the last day of events."""

    batches: Mapping[str, str]
    until: date | None = None


@dataclass(frozen=True)
class Lineage:
    """`shape`: digest of the relation's text and of the texts it rests on, whatever the files. `sources`: by feed.

    `by_person`: a person's rows come from his own lines alone, all the way down to the lake.
    """

    shape: str
    sources: Mapping[str, Source] = field(default_factory=dict)
    by_person: bool = True

    @property
    def digest(self) -> str:
        """Sixteen hex digits of the shape and the sources together: equal digests, equal rows."""
        told = repr((self.shape, sorted((f, sorted(s.batches.items()), s.until) for f, s in self.sources.items())))
        return hashlib.sha256(told.encode()).hexdigest()[:16]


def lineages(steps: Iterable[Step]) -> dict[str, Lineage]:
    """The lineage of each step of a plan; every step stands after those it reads."""
    found: dict[str, Lineage] = {}
    known: dict[str, Step] = {}
    for step in steps:
        known[step.name] = step
        found[step.name] = _of(step, {name: found[name] for name in step.reads}, known)
    return found


def _of(step: Step, read: Mapping[str, Lineage], known: Mapping[str, Step]) -> Lineage:
    sources: dict[str, Source] = {}
    for each in read.values():
        sources |= {feed: source for feed, source in each.sources.items() if source.until or feed not in sources}
    text = step.sql
    if step.lake is not None:
        sources[step.lake.feed] = Source(dict(step.lake.batches))
        text = step.name  # its text is its files
    elif step.until is not None:
        sources[step.name] = Source(sources[step.name].batches, step.until)
        text = text.replace(str(step.until), "")
    below = [lineage.shape for name, lineage in read.items() if not known[name].settings]
    below += [told for name in read for told in _named(known[name].settings, step.sql)]
    by_person = all(each.by_person for each in read.values()) and (step.shard == "person" or not step.stored)
    return Lineage(hashlib.sha256("\n".join([text, *below]).encode()).hexdigest()[:16], sources, by_person)


def _named(settings: Iterable[tuple[str, str]], text: str) -> list[str]:
    """The settings that a text names, with their values."""
    return [f"{name}={value}" for name, value in settings if re.search(rf"\b{name}\b", text)]


def with_columns(steps: Sequence[Step]) -> tuple[Step, ...]:
    """The steps, those that read the lake with the columns that anybody names of them."""
    texts: dict[str, list[str]] = {}
    for step in steps:
        for name in step.reads:
            texts.setdefault(name, []).append(step.sql)
    told = []
    for step in steps:
        if step.lake is not None and step.lake.batches:
            feed = step.lake.feed
            named = " ".join(texts.get(step.name, []) + texts.get(feed, []) + [when for _, when in step.lake.batches])
            columns = tuple(name for name in step.lake.columns if re.search(rf"\b{name}\b", named))
            told.append(replace(step, lake=replace(step.lake, columns=columns)))
        else:
            told.append(step)
    return tuple(told)
