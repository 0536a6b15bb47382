"""几个人的行：先看哪些文件可能有，再问哪些真有，只读那些；哪一行作数，仍照全市的规矩。

The lines in force of a few persons, as tables that bear the names of their feeds. A feed's lines lie in many files and a
person stands in few of them: those whose keys may reach him are asked for his key alone, all in one scan, and only those
that have it are read.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import pyarrow.parquet as pq

from doudi.engine.backends.duckdb import Backend, quoted, scan_of
from doudi.engine.inputs import FeedInput, Inputs, LakeFile
from doudi.engine.landed import landed_steps, literal
from doudi.engine.relations import read_relations
from doudi.engine.step import Step

__all__ = ["OwnLines", "keys_of", "listed", "of_persons"]

_KEY = (("key_hash", "BIGINT"),)
_RIVALS = (
    ("person_key", "BIGINT"), ("batch_no", "BIGINT"), ("line", "INTEGER"), ("place", "BIGINT"), ("contradicted", "BOOLEAN"),
)  # fmt: skip


@dataclass(frozen=True)
class _Feed:
    """A feed of which the persons have lines: its lines in all files, and in the `few` that hold theirs."""

    feed: FeedInput
    lines: Step
    few: Step


class OwnLines:
    """The lake as it is given, to be asked for the lines of a few persons, and then of a few others. What does not depend
    on who is asked for is read once: between which keys each file's persons lie, and which keys are contested.
    """

    def __init__(self, inputs: Inputs, known: Mapping[str, Step]) -> None:
        self._inputs, self._known = inputs, known
        self._lines = {name: known[f"lines_{name}"] for name in inputs.feeds if f"lines_{name}" in known}
        self._contested: dict[str, frozenset[int]] = {}
        self._beside = [each for relation in read_relations("20_persons") for each in relation.beside]

    def make(self, backend: Backend, people: Sequence[int]) -> list[str]:
        """Makes `rivals_<feed>` and `<feed>`, the lines in force, of each feed that has a line of these persons; gives
        these feeds. Beside their own stand the lines that decide what theirs are worth: those that bear the key of one of
        theirs, and those that a relation says it looks at.
        """
        feeds = self._reached(backend, people)
        for each in feeds:
            backend.materialise(each.lines.name, of_persons(each.few, people))
            for column in (one for feed, one in self._beside if feed == each.feed.feed and one != "person_key"):
                shared = keys_of(backend, f"SELECT DISTINCT {column} FROM {each.lines.name}")
                _add(backend, each.lines, column, shared)
        claimed = self._claimed(backend, feeds)
        for each in feeds:
            name = each.feed.feed
            if name in claimed:
                backend.name_view(f"contested_{name}", literal(_KEY, [(key,) for key in claimed[name]]))
                backend.materialise(f"rivals_{name}", self._known[f"rivals_{name}"].sql)
                backend.materialise(name, self._known[name].sql)
            else:
                backend.name_view(f"rivals_{name}", literal(_RIVALS, []))
                backend.name_view(name, self._undisputed(each.feed))
        return [each.feed.feed for each in feeds]

    def lines(self, feed: str, people: Sequence[int]) -> str:
        """The text of these persons' lines of a feed, those that others outrank among them."""
        near = frozenset(file.batch for file in self._near[feed].within(people))
        return of_persons(self._few(feed, near), people)

    def _undisputed(self, feed: FeedInput) -> str:
        """The text of a feed's lines in force when no two of them are rivals: all, up to the day."""
        until = f" WHERE {feed.happened} <= {quoted(self._inputs.at)}" if feed.happened else ""
        return f"SELECT * FROM lines_{feed.feed}{until}"

    def _few(self, feed: str, batches: frozenset[str]) -> Step:
        """The lines of a feed in these files alone."""
        given = self._inputs[feed]
        files = tuple(file for file in given.files if file.batch in batches)
        return landed_steps(replace(given, files=files), self._inputs.at)[0]

    @cached_property
    def _near(self) -> "dict[str, _Near]":
        """By feed, the files whose lines hold."""
        found = {}
        for name, step in self._lines.items():
            held = {batch for batch, _ in step.lake.batches} if step.lake else set()
            feed = self._inputs[name]
            found[name] = _Near([file for file in feed.files if file.batch in held], _person(feed))
        return found

    def _reached(self, backend: Backend, people: Sequence[int]) -> list[_Feed]:
        """The feeds that have a line of these persons."""
        by_column: dict[str, list[LakeFile]] = {}
        for near in self._near.values():
            by_column.setdefault(near.column, []).extend(near.within(people))
        found = frozenset(
            batch for column, files in by_column.items() for batch in _holding(backend, files, column, people)
        )
        reached = []
        for name, step in self._lines.items():
            few = self._few(name, found)
            if few.lake and few.lake.batches:
                reached.append(_Feed(self._inputs[name], step, few))
        return reached

    def _claimed(self, backend: Backend, feeds: Iterable[_Feed]) -> dict[str, list[int]]:
        """By feed, the keys that several of the lines bear; lines of others that bear a key of theirs are added first."""
        for each in feeds:
            if not _own_keys(each.feed):
                keys = keys_of(backend, f"SELECT key_hash FROM {each.lines.name}")
                _add(backend, each.lines, "key_hash", sorted(self._contested_of(backend, each.feed) & set(keys)))
        several = "\nUNION ALL ".join(
            f"SELECT '{each.feed.feed}', key_hash FROM {each.lines.name} GROUP BY key_hash HAVING count(*) > 1"
            for each in feeds
        )
        claimed: dict[str, list[int]] = {}
        for feed, key in backend.rows(several) if several else ():
            claimed.setdefault(feed, []).append(key)
        return claimed

    def _contested_of(self, backend: Backend, feed: FeedInput) -> frozenset[int]:
        """The keys of which there may be two lines in the feed."""
        if feed.feed not in self._contested:
            paths = ", ".join(quoted(file.contested) for file in feed.files if file.contested)
            keys = keys_of(backend, f"SELECT key_hash FROM read_parquet([{paths}])") if paths else ()
            self._contested[feed.feed] = frozenset(keys)
        return self._contested[feed.feed]


