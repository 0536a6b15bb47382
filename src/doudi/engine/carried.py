"""沿用：上一次运行做好的人的关系，留在 `cache/`，什么都没变的下一次照用。

Person relations of an earlier run, kept beside the home's runs: one Parquet file a relation and `carried-….json`, whose
appearance makes them count. Nothing in it is the only copy of anything: it may be deleted at any time, and costs time.
It holds what the lake holds: keys and facts, no id and no name.
"""

import fcntl
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from doudi.engine.backends.duckdb import ENGINE
from doudi.engine.lineage import Lineage, Source

__all__ = ["LIST", "LOOKED_AT_FIRST", "Carried", "Entry", "Looked", "open_carried"]

LIST = f"carried-{ENGINE}.json"  # another database engine hashes rows otherwise

# Whatever rule is edited, everybody is looked at through these again.
LOOKED_AT_FIRST = (
    "blind", "noted", "noted_household_facts", "noted_person_facts", "sieve_household_facts", "sieve_person_facts",
)  # fmt: skip


@dataclass(frozen=True)
class Looked:
    """One of LOOKED_AT_FIRST as it was made of the very same lines: its file and the columns in it."""

    file: Path
    columns: frozenset[str]


@dataclass(frozen=True)
class Entry:
    """One relation as it was made: its lineage, its file in the cache, its rows and their order-free hash."""

    lineage: Lineage
    file: Path
    rows: int
    hash: str


@dataclass
class Carried:
    """What may be carried over, by name of relation; `made` collects what this run leaves for the next one. `lines`: digest
    of all that this run's facts rest on.
    """

    folder: Path
    entries: Mapping[str, Entry]
    made: dict[str, Entry] = field(default_factory=dict)
    lines: str = ""

    def file_of(self, name: str, lineage: Lineage) -> Path:
        """Where a relation of this lineage lies: another lineage never overwrites a file that is still being read."""
        return self.folder / f"{name}-{lineage.digest}.parquet"

    def looked_at(self, name: str) -> Path | None:
        """The file of one of LOOKED_AT_FIRST, if it was made of the same lines."""
        entry = self.entries.get(name)
        return entry.file if entry and self.lines and entry.lineage.shape == self.lines else None

    def commit(self) -> None:
        """Lets what this run made count from now on, and removes what nobody names any more."""
        told = {name: _told(entry) for name, entry in sorted(self.made.items())}
        half = self.folder / f"{LIST}.tmp"
        half.write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")
        half.replace(self.folder / LIST)
        named = {entry.file for entry in self.made.values()}
        for left in self.folder.glob("*.parquet"):
            if left not in named:
                left.unlink()


@contextmanager
def open_carried(home: Path, *, afresh: bool = False) -> Iterator[Carried | None]:
    """The carried relations of `home`, for one run at a time; null while another run has them. `afresh`: use none."""
    folder = home / "cache"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield None
            return
        yield Carried(folder, {} if afresh else _read(folder))


def _read(folder: Path) -> dict[str, Entry]:
    """What is there and whole. A list that cannot be read, or a file of another length, is as good as none."""
    try:
        told = json.loads((folder / LIST).read_text(encoding="utf-8"))
        found = {name: _entry(folder, entry) for name, entry in told.items()}
        return {name: entry for name, entry in found.items() if entry.file.stat().st_size == told[name]["bytes"]}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _told(entry: Entry) -> dict[str, Any]:
    sources = {
        feed: {"batches": dict(source.batches), "until": str(source.until) if source.until else None}
        for feed, source in entry.lineage.sources.items()
    }
    return {
        "shape": entry.lineage.shape, "sources": sources, "file": entry.file.name,
        "bytes": entry.file.stat().st_size, "rows": entry.rows, "hash": entry.hash,
    }  # fmt: skip


def _entry(folder: Path, told: Mapping[str, Any]) -> Entry:
    sources = {
        feed: Source(source["batches"], date.fromisoformat(source["until"]) if source["until"] else None)
        for feed, source in told["sources"].items()
    }
    return Entry(Lineage(told["shape"], sources), folder / told["file"], told["rows"], told["hash"])
