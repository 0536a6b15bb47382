"""What the kinship register adds about minors: how many of their two parents died, are unfit, or are on record as such."""

from __future__ import annotations

import polars as pl

from twin.settings import Settings

BOTH = 2


def _custody_long(settings: Settings) -> pl.Expr:
    """In custody for the months that the book asks, served and to come."""
    since, at = pl.col("custody_since"), settings.at
    served = (
        (at.year * 12 + at.month) - (since.dt.year().cast(pl.Int64) * 12 + since.dt.month()) - (since.dt.day() > at.day)
    )
    months = settings.whole("custody_child_months")
    if months is None:
        return pl.lit(value=False)
    return pl.col("custody_sure") & (served.clip(lower_bound=0) + pl.col("custody_left").fill_null(0) >= months)


def of_minors(people: pl.LazyFrame, kin: pl.DataFrame, settings: Settings) -> pl.LazyFrame:
    """One row per person who may be a minor and has a parent on record: bounds of the counts of his parents.

    `…_lo` parents are known to be so, all but two less `…_hi` are known not to be. Two fathers on record are none.
    """
    col = pl.col
    children = people.filter(col("minor").ne_missing(other=False)).select("person_key")
    known = (
        kin.lazy()
        .join(children, on="person_key", how="semi")
        .group_by("person_key", "kind")
        .agg(parent=pl.when(col("relative_key").min() == col("relative_key").max()).then(col("relative_key").min()))
        .filter(col("parent").is_not_null())
        .select("person_key", "parent")
        .unique()
    )
    unfit = col("unfit_parent") | pl.when(col("ill")).then(statement=True) | _custody_long(settings) | col("dead")
    told = people.select(
        col("person_key").alias("parent"), "dead", "died_lately", "parent_recorded", gone=unfit.fill_null(value=False)
    )

    def counted(name: str) -> list[pl.Expr]:
        least = col(name).fill_null(value=False).sum().cast(pl.Int64)
        most = BOTH - (~col(name)).fill_null(value=False).sum().cast(pl.Int64)
        return [least.alias(f"{name}_lo"), most.alias(f"{name}_hi")]

    return (
        known.join(told, on="parent")
        .group_by("person_key")
        .agg(
            *counted("dead"), *counted("died_lately"), *counted("parent_recorded"),
            # Whether a parent is missing is not recorded: everybody's may be.
            col("gone").sum().cast(pl.Int64).alias("gone_lo"),
        )
    )  # fmt: skip


def child_words() -> list[pl.Expr]:
    """未成年而新近丧父母, and whether both parents cannot raise the child; counts that are not known are 0 to 2."""
    col = pl.col

    def reaches(name: str, count: int, most: pl.Expr | None = None) -> pl.Expr:
        lo, hi = col(f"{name}_lo").fill_null(0), col(f"{name}_hi").fill_null(BOTH) if most is None else most
        return pl.when(lo >= count).then(statement=True).when(hi < count).then(statement=False)

    left_alone = col("minor") & reaches("gone", BOTH, pl.lit(BOTH)) & ~reaches("dead", BOTH)
    orphan = col("minor") & reaches("dead", BOTH)
    return [
        (col("minor") & reaches("died_lately", 1)).alias("lost_parent"),
        (reaches("parent_recorded", 1) & (left_alone | orphan)).alias("unraised"),
    ]
