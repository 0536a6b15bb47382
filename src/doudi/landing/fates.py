"""去处：一行好的记录，是新的，是又报了一遍，还是已被更高一期取代。

What becomes of good lines beside what already landed. All of them are kept in the lake, whatever their fate: the engine
lets the highest (period, revision) win, and so the order of arrival shows in this account and nowhere else.
"""

from dataclasses import dataclass

import polars as pl

__all__ = ["Rivals", "fates", "precedence_number"]


@dataclass(frozen=True, slots=True)
class Rivals:
    """Lines of other batches about the keys of a file: `key_hash`, `content_hash`, `rank`; `own` is the file's rank."""

    lines: pl.DataFrame
    own: int


def precedence_number(period: str, revision: int) -> int:
    """(period, revision) as one number of the same order."""
    return int(period.replace("-", "")) * 1_000_000 + revision


def fates(lines: pl.DataFrame, rivals: Rivals) -> pl.DataFrame:
    """`lines` (with `key_hash` and `content_hash`, in the file's order) with three columns more; all lines of their keys.

    `fate`: `repeated` when the same key with the same content stands in the file above, in the lake with the same or a
    higher precedence, or is what the lake holds for the key already; `superseded` when a higher precedence says
    otherwise; else `accepted`. `adds`: the line says something that no other line of its delivery says.
    `disputed`: its delivery says two different things about the key.
    """
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
        .with_columns(
            fate=fate.otherwise(pl.lit("accepted")),
            adds=first & ~pl.col("in_delivery").fill_null(value=False),
            disputed=disputed,
        )
        .drop("same_rank", "in_delivery", "top_rank", "agreed")
    )


def _disputed_keys(lines: pl.DataFrame, rivals: Rivals) -> pl.Series:
    pair = ["key_hash", "content_hash"]
    delivery = pl.concat([lines.select(pair), rivals.lines.filter(pl.col("rank") == rivals.own).select(pair)])
    keys = delivery.unique()["key_hash"]
    return keys.filter(keys.is_duplicated()).unique()
