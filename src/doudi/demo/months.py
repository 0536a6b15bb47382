"""月份：把月当作一个整数来数。

A month is one whole number, year × 12 + month − 1, so that "three months earlier" is a subtraction.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date

import polars as pl

from doudi.errors import Refusal

__all__ = ["OPENING", "Window", "date_in", "day_in", "label", "labels", "last_day", "month_of", "parse"]

OPENING = 11  # months of events delivered before the first month, so that windows of twelve months are complete


def parse(text: str) -> int:
    """The number of a month written `YYYY-MM`; anything else is refused."""
    found = re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])", text, re.ASCII)
    if found is None or not 1990 <= int(found[1]) <= 2100:
        raise Refusal("demo.month", f"月份“{text}”看不懂：请写成 YYYY-MM，例如 2026-03（1990 年至 2100 年）。")
    return int(found[1]) * 12 + int(found[2]) - 1


def label(month: int) -> str:
    """The month as `YYYY-MM`."""
    return f"{month // 12:04d}-{month % 12 + 1:02d}"


def last_day(month: int) -> date:
    """The month's last day."""
    year, number = month // 12, month % 12 + 1
    return date(year, number, calendar.monthrange(year, number)[1])


def day_in(month: int, day: int) -> date:
    """That day of the month, or its last one when the month is shorter."""
    return date(month // 12, month % 12 + 1, min(day, last_day(month).day))


def date_in(month: pl.Expr, day: int | pl.Expr) -> pl.Expr:
    """That day (1 … 28) of a column of months."""
    return pl.date(month // 12, month % 12 + 1, day)


def labels(month: pl.Expr) -> pl.Expr:
    """A column of months as `YYYY-MM`."""
    return (month // 12).cast(pl.String) + "-" + (month % 12 + 1).cast(pl.String).str.zfill(2)


def month_of(day: pl.Expr) -> pl.Expr:
    """The month number of a date column, Int32."""
    return day.dt.year() * 12 + day.dt.month().cast(pl.Int32) - 1


@dataclass(frozen=True, slots=True)
class Window:
    """The months that are delivered: `first` … `last`, and the opening months of event feeds before them."""

    last: int
    months: int

    @property
    def first(self) -> int:
        return self.last - self.months + 1

    @property
    def opening(self) -> int:
        """The first month of which events are delivered."""
        return self.first - OPENING

    @property
    def today(self) -> date:
        """The last day of the last month: ages and relative dates are counted from it."""
        return last_day(self.last)
