"""湖：每个收到的文件落成一批，一批就是一个 Parquet 文件加一张批次单；批次单出现，这一批才算入了湖。

The lake of one home. A batch is its lines and its record; the record's appearance is the commit, so a killed landing
leaves files that nobody counts and the next landing sweeps.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow.parquet as pq

from doudi.errors import Fault, Refusal
from doudi.landing.account import Account
from doudi.landing.durable import TEMP_SUFFIX, publish, write_durably

__all__ = [
    "Acceptance", "BatchRecord", "Lake", "Scope", "accept", "delivery_name", "read_acceptances", "read_batches",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scope:
    """Who delivers: a county, a department or a programme; all None for a sender that answers for the whole territory."""

    county: int | None = None
    department: str | None = None
    programme: str | None = None

    @property
    def sort_key(self) -> tuple[int, str, str]:
        """Orders scopes though parts are absent."""
        return self.county or 0, self.department or "", self.programme or ""


@dataclass(frozen=True, slots=True)
class BatchRecord:
    """One received file. Counts are physical lines; `conflicts` counts keys; `received_at` is as the edge gave it.

    `scopes`: for each scope that the file names, the lines it adds to its delivery (a part sent again adds none).
    `invalid_enrolled`: by county, roll lines whose id is unusable though they bear a name and a case (在册但证件无效).
    """

    batch: str
    feed: str
    period: str
    revision: int
    file: str
    received_at: str
    account: Account
    conflicts: int
    scopes: tuple[tuple[Scope, int], ...]
    invalid_enrolled: tuple[tuple[int | None, int], ...]
    columns_missing: tuple[str, ...]

    @property
    def delivery(self) -> str:
        """The delivery that the file is a part of."""
        return delivery_name(self.feed, self.period, self.revision)

    @property
    def precedence(self) -> tuple[str, int]:
        """What decides between two contents of one key; the order of arrival never does."""
        return self.period, self.revision

    def as_json(self) -> dict[str, Any]:
        """The record as it is written."""
        return {
            **{name: getattr(self, name) for name in ("batch", "feed", "period", "revision", "file", "received_at")},
            **self.account.as_dict(),
            "conflicts": self.conflicts,
            "scopes": [{**asdict(scope), "lines": lines} for scope, lines in self.scopes],
            "invalid_enrolled": [{"county": county, "lines": lines} for county, lines in self.invalid_enrolled],
            "columns_missing": list(self.columns_missing),
        }

    @classmethod
    def from_json(cls, entry: dict[str, Any]) -> "BatchRecord":
        """The record as it was written."""
        return cls(
            **{name: entry[name] for name in ("batch", "feed", "period", "revision", "file", "received_at")},
            account=Account(**{name: entry[name] for name in Account().as_dict()}),
            conflicts=entry["conflicts"],
            scopes=tuple(
                (Scope(scope["county"], scope["department"], scope["programme"]), scope["lines"])
                for scope in entry["scopes"]
            ),
            invalid_enrolled=tuple((each["county"], each["lines"]) for each in entry["invalid_enrolled"]),
            columns_missing=tuple(entry["columns_missing"]),
        )


@dataclass(frozen=True, slots=True)
class Acceptance:
    """A quarantined delivery that a person accepted: who and when."""

    delivery: str
    at: str
    by: str


class Lake:
    """Where the batches of one home lie, and how one is added. Writing is for the holder of the home's lock."""

    def __init__(self, home: Path) -> None:
        self._lines = home / "lake" / "lines"
        self._records = home / "lake" / "batches"

    def lines_file(self, feed: str, batch: str) -> Path:
        """The Parquet file of a batch."""
        return self._lines / feed / f"{batch}.parquet"

    def record(self, batch: str) -> BatchRecord | None:
        """The record of a batch, or None when it never landed."""
        path = self._records / f"{batch}.json"
        return BatchRecord.from_json(json.loads(path.read_bytes())) if path.exists() else None

    def records(self, feed: str = "*") -> list[BatchRecord]:
        """The batches that landed, of one feed or of all, by name."""
        paths = sorted(self._records.glob(f"{feed}_????-??_r*.json"))
        return [BatchRecord.from_json(json.loads(path.read_bytes())) for path in paths]

    def draft(self, feed: str, batch: str) -> "Draft":
        """Lines of a batch that nobody sees yet."""
        final = self.lines_file(feed, batch)
        final.parent.mkdir(parents=True, exist_ok=True)
        return Draft(final)

    def commit(self, record: BatchRecord) -> None:
        """Lets the batch exist: before this call it does not, after it it does."""
        self._records.mkdir(parents=True, exist_ok=True)
        content = json.dumps(record.as_json(), ensure_ascii=False, indent=1)
        write_durably(self._records / f"{record.batch}.json", content.encode())

    def sweep(self) -> set[str]:
        """Removes what a killed landing left; gives the names of the batches that did land."""
        landed = {path.stem for path in self._records.glob("*.json")}
        for path in (*self._lines.glob("*/*"), *self._records.glob(f"*{TEMP_SUFFIX}")):
            if path.suffix == TEMP_SUFFIX or path.stem not in landed:
                path.unlink()
        return landed


