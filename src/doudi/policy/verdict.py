"""Three answers, not two: yes, no, unknown. Kleene's logic, and comparisons of bounded quantities and dates."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from doudi.policy.quantities import Dates, Quantity


def kleene_and(items: Iterable[bool | None]) -> bool | None:
    """No if any is no, unknown if any is unknown, else yes. A no ends it: what stands behind is not asked."""
    verdict: bool | None = True
    for item in items:
        if item is False:
            return False
        if item is None:
            verdict = None
    return verdict


def kleene_or(items: Iterable[bool | None]) -> bool | None:
    """Yes if any is yes, unknown if any is unknown, else no. A yes ends it."""
    verdict: bool | None = False
    for item in items:
        if item is True:
            return True
        if item is None:
            verdict = None
    return verdict


def kleene_not(item: bool | None) -> bool | None:  # noqa: FBT001  # a verdict is what it takes
    """Yes and no change places; unknown stays."""
    return None if item is None else not item


def less(a: Quantity | Dates, b: Quantity | Dates) -> bool | None:
    """Two bounded quantities or dates; null ends prove nothing."""
    if a[1] is not None and b[0] is not None and a[1] < b[0]:  # type: ignore[operator]  # of one kind: typed with the book
        return True
    if b[1] is not None and a[0] is not None and b[1] <= a[0]:  # type: ignore[operator]  # as above
        return False
    return None


def at_most(a: Quantity | Dates, b: Quantity | Dates) -> bool | None:
    """As above; ends that meet are enough for a yes."""
    if a[1] is not None and b[0] is not None and a[1] <= b[0]:  # type: ignore[operator]  # as above
        return True
    if b[1] is not None and a[0] is not None and b[1] < a[0]:  # type: ignore[operator]  # as above
        return False
    return None


def equal(a: Quantity | Dates, b: Quantity | Dates) -> bool | None:
    """Yes only when both are exact; no when they do not overlap."""
    if less(a, b) or less(b, a):
        return False
    return True if a[0] is not None and a[0] == a[1] == b[0] == b[1] else None


def unequal(a: Quantity | Dates, b: Quantity | Dates) -> bool | None:
    """Yes when they do not overlap; no only when both are exact."""
    return kleene_not(equal(a, b))


COMPARISONS: Mapping[str, Callable[[Quantity | Dates, Quantity | Dates], bool | None]] = {
    "<": less,
    "<=": at_most,
    ">": lambda a, b: less(b, a),
    ">=": lambda a, b: at_most(b, a),
    "==": equal,
    "!=": unequal,
}


def compare(op: str, a: Quantity | Dates, b: Quantity | Dates) -> bool | None:
    """Two bounded quantities or dates by the sign of a rule."""
    return COMPARISONS[op](a, b)


def span(operator: Callable[[date, date], int], start: Dates, end: Dates) -> Quantity:
    """Months or days between two bounded dates."""
    lo = 0 if start[1] is None or end[0] is None else operator(start[1], end[0])
    return lo, None if start[0] is None or end[1] is None else operator(start[0], end[1])


def all_known(ends: Iterable[Any], pick: Callable[[list[Any]], Any]) -> Any:  # noqa: ANN401  # ints or dates alike
    """The least or greatest of the ends; none when one of them is not known."""
    every = list(ends)
    return None if None in every else pick(every)
