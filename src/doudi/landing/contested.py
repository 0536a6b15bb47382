"""相争的主键：文件里不止一行、或与湖里别的批次撞上的，只有这些要逐行判去处，也只有这些要引擎去比。

Weighing a file against itself and the lake. Nearly every key comes once and is new; the others are *contested*. They
are found by ranges of the key's hash, so that memory is bounded however long the file or the lake.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import polars as pl

from doudi.landing.fates import Rivals, fates, precedence_number
from doudi.landing.lake import BatchRecord, Lake
from doudi.landing.landed_keys import LandedKeys
from doudi.landing.lines import scope_column
from doudi.landing.recognise import Recognised

__all__ = ["KEYS_AT_ONCE", "WHO", "Weighed", "Weighing"]

KEYS_AT_ONCE = 1 << 21  # keys of the file looked at in one pass
WHO = ("scope", "department", "programme")  # whom a line speaks for, of those that the feed has
_PLACED = {"key_hash": pl.Int64, "content_hash": pl.Int64, "rank": pl.Int64}


@dataclass(slots=True)
class Weighed:
    """What became of the contested lines: physical lines repeated and superseded, keys disputed and contested.

    `silent` counts, by whom they speak for, the lines that say nothing which their delivery does not say elsewhere.
    """

    repeated: int = 0
    superseded: int = 0
    conflicts: int = 0
    contested: int = 0
    silent: Counter[tuple[int | None, str | None, str | None]] = field(default_factory=Counter)

    def add(self, other: "Weighed") -> None:
        """Adds what was found about other keys."""
        self.repeated += other.repeated
        self.superseded += other.superseded
        self.conflicts += other.conflicts
        self.contested += other.contested
        self.silent.update(other.silent)


class Weighing:
    """The comparison of one file with the batches that landed before."""

    def __init__(self, lake: Lake, known: Recognised, batch: str, landed: LandedKeys | None = None) -> None:
        self._known = known
        self._landed = landed or LandedKeys()
        self._own = precedence_number(known.period, known.revision)
        self._events = known.feed.delivers == "events"
        self._dated = [name for name in known.feed.key if known.feed.column(name).kind in ("date", "month")]
        others = [record for record in lake.records(known.feed.name) if record.batch != batch]
        self._rivals = {lake.lines_file(each.feed, each.batch): _rank(each) for each in others if self._is_rival(each)}
        divided = not self._events and scope_column(known.feed) is not None
        self._elsewhere = [
            lake.lines_file(each.feed, each.batch) for each in others if divided and _rank(each) != self._own
        ]

    def _is_rival(self, other: BatchRecord) -> bool:
        """May the other batch have said earlier, or say better, what the file says?

        Events of all months accumulate by key; a roll is compared with its own month alone, since the months before it
        are history and not an earlier report of the same fact, and a revision is complete and repeats nothing below it.
        """
        return self._events or (other.period == self._known.period and _rank(other) >= self._own)

    def passes(self, draft: Path, lines: int, spans: Mapping[int, int]) -> Iterator[tuple[Weighed, pl.Series]]:
        """Weighs the `lines` of a draft by ranges of their keys: what is found, and the contested keys, ascending.

        `spans` has the physical lines of the records that take more than one, by their first line.

        Contested is a key of which the engine can ever hold two lines together: it stands twice in the file, or in the
        file and in another batch — of events in any, of a roll in one of its delivery; and where each county's roll may
        be of another month, in any delivery that has the key in another county, for somebody who moved.
        """
        own = pl.scan_parquet(draft)
        for low, high in _ranges(-(-lines // KEYS_AT_ONCE)):
            within = pl.lit(value=True) if low is None else pl.col("key_hash").is_between(low, high)
            yield self._weighed(own.filter(within), within, spans)

    def _weighed(self, own: pl.LazyFrame, within: pl.Expr, spans: Mapping[int, int]) -> tuple[Weighed, pl.Series]:
        keys = own.select("key_hash", "scope", *self._dated).collect(engine="streaming")
        twice = keys.filter(pl.col("key_hash").is_duplicated())["key_hash"]
        rivals = self._rivals_of(keys, within & self._of_its_days(keys))
        beside = rivals if self._events else rivals.filter(pl.col("rank") == self._own)
        contested = pl.concat([twice, beside["key_hash"], self._moved(keys, within)]).unique().sort()
        judged_keys = pl.concat([twice, rivals["key_hash"]]).unique()
        weighed = Weighed(contested=contested.len())
        if judged_keys.len():
            self._judge(own, judged_keys, Rivals(rivals, self._own), spans, weighed)
        return weighed, contested

    def _of_its_days(self, keys: pl.DataFrame) -> pl.Expr:
        """What every line with one of these keys fulfils: a day that is a part of the key is between the first and the last.

        Most months of most feeds are told apart by it, and their row groups are not even read.
        """
        days = [name for name in self._dated if not keys[name].null_count()]
        bounds = (pl.col(name).is_between(keys[name].min(), keys[name].max()) for name in days)
        return pl.all_horizontal(pl.lit(value=True), *bounds)

    def _rivals_of(self, keys: pl.DataFrame, where: pl.Expr) -> pl.DataFrame:
        nothing = pl.DataFrame(schema=_PLACED)
        if not self._rivals or not keys.height:
            return nothing
        # The months of a roll name the same people again: to remember them tells nothing.
        apart = self._landed.without_rivals(self._known.feed.name, keys["key_hash"]) if self._events else ()
        rivals = [path for path in self._rivals if path not in apart]
        if not rivals:
            return nothing
        wanted = keys.lazy().select("key_hash")
        met = (
            pl.scan_parquet(rivals)
            .filter(where)
            .join(wanted, on="key_hash", how="semi")
            .select(pl.col("key_hash").unique())
            .collect(engine="streaming")
        )
        if not met.height:  # and so it is with most files: nothing but keys was read
            return nothing
        ranks = pl.LazyFrame({"file": list(map(str, self._rivals)), "rank": list(self._rivals.values())})
        return (
            pl.scan_parquet(list(self._rivals), include_file_paths="file")
            .filter(where)
            .select("key_hash", "content_hash", "file")
            .join(met.lazy(), on="key_hash", how="semi")
            .join(ranks, on="file")
            .select(*_PLACED)
            .unique()
            .collect(engine="streaming")
        )

    def _moved(self, keys: pl.DataFrame, within: pl.Expr) -> pl.Series:
        """The keys that another delivery of the roll has in another county."""
        if not self._elsewhere:
            return pl.Series("key_hash", [], dtype=pl.Int64)
        return (
            pl.scan_parquet(self._elsewhere)
            .filter(within)
            .select("key_hash", elsewhere="scope")
            .join(keys.lazy(), on="key_hash")
            .filter(pl.col("scope").ne_missing(pl.col("elsewhere")))
            .select(pl.col("key_hash").unique())
            .collect(engine="streaming")
            .to_series()
        )

    def _judge(
        self, own: pl.LazyFrame, keys: pl.Series, rivals: Rivals, spans: Mapping[int, int], weighed: Weighed
    ) -> None:
        has = [name for name in WHO if name == "scope" or name in {column.name for column in self._known.feed.columns}]
        lines = (
            own.select("line", "key_hash", "content_hash", *has)
            .join(keys.to_frame().lazy(), on="key_hash", how="semi")
            .collect(engine="streaming")
            .sort("line")
        )
        span = pl.col("line").replace_strict(spans, default=1, return_dtype=pl.Int64) if spans else pl.lit(1, pl.Int64)
        judged = fates(lines, rivals).with_columns(
            span.alias("span"), *(pl.lit(None, pl.String).alias(name) for name in WHO if name not in has)
        )
        taken = dict(judged.group_by("fate").agg(pl.col("span").sum()).iter_rows())
        weighed.repeated, weighed.superseded = taken.get("repeated", 0), taken.get("superseded", 0)
        weighed.conflicts = judged.filter("disputed")["key_hash"].n_unique()
        silent = judged.filter(~pl.col("adds")).group_by(*WHO).len()
        weighed.silent.update({row[:3]: row[3] for row in silent.iter_rows()})


def _rank(record: BatchRecord) -> int:
    return precedence_number(record.period, record.revision)


def _ranges(parts: int) -> Sequence[tuple[int | None, int]]:
    """All 64-bit integers in so many ranges of one size, ascending; no bounds when one will do."""
    if parts <= 1:
        return [(None, 0)]
    edges = [-(2**63) + 2**64 * part // parts for part in range(parts + 1)]
    return [(low, high - 1) for low, high in pairwise(edges)]
