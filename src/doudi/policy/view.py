"""The book as it stands on one day in one county: parameters in force, due dates, and which values are 示范参数."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from doudi.policy.quantities import UNKNOWN, Value
from doudi.policy.rule import Book, Parameter, ParameterValue, Programme, Setting

NATION = "000000"
WEAK_GRADE = "D"  # 仅供提示，不得作为默认参数 — such values are shown, never used
LAST_DAY = 28  # a monthly due date past it would be missing in February


@dataclass(frozen=True)
class View:
    """What a run or a decision uses.

    `settings`: parameter id → value in force, None = unknown. `constants`: word id → bounds (a ratio's numerator, a
    due date, `at`). `denominators`: ratio id → exact denominator. `chosen`: parameter id → the entry it came from.
    `demo`: ids of parameters that rest on 示范参数 here and now.
    """

    book: Book
    at: date
    county: str
    settings: Mapping[str, Setting]
    constants: Mapping[str, Value]
    denominators: Mapping[str, int]
    chosen: Mapping[str, ParameterValue]
    demo: frozenset[str]


def view(
    book: Book, at: date, county: str, *, production: bool = False, overrides: Mapping[str, Setting] | None = None
) -> View:
    """Look the book up for `county` (6 digits) on `at`. `production` refuses 示范参数: they become unknown.

    `overrides` replace parameters by id: another locality's values in a case or a described household.
    """
    settings: dict[str, Setting] = {}
    chosen: dict[str, ParameterValue] = {}
    for parameter in book.parameters.values():
        if overrides and parameter.id in overrides:
            settings[parameter.id] = overrides[parameter.id]
        elif used := _in_force(parameter, at, county, production=production):
            settings[parameter.id], chosen[parameter.id] = used.value, used
        else:
            settings[parameter.id] = None
    constants: dict[str, Value] = {"at": (at, at)}
    denominators: dict[str, int] = {}
    for parameter in book.parameters.values():
        constants[parameter.id] = _bounds(settings[parameter.id], parameter)
        if parameter.type.kind == "ratio":
            setting = settings[parameter.id]
            denominators[parameter.id] = setting.denominator if isinstance(setting, Fraction) else 1
    for programme in book.programmes:
        if programme.cadence != "event":
            due = due_date(programme, at, settings)
            constants[f"due_date_{programme.id}"] = (due, due)
    demo = frozenset(name for name, used in chosen.items() if used.demo)
    return View(book, at, county, settings, constants, denominators, chosen, demo)


def _in_force(parameter: Parameter, at: date, county: str, *, production: bool) -> ParameterValue | None:
    """The nearest region's value; with rule `floor` (市级下限 + 县区覆盖) never below what a wider region sets."""
    found: list[ParameterValue] = []
    for region in (county, county[:4] + "00", county[:2] + "0000", NATION):
        for value in parameter.values:
            dated = value.region == region and value.start <= at and (value.end is None or at < value.end)
            if dated and value.value is not None and value.grade != WEAK_GRADE and not (value.demo and production):
                found.append(value)
    if parameter.rule == "floor":
        return max(found, key=_amount, default=None)
    return found[0] if found else None


def _amount(value: ParameterValue) -> Fraction:
    return value.value if isinstance(value.value, Fraction) else Fraction(-1)


def _bounds(setting: Setting, parameter: Parameter) -> Value:
    match parameter.type.kind:
        case "ratio" | "quantity":
            return (setting.numerator, setting.numerator) if isinstance(setting, Fraction) else UNKNOWN
        case "bool":
            return setting if isinstance(setting, bool) else None
        case _:
            return setting if isinstance(setting, str) else None


def due_date(programme: Programme, at: date, settings: Mapping[str, Setting]) -> date | None:
    """The latest due date whose grace has run out by `at`; None when a date or the grace is not known."""
    grace = settings[programme.grace]
    if not isinstance(grace, Fraction):
        return None
    limit = at - timedelta(days=int(grace))
    past: list[date] = []
    for parameter in programme.dates:
        match settings[parameter]:
            case Fraction() as day:
                this = limit.replace(day=min(int(day), LAST_DAY))
                past += [this, (this.replace(day=1) - timedelta(days=1)).replace(day=this.day)]
            case int(month), int(day):
                past += [
                    date(year, month, min(day, LAST_DAY) if month == 2 else day)
                    for year in (limit.year - 1, limit.year)
                ]  # one idea
            case _:
                return None
    return max((day for day in past if day <= limit), default=None)
