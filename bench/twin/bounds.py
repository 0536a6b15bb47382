"""Quantities and dates of which only a floor and a ceiling are known, as Polars expressions.

A bound that is null in a row is unknown there; a bound that is None is unknown everywhere and costs nothing.
Truth is a nullable Boolean: Polars' `&`, `|` and `~` already are Kleene's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

UNKNOWN = pl.lit(None, dtype=pl.Boolean)


def _both(combine: Callable[[pl.Expr, pl.Expr], pl.Expr], a: pl.Expr | None, b: pl.Expr | None) -> pl.Expr | None:
    return None if a is None or b is None else combine(a, b)


@dataclass(frozen=True)
class Span:
    """Between `lo` and `hi`; all amounts are at least zero."""

    lo: pl.Expr | None
    hi: pl.Expr | None

    def __add__(self, other: Span) -> Span:
        return Span(_both(pl.Expr.__add__, self.lo, other.lo), _both(pl.Expr.__add__, self.hi, other.hi))

    def __sub__(self, other: Span) -> Span:
        return Span(_both(pl.Expr.__sub__, self.lo, other.hi), _both(pl.Expr.__sub__, self.hi, other.lo))

    def __mul__(self, other: Span) -> Span:
        known = [bound for bound in (self.hi, other.hi) if bound is not None]
        hi = most_times(known[0], known[1] if len(known) > 1 else None) if known else None
        return Span(_both(pl.Expr.__mul__, self.lo, other.lo), hi)

    def __lt__(self, other: Span) -> pl.Expr:
        return verdict(_both(pl.Expr.__lt__, self.hi, other.lo), _both(pl.Expr.__ge__, self.lo, other.hi))

    def __le__(self, other: Span) -> pl.Expr:
        return verdict(_both(pl.Expr.__le__, self.hi, other.lo), _both(pl.Expr.__gt__, self.lo, other.hi))

    def __gt__(self, other: Span) -> pl.Expr:
        return other < self

    def __ge__(self, other: Span) -> pl.Expr:
        return other <= self

    def times(self, number: int) -> Span:
        """Multiplied by a number known at the start."""
        return self * exact(pl.lit(number, dtype=pl.Int64))

    def at_least_zero(self) -> Span:
        """max(0, …): whatever is subtracted, no less than nothing remains."""
        lo = pl.lit(0, dtype=pl.Int64) if self.lo is None else self.lo.fill_null(0).clip(lower_bound=0)
        return Span(lo, None if self.hi is None else self.hi.clip(lower_bound=0))


def most_times(count: pl.Expr, each: pl.Expr | None) -> pl.Expr:
    """The product of two ceilings, null where one is unknown; but nothing times whatever is nothing."""
    zero = pl.lit(0, dtype=pl.Int64)
    if each is None:
        return pl.when(count == 0).then(zero)
    return pl.when((count == 0) | (each == 0)).then(zero).otherwise(count * each)


def exact(value: pl.Expr) -> Span:
    """Known where not null."""
    return Span(value, value)


def at_least(floor: pl.Expr) -> Span:
    """A floor; how much more there is, nobody has recorded."""
    return Span(floor, None)


def verdict(yes: pl.Expr | None, no: pl.Expr | None) -> pl.Expr:
    """Yes where `yes` is proven, no where `no` is, else unknown."""
    if yes is None:
        return UNKNOWN if no is None else pl.when(no).then(statement=False)
    if no is None:
        return pl.when(yes).then(statement=True)
    return pl.when(yes).then(statement=True).when(no).then(statement=False)


def either(condition: pl.Expr, this: Span, that: Span) -> Span:
    """`this` where the condition holds, `that` where it does not, and the hull of both where nobody knows."""
    return Span(
        _chosen(condition, this.lo, that.lo, pl.Expr.__lt__), _chosen(condition, this.hi, that.hi, pl.Expr.__gt__)
    )


def _chosen(
    condition: pl.Expr, this: pl.Expr | None, that: pl.Expr | None, outer: Callable[[pl.Expr, pl.Expr], pl.Expr]
) -> pl.Expr | None:
    if this is None and that is None:
        return None
    if this is None or that is None:
        told, when = (this, condition) if that is None else (that, ~condition)
        return pl.when(when).then(told)
    hull = pl.when(outer(this, that)).then(this).when(that.is_not_null() & this.is_not_null()).then(that)
    return pl.when(condition).then(this).when(~condition).then(that).otherwise(hull)


def later(a: Span, b: Span) -> Span:
    """max(a, b): the greatest floor that is known; a ceiling only when both are."""
    return Span(_known(pl.max_horizontal, a.lo, b.lo), _both(_greater, a.hi, b.hi))


def earlier(a: Span, b: Span) -> Span:
    """min(a, b): the least ceiling that is known; a floor only when both are."""
    return Span(_both(_lesser, a.lo, b.lo), _known(pl.min_horizontal, a.hi, b.hi))


def _known(pick: Callable[..., pl.Expr], a: pl.Expr | None, b: pl.Expr | None) -> pl.Expr | None:
    return pick(a, b) if a is not None and b is not None else a if b is None else b


def _greater(a: pl.Expr, b: pl.Expr) -> pl.Expr:
    return pl.when(a >= b).then(a).when(b > a).then(b)


def _lesser(a: pl.Expr, b: pl.Expr) -> pl.Expr:
    return pl.when(a <= b).then(a).when(b < a).then(b)
