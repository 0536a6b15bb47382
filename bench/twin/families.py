"""From people to households: sums over the members, and what some or none of them is.

Of the members some surely count (`core`), others may (`possible` has both). A floor is summed over the core, a ceiling
over everybody possible. Truths travel as bits: one word of those proven of some core member, one of those possible of
anybody; a bit of the first is a yes, a bit in neither is a no.
"""

from __future__ import annotations

import polars as pl

from twin.bounds import verdict

SOME = (
    "ill", "severe", "disaster_recorded", "fresh_jobless", "student", "hit", "dangerous", "dependant", "on_any", "on_four",
    "watched", "lost_parent", "fresh_hardship", "aid_recorded", "on_benefit",
)  # fmt: skip
BITS = {name: 1 << place for place, name in enumerate(SOME)}
SUMS = ("income", "running", "own_cars", "car_value", "capital", "assets", "self_paid")
MOST = ("homes", "shops")
CEILINGS = ("hardship_hi", "deductible_hi", "self_paid_hi")


def households(people: pl.LazyFrame) -> pl.LazyFrame:
    """One row per household with bounds of its sums; `some_…` in three values; `nobody` = no member can count."""
    core, possible = pl.col("core"), pl.col("possible")
    proven = pl.sum_horizontal(pl.when(core & pl.col(name)).then(bit).otherwise(0) for name, bit in BITS.items())
    doubtful = pl.sum_horizontal(
        pl.when(possible & pl.col(name).fill_null(value=True)).then(bit).otherwise(0) for name, bit in BITS.items()
    )
    rows = people.select(
        "home",
        "household_key",
        "county",
        "urban",
        "std_hi",
        "core",
        "possible",
        proven.cast(pl.UInt32).alias("proven"),
        doubtful.cast(pl.UInt32).alias("doubtful"),
        *(pl.when("core").then(name).otherwise(0).alias(name) for name in (*SUMS, *MOST)),
        *(pl.when("possible").then(name).otherwise(0).alias(name) for name in CEILINGS),
        able_lo=core & pl.col("able_obligor").fill_null(value=False),
        able_hi=possible & pl.col("able_obligor").fill_null(value=True),
        may_work=possible & pl.col("able").fill_null(value=True),
    )
    first = ("household_key", "county", "urban", "std_hi")
    count = [pl.col(name).sum().cast(pl.Int64) for name in ("core", "possible", "able_lo", "able_hi", "may_work")]
    told = rows.group_by("home").agg(
        *(pl.col(name).first() for name in first),
        *count,
        pl.col("proven").bitwise_or(),
        pl.col("doubtful").bitwise_or(),
        *(pl.col(name).sum() for name in SUMS),
        *(pl.col(name).max() for name in MOST),
        *(pl.when(pl.col(name).null_count() == 0).then(pl.col(name).sum()).alias(name) for name in CEILINGS),
    )
    return told.with_columns(
        (pl.col("possible") == 0).alias("nobody"),
        *(
            verdict(pl.col("proven") & bit != 0, pl.col("doubtful") & bit == 0).alias(f"some_{name}")
            for name, bit in BITS.items()
        ),
    )
