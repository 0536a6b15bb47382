"""增量：哪些人的行可能变了，只为这些人重做，其余照旧。

A relation that was made before from other files: find whose lines may have changed, make the same text for those
persons alone, and put the rows in the place of theirs. Only relations of which every row rests on one person's own lines
may be treated so (`shard person`, all the way down to the lake).
"""

from collections.abc import Iterable

from doudi.engine.backends.duckdb import Backend, quoted
from doudi.engine.carried import Entry
from doudi.engine.inputs import FeedInput, Inputs, LakeFile
from doudi.engine.lineage import Lineage, Source
from doudi.engine.narrow import narrowed
from doudi.engine.step import Step

__all__ = ["Delta", "lines_in", "touched_sql"]

# When more than one row in so many is touched, a relation is made anew: putting rows into their places costs as much.
_ONE_IN = 2


class Delta:
    """The persons touched since a relation was made, found once per feed and change, and the relations made for them."""

    def __init__(self, backend: Backend, inputs: Inputs, steps: Iterable[Step]) -> None:
        self._backend = backend
        self._inputs = inputs
        self.known = {step.name: step for step in steps}
        self._touched: dict[tuple[str, str], str] = {}

    def made(self, step: Step, lineage: Lineage, entry: Entry) -> bool:
        """Makes the relation out of its former rows; false, and nothing done, where it must be made anew."""
        was = entry.lineage.sources
        changed = [feed for feed, now in sorted(lineage.sources.items()) if now != was.get(feed)]
        names = [self._touched_by(feed, was[feed], lineage.sources[feed]) for feed in changed if feed in was]
        if len(names) != len(changed) or None in names:
            return False
        touched = "SELECT person_key FROM " + " UNION SELECT person_key FROM ".join(name for name in names if name)
        count = int(self._backend.rows(f"SELECT count(*) FROM ({touched}) AS touched")[0][0])
        if count * _ONE_IN > entry.rows:
            return False
        self._backend.materialise(f"touched_{step.name}", touched)
        theirs = f"SELECT person_key FROM touched_{step.name}"
        self._backend.materialise(
            step.name,
            f"SELECT * FROM (\n{narrowed(step, self.known, theirs)}\n) AS again\nUNION ALL\n"
            f"SELECT * FROM read_parquet({quoted(entry.file)}) WHERE person_key NOT IN ({theirs})",
        )
        self._backend.forget(f"touched_{step.name}")
        return True

    def _touched_by(self, feed: str, was: Source, now: Source) -> str | None:
        """The table of persons whose lines in force may differ between two states of a feed; null = cannot be told."""
        known = (feed, repr((sorted(was.batches.items()), was.until)))
        if known not in self._touched:
            sql = touched_sql(self._inputs[feed], was, now)
            if sql is None:
                return None
            self._touched[known] = f"touched_in_{feed}_{len(self._touched)}"
            self._backend.materialise(self._touched[known], sql)
        return self._touched[known]


def touched_sql(feed: FeedInput, was: Source, now: Source) -> str | None:
    """Persons named by a file that came, went or holds for other counties; by a line that shares its key with one of
    those; and, when the last day of events moved, by an event in between.
    """
    moved = {
        batch for batch in was.batches.keys() | now.batches.keys() if was.batches.get(batch) != now.batches.get(batch)
    }
    files = {file.batch: file for file in feed.files}
    if not moved <= files.keys():
        return None
    person = "person_key" if "person_key" in feed.named_columns else "kin_key"
    held = [files[batch] for batch in sorted(was.batches.keys() | now.batches.keys()) if batch in files]
    parts = []
    if moved:
        changed = lines_in(files[batch] for batch in sorted(moved))
        parts.append(f"SELECT {person} AS person_key FROM {changed}")
        if contested := [file.contested for file in feed.files if file.contested]:
            doubtful = f"SELECT key_hash FROM read_parquet([{', '.join(map(quoted, contested))}])"
            keys = f"SELECT key_hash FROM {changed} WHERE key_hash IN ({doubtful})"
            parts.append(f"SELECT {person} FROM {lines_in(held)} WHERE key_hash IN ({keys})")
    if was.until != now.until and held:
        if was.until is None or now.until is None:
            return None
        first, last = sorted((was.until, now.until))
        between = f"{feed.happened} > {quoted(first)} AND {feed.happened} <= {quoted(last)}"
        parts.append(f"SELECT {person} FROM {lines_in(held)} WHERE {between}")
    parts = parts or ["SELECT CAST(NULL AS BIGINT) AS person_key"]
    return (
        "SELECT DISTINCT person_key FROM (\n" + "\nUNION ALL ".join(parts) + "\n) AS named WHERE person_key IS NOT NULL"
    )


def lines_in(files: Iterable[LakeFile]) -> str:
    """The lines of these files, all of them, as a text to select from."""
    return f"read_parquet([{', '.join(quoted(file.path) for file in files)}])"
