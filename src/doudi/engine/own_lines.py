"""几个人的行：先问哪些文件里有他们的行，只读那些文件；哪一行作数，仍照全市的规矩。

The lines in force of a few persons, as tables that bear the names of their feeds. A feed's lines lie in many files and a
person stands in few of them: all files are asked for the persons' keys alone, in one scan, and only those that have one
are read.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from doudi.engine.backends.duckdb import Backend, quoted, scan_of
from doudi.engine.inputs import FeedInput, Inputs, LakeFile
from doudi.engine.landed import landed_steps, literal
from doudi.engine.relations import read_relations
from doudi.engine.step import Step

__all__ = ["keys_of", "listed", "make_lines", "of_persons"]

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

    @property
    def own_keys(self) -> bool:
        """Does a line's key name its person, so that nobody else's line can bear it?"""
        return ("id" if _person(self.feed) == "person_key" else "kin_id") in self.feed.key


def make_lines(backend: Backend, inputs: Inputs, known: Mapping[str, Step], people: Sequence[int]) -> list[str]:
    """Makes `rivals_<feed>` and `<feed>`, the lines in force, of each feed that has a line of these persons; gives these
    feeds. `known` are the steps of a plan, by name. Beside their own stand the lines that decide what theirs are worth:
    those that bear the key of one of theirs, and those that a relation says it looks at.
    """
    feeds = _reached(backend, inputs, known, people)
    looked_at = [each for relation in read_relations("20_persons") for each in relation.beside]
    for each in feeds:
        backend.materialise(each.lines.name, of_persons(each.few, people))
        for column in (column for feed, column in looked_at if feed == each.feed.feed and column != "person_key"):
            shared = keys_of(backend, f"SELECT DISTINCT {column} FROM {each.lines.name}")
            _add(backend, each.lines, f"{column} IN ({listed(shared)})")
    claimed = _claimed(backend, feeds)
    for each in feeds:
        name = each.feed.feed
        if name in claimed:
            backend.name_view(f"contested_{name}", literal(_KEY, [(key,) for key in claimed[name]]))
            backend.materialise(f"rivals_{name}", known[f"rivals_{name}"].sql)
        else:
            backend.name_view(f"rivals_{name}", literal(_RIVALS, []))
        backend.materialise(name, known[name].sql)
    return [each.feed.feed for each in feeds]


def of_persons(step: Step, people: Sequence[int]) -> str:
    """The text of a step's rows of these persons."""
    return _of(step, f"person_key IN ({listed(people)})")


def _reached(backend: Backend, inputs: Inputs, known: Mapping[str, Step], people: Sequence[int]) -> list[_Feed]:
    """The feeds that have a line of these persons."""
    steps = {name: known[f"lines_{name}"] for name in inputs.feeds if f"lines_{name}" in known}
    by_column: dict[str, list[LakeFile]] = {}
    for name, step in steps.items():
        held = {batch for batch, _ in step.lake.batches} if step.lake else set()
        by_column.setdefault(_person(inputs[name]), []).extend(one for one in inputs[name].files if one.batch in held)
    found = {batch for column, files in by_column.items() for batch in _holding(backend, files, column, people)}
    reached = []
    for name, step in steps.items():
        files = tuple(file for file in inputs[name].files if file.batch in found)
        if files:
            few = landed_steps(replace(inputs[name], files=files), inputs.at)[0]
            reached.append(_Feed(inputs[name], step, few))
    return reached


def _holding(backend: Backend, files: Sequence[LakeFile], column: str, people: Sequence[int]) -> list[str]:
    """The batches of those files that have one of these persons in this column."""
    if not files:
        return []
    scan = scan_of([(file.path, "") for file in files], [column], {"place": ("BIGINT", range(len(files)))})
    rows = backend.rows(f"SELECT DISTINCT place FROM ({scan}) AS lines WHERE {column} IN ({listed(people)})")
    return [files[place].batch for (place,) in rows]


def _claimed(backend: Backend, feeds: Iterable[_Feed]) -> dict[str, list[int]]:
    """By feed, the keys that several of the lines bear; lines of others that bear a key of theirs are added first."""
    for each in feeds:
        contested = [quoted(file.contested) for file in each.feed.files if file.contested]
        if contested and not each.own_keys:
            which = f"SELECT key_hash FROM read_parquet([{', '.join(contested)}])"
            keys = keys_of(backend, f"SELECT DISTINCT key_hash FROM {each.lines.name} WHERE key_hash IN ({which})")
            if keys:
                _add(backend, each.lines, f"key_hash IN ({listed(keys)})")
    several = "\nUNION ALL ".join(
        f"SELECT '{each.feed.feed}', key_hash FROM {each.lines.name} GROUP BY key_hash HAVING count(*) > 1"
        for each in feeds
    )
    claimed: dict[str, list[int]] = {}
    for feed, key in backend.rows(several) if several else ():
        claimed.setdefault(feed, []).append(key)
    return claimed


def _add(backend: Backend, step: Step, which: str) -> None:
    """Adds to its table the rows of a step that are not yet there."""
    there = f"(batch_no, line) NOT IN (SELECT batch_no, line FROM {step.name})"
    backend.execute(f"INSERT INTO {step.name} {_of(step, f'{which} AND {there}')}")


def _of(step: Step, which: str) -> str:
    return f"SELECT * FROM (\n{step.sql}\n) AS lines WHERE {which}"


def _person(feed: FeedInput) -> str:
    """The column of the feed's files that holds the person of a line."""
    return "person_key" if "person_key" in feed.named_columns else "kin_key"


def keys_of(backend: Backend, sql: str) -> list[int]:
    """The numbers that a text of one column gives, each once, in order."""
    return sorted({row[0] for row in backend.rows(sql) if row[0] is not None})


def listed(keys: Iterable[int]) -> str:
    """The numbers as SQL lists them; never empty."""
    return ", ".join(map(str, keys)) or "NULL"
