"""Units, types and bounds: what a word of the book may hold, and the interval arithmetic on it.

A quantity or date is a pair `(lo, hi)`; a null `hi` means no known ceiling, a null `lo` no known floor. A bool is
True / False / None (unknown). A code is one word or None. `docs/build/language.md` has the table; the SQL reader
(`doudi.engine.compile`) is written from the same one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from doudi.errors import Refusal

Quantity = tuple[int | None, int | None]
Dates = tuple[date | None, date | None]
Value = Quantity | Dates | bool | str | None
Dimension = tuple[tuple[str, int], ...]

BASE_UNITS = ("day", "fen", "grade", "item", "m2", "month", "person")
LARGEST = 2**63 - 1
PLAIN: Dimension = ()
# Units that an integer written in a rule may stand for; a threshold in money is always a parameter.
COUNTED = ("day", "grade", "item", "month", "person")
UNKNOWN: Quantity = (0, None)


def dimension(text: str) -> Dimension:
    """`fen/month/person` as sorted exponents. Refuses a unit that is not in `BASE_UNITS`."""
    powers: dict[str, int] = {}
    for place, unit in enumerate(text.split("/")):
        if unit not in BASE_UNITS:
            raise Refusal("policy.unknown_unit", f"没有名为“{unit}”的单位；可用：{'、'.join(BASE_UNITS)}。", unit=unit)
        powers[unit] = powers.get(unit, 0) + (1 if place == 0 else -1)
    return _sorted(powers)


def times(a: Dimension, b: Dimension) -> Dimension:
    """The unit of a product."""
    powers = dict(a)
    for unit, power in b:
        powers[unit] = powers.get(unit, 0) + power
    return _sorted(powers)


def _sorted(powers: dict[str, int]) -> Dimension:
    return tuple(sorted((unit, power) for unit, power in powers.items() if power))


@dataclass(frozen=True, slots=True)
class Type:
    """What an expression holds.

    `kind` is bool, quantity, date, code, ratio, monthday or text. `unit` is of a quantity; `words` of a code.
    `signed` = may be below zero. `limit` = the largest absolute value possible (fen, months, …).
    `dens` = ids of ratio parameters whose denominators the stored number still has to be divided by.
    `literal` = made of written integers only, so it may take the unit of its neighbour.
    """

    kind: str
    unit: Dimension = PLAIN
    words: tuple[str, ...] = ()
    signed: bool = False
    limit: int = 1
    dens: tuple[str, ...] = ()
    literal: bool = False

    def with_(self, **changes: object) -> Type:
        """A copy with some fields changed."""
        return replace(self, **changes)  # type: ignore[arg-type]  # field names are checked by replace itself


BOOL = Type("bool")
DATE = Type("date")


def unit_word(unit: Dimension) -> str:
    """The unit in Chinese, for people: 元、个月、人、元/月·人."""
    words = {"fen": "元", "month": "个月", "person": "人", "day": "天", "item": "项", "grade": "级", "m2": "平方米"}
    above = "·".join(words[u] for u, p in unit if p > 0)
    below = "·".join({"month": "月"}.get(u, words[u]) for u, p in unit if p < 0)
    return f"{above}/{below}" if below else above


# --- the interval table, quantities ------------------------------------------------------------------------------


def add(a: Quantity, b: Quantity) -> Quantity:
    """Floors with floors, ceilings with ceilings; one unknown end makes that end unknown."""
    return (
        None if a[0] is None or b[0] is None else a[0] + b[0],
        None if a[1] is None or b[1] is None else a[1] + b[1],
    )


def subtract(a: Quantity, b: Quantity) -> Quantity:
    """The least is a's floor less b's ceiling, the greatest a's ceiling less b's floor."""
    return (
        None if a[0] is None or b[1] is None else a[0] - b[1],
        None if a[1] is None or b[0] is None else a[1] - b[0],
    )


def multiply(a: Quantity, b: Quantity) -> Quantity:
    """A product. Both are at least zero, or `b` is exact and at least zero (an integer, a denominator)."""
    lo = None if a[0] is None or b[0] is None else a[0] * b[0]
    if a[1] is None or b[1] is None:
        return lo, 0 if 0 in (a[1], b[1]) else None
    return lo, a[1] * b[1]


def hull(a: Quantity, b: Quantity) -> Quantity:
    """What holds whichever of the two it is."""
    return (
        None if a[0] is None or b[0] is None else min(a[0], b[0]),
        None if a[1] is None or b[1] is None else max(a[1], b[1]),
    )


def least(a: Quantity, b: Quantity) -> Quantity:
    """The smaller of two quantities."""
    return (
        None if a[0] is None or b[0] is None else min(a[0], b[0]),
        b[1] if a[1] is None else a[1] if b[1] is None else min(a[1], b[1]),
    )


def greatest(a: Quantity, b: Quantity) -> Quantity:
    """The larger of two quantities."""
    return (
        b[0] if a[0] is None else a[0] if b[0] is None else max(a[0], b[0]),
        None if a[1] is None or b[1] is None else max(a[1], b[1]),
    )


def at_least_zero(a: Quantity) -> Quantity:
    """A quantity below zero counts as zero."""
    return max(0, a[0] or 0), None if a[1] is None else max(0, a[1])


def share(a: Quantity, n: Quantity) -> Quantity:
    """A total shared among n, each share cut to the whole fen; among nobody it is nothing."""
    if n[1] == 0:
        return 0, 0
    least = 0 if not n[0] or n[1] is None or a[0] is None else a[0] // n[1]
    return least, None if a[1] is None else a[1] // max(1, n[0] or 0)


# --- dates: the operators that the runtimes disagree on are the policy's own --------------------------------------


def months_between(start: date, end: date) -> int:
    """Whole months from start to end; 0 when end is earlier. The day of the month has to be reached."""
    months = (end.year * 12 + end.month) - (start.year * 12 + start.month) - (end.day < start.day)
    return max(0, months)


def days_between(start: date, end: date) -> int:
    """Days from start to end; 0 when end is earlier."""
    return max(0, (end - start).days)


# --- roundings that a clause orders -------------------------------------------------------------------------------


def round_half_up(number: int, step: int) -> int:
    """To the nearest multiple of `step`, half goes up; for numbers at least zero (四舍五入)."""
    return (2 * number + step) // (2 * step)


def round_up(number: int, step: int) -> int:
    """To the next multiple (进一), in steps."""
    return -(-number // step)


def truncate(number: int, step: int) -> int:
    """To the multiple below (截尾), in steps."""
    return number // step
