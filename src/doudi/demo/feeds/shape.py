"""部门文件的行：名册带起止月，流水带所属月。

Grain of a roll frame: one line with the months in which the roll names it, `_from` and `_until` (null = open). Grain of an
event frame: one line with `_period`, the month whose file carries it. Both have the contract's column names, text for
ids and codes, dates, whole fen for money, and `_planted`, null for the city's own lines.
"""

import polars as pl

from doudi.demo.draw import Draw
from doudi.demo.months import Window, month_of

__all__ = ["enrolment", "events", "latest", "roll"]


def enrolment(draw: Draw, people: pl.LazyFrame) -> pl.LazyFrame:
    """People as the rolls of help see them: the dead are struck off in the month of death, one in seven a month too late."""
    late = draw.chance(150_000, "struck.late", pl.col.no).cast(pl.Int64)
    alive = pl.col.died.is_null()
    return people.with_columns(
        present_until=pl.when(alive).then(pl.col.present_until).otherwise(pl.col.present_until - 1 + late)
    )


def roll(
    people: pl.LazyFrame, *, first: pl.Expr | None = None, last: pl.Expr | None = None, **columns: pl.Expr
) -> pl.LazyFrame:
    """A roll's lines: in force while the person is present, and from `first` to `last` (months, null = open)."""
    begin = pl.col.present_from if first is None else pl.max_horizontal("present_from", first)
    end = pl.col.present_until if last is None else pl.min_horizontal("present_until", last)
    return people.select(**columns, _from=begin.cast(pl.Int64), _until=end.cast(pl.Int64))


def events(people: pl.LazyFrame, window: Window, *, when: pl.Expr, **columns: pl.Expr) -> pl.LazyFrame:
    """Event lines: in the file of the month of `when` (a date), the oldest ones in the first opening file; future ones are dropped."""
    return (
        people.filter(when.is_not_null() & (when <= window.today))
        .select(**columns, _period=month_of(when).cast(pl.Int64).clip(lower_bound=window.opening))
    )  # fmt: skip


def latest(date: pl.Expr) -> pl.Expr:
    """The month of a date column as a bound for `roll`."""
    return month_of(date).cast(pl.Int64)
