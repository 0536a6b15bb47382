"""Three answers, not two: yes, no, unknown. Kleene's logic, and comparisons of bounded quantities and dates."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, cast

from doudi.policy.quantities import Dates, Quantity


def kleene_and(items: Iterable[bool | None]) -> bool | None:
    """No if any is no, unknown if any is unknown, else yes."""
    verdicts = list(items)
    return False if False in verdicts else None if None in verdicts else True


def kleene_or(items: Iterable[bool | None]) -> bool | None:
    """Yes if any is yes, unknown if any is unknown, else no."""
    verdicts = list(items)
    return True if True in verdicts else None if None in verdicts else False


def kleene_not(item: bool | None) -> bool | None:  # noqa: FBT001  # a verdict is what it takes
    """Yes and no change places; unknown stays."""
    return None if item is None else not item


def compare(op: str, a: Quantity | Dates, b: Quantity | Dates) -> bool | None:
    """Two bounded quantities or dates; null ends prove nothing."""
    match op:
        case ">" | ">=":
            return compare("<" if op == ">" else "<=", b, a)
        case "!=":
            return kleene_not(compare("==", a, b))
        case "==":
            if _below(a[1], b[0], strict=True) or _below(b[1], a[0], strict=True):
                return False
            exact = a[0] is not None and b[0] is not None and a[0] == a[1] == b[0] == b[1]
            return True if exact else None
        case _:
            strict = op == "<"
            if _below(a[1], b[0], strict=strict):
                return True
            return False if _below(b[1], a[0], strict=not strict) else None


def _below(a: int | date | None, b: int | date | None, *, strict: bool) -> bool:
    if a is None or b is None:
        return False
    ends = cast(tuple[Any, Any], (a, b))
    return bool(ends[0] < ends[1] if strict else ends[0] <= ends[1])


def span(operator: Callable[[date, date], int], start: Dates, end: Dates) -> Quantity:
    """Months or days between two bounded dates."""
    lo = 0 if start[1] is None or end[0] is None else operator(start[1], end[0])
    return lo, None if start[0] is None or end[1] is None else operator(start[0], end[1])


def all_known(ends: Iterable[Any], pick: Callable[[list[Any]], Any]) -> Any:  # noqa: ANN401  # ints or dates alike
    """The least or greatest of the ends; none when one of them is not known."""
    every = list(ends)
    return None if None in every else pick(every)
