"""The book's parameters on the day, as expressions: one literal where the whole city agrees, else chosen by county."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

import polars as pl

from doudi.policy.rule import Book, Setting
from doudi.policy.view import view
from twin.bounds import Span, exact
from twin.sources import first_of

NOWHERE = 0
LONGEST_FEBRUARY = 28


@dataclass(frozen=True)
class Settings:
    """Parameter id → value in each county of the city; county 0 has the city's own."""

    at: date
    values: dict[str, dict[int, Setting]]

    def number(self, name: str) -> Span:
        """A quantity; unknown where the book gives none."""
        given = {county: None if value is None else int(value) for county, value in self._amounts(name).items()}
        told = set(given.values())
        if told == {None}:
            return Span(pl.lit(0, dtype=pl.Int64), None)
        if len(told) == 1:
            return exact(pl.lit(told.pop(), dtype=pl.Int64))
        value = pl.col("county").replace_strict(given, default=given[NOWHERE], return_dtype=pl.Int64)
        return Span(value.fill_null(0) if None in told else value, value)

    def whole(self, name: str) -> int | None:
        """A quantity that no county sets for itself; None = unknown."""
        value = self.ratio(name)
        return None if value is None else int(value)

    def ratio(self, name: str) -> Fraction | None:
        """A ratio that no county sets for itself."""
        value = self.city(name)
        return value if isinstance(value, Fraction) else None

    def truth(self, name: str) -> pl.Expr:
        """A yes or no that counties may set for themselves."""
        given = {county: value if isinstance(value, bool) else None for county, value in self.values[name].items()}
        if len(set(given.values())) == 1:
            return pl.lit(given[NOWHERE], dtype=pl.Boolean)
        return pl.col("county").replace_strict(given, default=given[NOWHERE], return_dtype=pl.Boolean)

    def city(self, name: str) -> Setting:
        """The city's own value, whatever its kind; the twin does not know counties that differ in it."""
        given = self.values[name]
        if any(value != given[NOWHERE] for value in given.values()):
            raise ValueError(f"{name} differs between counties: read it with number() or truth()")
        return given[NOWHERE]

    def _amounts(self, name: str) -> dict[int, Fraction | None]:
        return {county: value if isinstance(value, Fraction) else None for county, value in self.values[name].items()}

    # -- the calendar --------------------------------------------------------------------------------------------------

    def months_ago(self, months: int) -> date:
        """The latest day from which that many whole months have passed."""
        month = first_of(self.at.year * 12 + self.at.month - 1 - months)
        last = first_of(month.year * 12 + month.month) - timedelta(days=1)
        return month.replace(day=min(self.at.day, last.day))

    def under(self, day: pl.Expr, name: str) -> pl.Expr:
        """Fewer whole months since that day than the parameter says; unknown where the day or the parameter is."""
        months = self.whole(name)
        return pl.lit(None, dtype=pl.Boolean) if months is None else day > self.months_ago(months)

    def due_by(self, day: str, grace: str) -> date | None:
        """The latest due date, given as a day of the month or of the year, whose grace has run out."""
        wait, when = self.whole(grace), self.city(day)
        if wait is None or when is None:
            return None
        limit = self.at - timedelta(days=wait)
        if isinstance(when, tuple):
            month, number = when
            number = min(number, LONGEST_FEBRUARY) if month == 2 else number
            days = [date(limit.year - back, month, number) for back in (0, 1)]
        elif isinstance(when, Fraction):
            number = min(int(when), LONGEST_FEBRUARY)
            serial = limit.year * 12 + limit.month - 1
            days = [first_of(serial - back).replace(day=number) for back in (0, 1)]
        else:
            return None
        return max(one for one in days if one <= limit)


def read_settings(book: Book, at: date, counties: tuple[int, ...]) -> Settings:
    """All parameters of the book, in every county and for the city as a whole."""
    city = f"{counties[0] // 100}00" if counties else "000000"
    views = {county: view(book, at, f"{county:06d}").settings for county in counties} | {
        NOWHERE: view(book, at, city).settings
    }
    return Settings(at, {name: {county: told[name] for county, told in views.items()} for name in book.parameters})
