"""What runs over members or parents, as SQL aggregates: the lower half of the interval table."""

from __future__ import annotations

from collections.abc import Iterator

from doudi.engine.sql import Pair, Writer
from doudi.policy.expr import Call

COUNTED = "counted_member"  # m in the table: does this person count as a member of the household


def aggregate(call: Call, stem: str, writer: Writer) -> Iterator[str]:
    """`expression AS column` for one member call, inside a GROUP BY household_key."""
    match call.function:
        case "any_member" | "all_members" | "count_members":
            yield from _of_condition(call, stem, writer)
        case _:
            yield from _of_amount(call, stem, writer.bounds(call.args[0]))


def _of_condition(call: Call, stem: str, writer: Writer) -> Iterator[str]:
    p = writer.truth(call.args[0])
    x = f"(NOT {COUNTED} OR {p})" if call.function == "all_members" else f"({COUNTED} AND {p})"
    yes, no = f"CASE WHEN {x} THEN 1 ELSE 0 END", f"CASE WHEN NOT {x} THEN 1 ELSE 0 END"
    match call.function:
        case "any_member":
            yield f"CASE WHEN max({yes}) = 1 THEN TRUE WHEN min({no}) = 1 THEN FALSE END AS {stem}"
        case "all_members":
            yield f"CASE WHEN max({no}) = 1 THEN FALSE WHEN min({yes}) = 1 THEN TRUE END AS {stem}"
        case _:
            yield f"CAST(sum({yes}) AS BIGINT) AS {stem}_lo"
            yield f"CAST(count(*) - sum({no}) AS BIGINT) AS {stem}_hi"


def _of_amount(call: Call, stem: str, x: Pair) -> Iterator[str]:
    may = f"{COUNTED} IS NOT FALSE"
    if call.function == "sum_members":
        closed = f"max(CASE WHEN {may} AND {x.hi} IS NULL THEN 1 ELSE 0 END) = 0"
        yield f"CAST(sum(CASE WHEN {COUNTED} THEN coalesce({x.lo}, 0) ELSE 0 END) AS BIGINT) AS {stem}_lo"
        yield f"CASE WHEN {closed} THEN CAST(sum(CASE WHEN {may} THEN {x.hi} ELSE 0 END) AS BIGINT) END AS {stem}_hi"
        return
    amount = call.type.kind == "quantity"
    sure = f"max(CASE WHEN {COUNTED} THEN 1 ELSE 0 END) = 1"  # else there may be nothing to take: 0, or no date
    if call.function == "min_members":
        closed = f"{sure} AND max(CASE WHEN {may} AND {x.lo} IS NULL THEN 1 ELSE 0 END) = 0"
        none = f"WHEN NOT {sure} THEN 0 " if amount else ""
        yield f"CASE {none}WHEN {closed} THEN min(CASE WHEN {may} THEN {x.lo} END) END AS {stem}_lo"
        yield f"min(CASE WHEN {COUNTED} THEN {x.hi} END) AS {stem}_hi"
        return
    closed = f"max(CASE WHEN {may} AND {x.hi} IS NULL THEN 1 ELSE 0 END) = 0"
    least, most = f"max(CASE WHEN {COUNTED} THEN {x.lo} END)", f"max(CASE WHEN {may} THEN {x.hi} END)"
    yield f"{f'coalesce({least}, 0)' if amount else least} AS {stem}_lo"
    yield f"CASE WHEN {closed}{'' if amount else f' AND {sure}'} THEN {f'coalesce({most}, 0)' if amount else most} END AS {stem}_hi"


def parents(call: Call, stem: str, writer: Writer) -> Iterator[str]:
    """`expression AS column` for 父母人数(…), inside a GROUP BY child_key over the known parents."""
    p = writer.truth(call.args[0])
    yield f"CAST(sum(CASE WHEN {p} THEN 1 ELSE 0 END) AS BIGINT) AS {stem}_lo"
    yield f"CAST(2 - sum(CASE WHEN NOT {p} THEN 1 ELSE 0 END) AS BIGINT) AS {stem}_hi"
