"""去处：一行好的记录，是新的，是又报了一遍，还是已被更高一期取代。

What becomes of good lines beside what already landed. All of them are kept in the lake, whatever their fate: the engine
lets the highest (period, revision) win, and so the order of arrival shows in this account and nowhere else.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from doudi.landing.lake import Lake
from doudi.landing.recognise import Recognised

__all__ = ["Rivals", "fates", "precedence_number", "rivals_of"]

_FILES_AT_ONCE = 8  # of the lake, to compare a file with; two hashes of every line of theirs are held


@dataclass(frozen=True, slots=True)
class Rivals:
    """Lines of other batches about the keys of a file: `key_hash`, `content_hash`, `rank`; `own` is the file's rank."""

    lines: pl.DataFrame
    own: int


def precedence_number(period: str, revision: int) -> int:
    """(period, revision) as one number of the same order."""
    return int(period.replace("-", "")) * 1_000_000 + revision


def rivals_of(lake: Lake, known: Recognised, batch: str, keys: pl.Series) -> Rivals:
    """What landed before and speaks of the same keys.

    Events of all months accumulate by key; a roll is compared with its own month alone, since the months before it are
    history and not an earlier report of the same fact, and a revision is complete and repeats nothing of the one below.
    """
    own = precedence_number(known.period, known.revision)
    wanted = keys.unique().to_frame("key_hash").lazy()
    others = [
        pl.scan_parquet(path).select("key_hash", "content_hash", rank=pl.lit(rank, dtype=pl.Int64))
        for path, rank in _comparable(lake, known, batch, own)
    ]
    found = [
        pl.concat(others[start : start + _FILES_AT_ONCE]).join(wanted, on="key_hash", how="semi").unique().collect()
        for start in range(0, len(others), _FILES_AT_ONCE)
    ]
    nothing = pl.DataFrame(schema={"key_hash": pl.Int64, "content_hash": pl.Int64, "rank": pl.Int64})
    return Rivals(pl.concat([nothing, *found]), own)


def fates(lines: pl.DataFrame, rivals: Rivals) -> pl.DataFrame:
    """`lines` (with `key_hash` and `content_hash`, in the file's order) with three columns more.

    `fate`: `repeated` when the same key with the same content stands in the file above, in the lake with the same or a
    higher precedence, or is what the lake holds for the key already; `superseded` when a higher precedence says
    otherwise; else `accepted`. `adds`: the line says something that no other line of its delivery says.
    `disputed`: its delivery says two different things about the key.
    """
    # Nearly every key comes once and is new: only the others are looked at, and that bounds the memory.
    keys = lines["key_hash"]
    contested = (keys.is_duplicated() | keys.is_in(rivals.lines["key_hash"].unique().implode())).arg_true()
    if not contested.len():
        return lines.with_columns(fate=pl.lit("accepted"), adds=pl.lit(value=True), disputed=pl.lit(value=False))
    judged = _judged(lines.select("key_hash", "content_hash")[contested], rivals)
    return (
        lines.with_row_index("row")
        .join(judged.with_columns(row=contested), on="row", how="left", maintain_order="left")
        .with_columns(
            pl.col("fate").fill_null("accepted"),
            pl.col("adds").fill_null(value=True),
            pl.col("disputed").fill_null(value=False),
        )
        .drop("row")
    )


def _judged(lines: pl.DataFrame, rivals: Rivals) -> pl.DataFrame:
    """`fate`, `adds` and `disputed` of each of some lines; every line of their keys is among them."""
    same = rivals.lines.group_by("key_hash", "content_hash").agg(
        same_rank=pl.col("rank").max(), in_delivery=(pl.col("rank") == rivals.own).any()
    )
    held = (
        rivals.lines.filter(pl.col("rank") == pl.col("rank").max().over("key_hash"))
        .group_by("key_hash")
        .agg(top_rank=pl.col("rank").max(), agreed=pl.col("content_hash").n_unique() == 1)
    )
    disputed = pl.col("key_hash").is_in(_disputed_keys(lines, rivals).implode())
    first = pl.struct("key_hash", "content_hash").is_first_distinct()
    repeated = (
        ~first
        | (pl.col("same_rank") >= rivals.own)
        | ((pl.col("same_rank") == pl.col("top_rank")) & pl.col("agreed") & ~disputed)
    ).fill_null(value=False)
    superseded = (pl.col("top_rank") > rivals.own).fill_null(value=False)
    fate = pl.when(repeated).then(pl.lit("repeated")).when(superseded).then(pl.lit("superseded"))
    return (
        lines.join(same, on=["key_hash", "content_hash"], how="left", maintain_order="left")
        .join(held, on="key_hash", how="left", maintain_order="left")
        .select(
            fate=fate.otherwise(pl.lit("accepted")),
            adds=first & ~pl.col("in_delivery").fill_null(value=False),
            disputed=disputed,
        )
    )


def _disputed_keys(lines: pl.DataFrame, rivals: Rivals) -> pl.Series:
    pair = ["key_hash", "content_hash"]
    delivery = pl.concat([lines.select(pair), rivals.lines.filter(pl.col("rank") == rivals.own).select(pair)])
    keys = delivery.unique()["key_hash"]
    return keys.filter(keys.is_duplicated()).unique()


def _comparable(lake: Lake, known: Recognised, batch: str, own: int) -> Iterator[tuple[Path, int]]:
    """The files of other batches with which this one is compared, and their ranks."""
    for record in lake.records(known.feed.name):
        rank = precedence_number(record.period, record.revision)
        alike = known.feed.delivers == "events" or (record.period == known.period and rank >= own)
        if record.batch != batch and alike:
            yield lake.lines_file(record.feed, record.batch), rank