class Draft:
    """A batch's lines on their way: written block by block, published whole."""

    def __init__(self, final: Path) -> None:
        self._final = final
        self._temp = final.with_name(final.name + TEMP_SUFFIX)
        self._writer: pq.ParquetWriter | None = None

    def add(self, lines: pl.DataFrame) -> None:
        """Writes some lines, be it none; every call with the same columns."""
        if self._writer is not None and not lines.height:
            return
        table = lines.to_arrow(compat_level=pl.CompatLevel.oldest())
        if self._writer is None:
            self._writer = pq.ParquetWriter(self._temp, table.schema, compression="zstd", store_schema=False)
        self._writer.write_table(table)

    def complete(self) -> Path:
        """Finishes the file, still under its temporary name, and gives that name."""
        if self._writer is None:
            raise Fault("landing.draft_empty", f"{self._final.stem} 没有写过任何一块。")
        self._writer.close()
        return self._temp

    def publish(self) -> None:
        """Gives the file its name. It still does not count until the batch is committed."""
        publish(self._temp, self._final)

    def discard(self) -> None:
        """Lets go of what was written."""
        if self._writer is not None:
            self._writer.close()
        self._temp.unlink(missing_ok=True)


def delivery_name(feed: str, period: str, revision: int) -> str:
    """How a delivery is called on the command line and in `lake/accepted`."""
    return f"{feed}_{period}_r{revision}"


def read_batches(home: Path, known: str | None = None) -> list[BatchRecord]:
    """The batches that landed, received up to `known` when given, in the order of their precedence."""
    records = [record for record in Lake(home).records() if _was_known(record.received_at, known)]
    return sorted(records, key=lambda record: (record.feed, record.precedence, record.batch))


def read_acceptances(home: Path, known: str | None = None) -> list[Acceptance]:
    """The deliveries accepted by hand, up to `known` when given."""
    paths = sorted((home / "lake" / "accepted").glob("*.json"))
    all_of_them = [Acceptance(**json.loads(path.read_bytes())) for path in paths]
    return [one for one in all_of_them if _was_known(one.at, known)]


def _was_known(moment: str, known: str | None) -> bool:
    """Was `moment` up to `known`? A day or a month means all of it; all ISO times of one home are in one zone."""
    return known is None or moment[: len(known)] <= known


def accept(home: Path, delivery: str, at: str, by: str) -> None:
    """Lets a quarantined delivery stand, on the word of `by`. Refused: no such delivery. The first word is kept."""
    if all(record.delivery != delivery for record in Lake(home).records()):
        raise Refusal("landing.no_such_delivery", f"没有 {delivery} 这一期来件；请用 doudi coverage 查看名称。")
    path = home / "lake" / "accepted" / f"{delivery}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        entry = {"delivery": delivery, "at": at, "by": by}
        write_durably(path, json.dumps(entry, ensure_ascii=False, indent=1).encode())