class _Near:
    """Files of which some are near a person: their keys may reach him. Files are sorted by person, so that few are."""

    def __init__(self, files: Sequence[LakeFile], column: str) -> None:
        self._files, self.column = files, column

    def within(self, people: Sequence[int]) -> list[LakeFile]:
        """The files that may hold one of these persons, whose keys are in order."""
        return [
            file
            for file, spans in zip(self._files, self._spans, strict=True)
            if any(
                people[place] <= last for first, last in spans if (place := bisect_left(people, first)) < len(people)
            )
        ]

    @cached_property
    def _spans(self) -> list[list[tuple[int, int]]]:
        """The first and the last key of each part of each file."""
        return [_spans_of(file.path, self.column) for file in self._files]


def _spans_of(path: Path, column: str) -> list[tuple[int, int]]:
    told = pq.read_metadata(path)
    place = told.schema.names.index(column)
    parts = (told.row_group(part).column(place).statistics for part in range(told.num_row_groups))
    return [(part.min, part.max) if part and part.has_min_max else _ANYBODY for part in parts]


_ANYBODY = (0, 2**63)


def _holding(backend: Backend, files: Sequence[LakeFile], column: str, people: Sequence[int]) -> list[str]:
    """The batches of those files that have one of these persons in this column."""
    if not files:
        return []
    scan = scan_of([(file.path, "") for file in files], [column], {"place": ("BIGINT", range(len(files)))})
    rows = backend.rows(f"SELECT DISTINCT place FROM ({scan}) AS lines WHERE {column} IN ({listed(people)})")
    return [files[place].batch for (place,) in rows]


def _add(backend: Backend, step: Step, column: str, values: Sequence[int]) -> None:
    """Adds to its table those rows of a step that have one of these values and are not yet there."""
    if values:
        there = f"(batch_no, line) NOT IN (SELECT batch_no, line FROM {step.name})"
        backend.execute(f"INSERT INTO {step.name} {_of(step, f'{column} IN ({listed(values)}) AND {there}')}")


def of_persons(step: Step, people: Sequence[int]) -> str:
    """The text of a step's rows of these persons."""
    return _of(step, f"person_key IN ({listed(people)})")


def _of(step: Step, which: str) -> str:
    return f"SELECT * FROM (\n{step.sql}\n) AS lines WHERE {which}"


def _person(feed: FeedInput) -> str:
    """The column of the feed's files that holds the person of a line."""
    return "person_key" if "person_key" in feed.named_columns else "kin_key"


def _own_keys(feed: FeedInput) -> bool:
    """Does a line's key name its person, so that nobody else's line can bear it?"""
    return ("id" if _person(feed) == "person_key" else "kin_id") in feed.key


def keys_of(backend: Backend, sql: str) -> list[int]:
    """The numbers that a text of one column gives, each once, in order."""
    return sorted({row[0] for row in backend.rows(sql) if row[0] is not None})


def listed(keys: Iterable[int]) -> str:
    """The numbers as SQL lists them; never empty."""
    return ", ".join(map(str, keys)) or "NULL"
