"""县：政策簿在城市每个县的样子，以及监测日那一行。

The book as it stands in every county of the city on the day, and the settings of the city that the relations ask for.
"""

from fractions import Fraction

from doudi.engine.inputs import Inputs
from doudi.engine.landed import monitoring_step
from doudi.engine.step import Step
from doudi.policy.rule import Book
from doudi.policy.view import View, view

__all__ = ["NOWHERE", "city_code", "county_views", "monitored"]

NOWHERE = 0  # the county of those whom no county of the city claims


def city_code(inputs: Inputs) -> str:
    """The city that the counties lie in, as the book writes regions; the nation when no county is known."""
    return f"{inputs.counties[0] // 100}00" if inputs.counties else "000000"


def county_views(inputs: Inputs, book: Book, *, production: bool) -> dict[int, View]:
    """The book in every county of the city on the day, and in none of them (key 0: the city's own values)."""
    regions = {NOWHERE: city_code(inputs)} | {county: f"{county:06d}" for county in inputs.counties}
    return {county: view(book, inputs.at, region, production=production) for county, region in regions.items()}


def _setting(city: View, name: str) -> int | None:
    value = city.settings.get(name)
    return int(value) if isinstance(value, Fraction) else None


def monitored(inputs: Inputs, city: View) -> Step:
    """The step `monitoring`: the date, its windows, and the city's settings that the relations ask for."""
    return monitoring_step(inputs, _setting(city, "wage_running_months"), _setting(city, "largest_household"))
