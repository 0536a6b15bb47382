"""Of the members: sums, the greatest and the least, when it may not be known who counts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, cast

from doudi.policy.quantities import Quantity, Value
from doudi.policy.verdict import all_known


def total(rows: Iterable[tuple[bool | None, Any]]) -> Quantity:
    """The sum over the members: floors of those who surely count, ceilings of all who may."""
    lo, hi = 0, cast(int | None, 0)
    for counted, (least, most) in rows:
        if counted and least is not None:
            lo += least
        hi = None if hi is None or most is None else hi + most
    return lo, hi


# The least and the greatest among the counted. When nobody surely counts there may be nothing to take: 0, or no date.


def greatest(rows: Sequence[tuple[bool | None, Any]], nothing: int | None) -> Value:
    """The greatest; `nothing` when there is nobody to take it of."""
    sure = [bounds for counted, bounds in rows if counted]
    if not sure and nothing is None:
        return None, None
    lo = max((b[0] for b in sure if b[0] is not None), default=nothing)
    return lo, all_known((b[1] for _, b in rows), max) if rows else nothing


def least(rows: Sequence[tuple[bool | None, Any]], nothing: int | None) -> Value:
    """The least; `nothing` when there is nobody to take it of."""
    sure = [bounds for counted, bounds in rows if counted]
    if not sure:
        return nothing, None
    return all_known((b[0] for _, b in rows), min), min((b[1] for b in sure if b[1] is not None), default=None)
