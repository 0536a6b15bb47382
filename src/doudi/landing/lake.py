"""湖：每个收到的文件落成一批，一批就是一个 Parquet 文件加一张批次单；批次单出现，这一批才算入了湖。

The lake of one home. A batch is its lines and its record; the record's appearance is the commit, so a killed landing
leaves files that nobody counts and the next landing sweeps.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from doudi.errors import Refusal
from doudi.landing.account import Account
from doudi.landing.draft import Draft
from doudi.landing.durable import TEMP_SUFFIX, write_durably

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
    """One received file. Counts are physical lines; `conflicts` and `contested` count keys; `received_at` is as the
    edge gave it.

    `contested`: keys of which the engine may hold another line as well, of this file or of a batch that landed before.
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
    contested: int
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
            "contested": self.contested,
            "scopes": [{**asdict(scope), "lines": lines} for scope, lines in self.scopes],
            "invalid_enrolled": [{"county": county, "lines": lines} for county, lines in self.invalid_enrolled],
            "columns_missing": list(self.columns_missing),
        }

    @classmethod
    def from_json(cls, entry: dict[str, Any]) -> "BatchRecord":
        """The record as it was written. Refused: by an older program, which did not look for contested keys."""
        if "contested" not in entry:
            raise Refusal(
                "landing.home_older",
                f"批次单 {entry['batch']} 是旧版程序写的，没有记下相争的主键，不能照用；"
                "请用 DOUDI_HOME 指明一个新目录，把原来的文件重新入库。",
            )
        return cls(
            **{name: entry[name] for name in ("batch", "feed", "period", "revision", "file", "received_at")},
            account=Account(**{name: entry[name] for name in Account().as_dict()}),
            conflicts=entry["conflicts"],
            contested=entry["contested"],
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
        self._contested = home / "lake" / "contested"
        self._records = home / "lake" / "batches"
        self._read: dict[Path, BatchRecord] = {}  # what landed never changes

    def lines_file(self, feed: str, batch: str) -> Path:
        """The Parquet file of a batch."""
        return self._lines / feed / f"{batch}.parquet"

    def contested_file(self, feed: str, batch: str) -> Path:
        """The Parquet file of a batch's contested keys, sorted, in one column `key_hash`; absent when there are none."""
        return self._contested / feed / f"{batch}.parquet"

    def record(self, batch: str) -> BatchRecord | None:
        """The record of a batch, or None when it never landed."""
        path = self._records / f"{batch}.json"
        return self._record(path) if path.exists() else None

    def records(self, feed: str = "*") -> list[BatchRecord]:
        """The batches that landed, of one feed or of all, by name."""
        paths = sorted(self._records.glob(f"{feed}_????-??_r*.json"))
        return [self._record(path) for path in paths]

    def _record(self, path: Path) -> BatchRecord:
        if path not in self._read:
            self._read[path] = BatchRecord.from_json(json.loads(path.read_bytes()))
        return self._read[path]

    def draft(self, feed: str, batch: str) -> Draft:
        """Lines of a batch that nobody sees yet."""
        return Draft(self.lines_file(feed, batch), self.contested_file(feed, batch))

    def commit(self, record: BatchRecord) -> None:
        """Lets the batch exist: before this call it does not, after it it does."""
        self._records.mkdir(parents=True, exist_ok=True)
        content = json.dumps(record.as_json(), ensure_ascii=False, indent=1)
        write_durably(self._records / f"{record.batch}.json", content.encode())

    def sweep(self) -> set[str]:
        """Removes what a killed landing left; gives the names of the batches that did land."""
        landed = {path.stem for path in self._records.glob("*.json")}
        for path in (*self._lines.glob("*/*"), *self._contested.glob("*/*"), *self._records.glob(f"*{TEMP_SUFFIX}")):
            if path.suffix == TEMP_SUFFIX or path.stem not in landed:
                path.unlink()
        return landed


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
