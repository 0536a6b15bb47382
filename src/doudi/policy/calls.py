"""The named functions of the language for one household: over its members, over parents, and over plain values.

Each takes what reads its arguments and gives what reads the call; the meaning is the interval table's
(`docs/build/language.md`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from math import prod
from typing import TYPE_CHECKING, Any

from doudi.errors import Fault
from doudi.policy import quantities as q
from doudi.policy.expr import Call
from doudi.policy.functions import ROUNDINGS
from doudi.policy.members import greatest, least, total
from doudi.policy.quantities import Quantity, Value
from doudi.policy.verdict import kleene_and, kleene_not, kleene_or, span

if TYPE_CHECKING:
    from doudi.policy.evaluate import Evaluation, Reader

ROUND = {
    "round_half_up_yuan": q.round_half_up,
    "round_up_yuan": q.round_up,
    "truncate_yuan": q.truncate,
    "truncate_fen": q.truncate,
}


def call_reader(node: Call, args: Sequence[Reader]) -> Reader:  # one case a function is the point
    """What gives the value of a call, from what reads its arguments."""
    a = args[0]

    def of_two(operator: Callable[[Any, Any], Value]) -> Reader:
        b = args[1]
        return lambda e, who: operator(a(e, who), b(e, who))

    match node.function:
        case "any_member":
            return lambda e, _: _any_member(e, a)
        case "all_members":
            return lambda e, _: kleene_and(kleene_or((kleene_not(m), p)) for m, p in e.asked(a))
        case "count_members":
            return lambda e, _: _count([kleene_and(both) for both in e.asked(a)])
        case "count_true":
            return lambda e, who: _count([arg(e, who) for arg in args])
        case "count_parents":
            return lambda e, who: _count_parents(e, a, who)
        case "sum_members":
            return lambda e, _: total(e.asked(a))
        case "max_members" | "min_members":
            extreme = greatest if node.function == "max_members" else least
            nothing = 0 if node.args[0].type.kind == "quantity" else None
            return lambda e, _: extreme(e.asked(a), nothing)
        case "choose":
            agreed = _agreed if node.args[1].type.kind == "bool" else q.hull
            return _choose(a, args[1], args[2], agreed)
        case "min":
            return of_two(q.least)
        case "max":
            return of_two(q.greatest)
        case "share":
            return of_two(q.share)
        case "months_between":
            return of_two(partial(span, q.months_between))
        case "days_between":
            return of_two(partial(span, q.days_between))
        case "at_least_zero":
            return lambda e, who: q.at_least_zero(a(e, who))
        case name if name in ROUNDINGS:
            dens = node.args[0].type.dens
            return lambda e, who: _round(name, a(e, who), prod(e.view.denominators[den] for den in dens))
        case name:
            raise Fault("policy.unread_function", f"函数 {name} 没有求值方法。")


def _any_member(e: Evaluation, read: Reader) -> bool | None:
    """`kleene_or` over who counts *and* for whom it holds; the first sure yes ends it."""
    verdict: bool | None = False
    for label, counts in e.counted:
        holds = read(e, label)
        if holds and counts:
            return True
        if holds is not False:
            verdict = None
    return verdict


def _count(verdicts: Sequence[bool | None]) -> Quantity:
    return verdicts.count(True), len(verdicts) - verdicts.count(False)


def _count_parents(e: Evaluation, read: Reader, label: str | None) -> Quantity:
    if label is None:
        raise Fault("policy.person_needed", "父母人数(…) 要在个人的词里使用。")
    child = e.persons[label]
    known = [read(e, parent) for parent in (child.father, child.mother) if parent in e.persons]
    return known.count(True), 2 - known.count(False)


def _choose(condition: Reader, yes: Reader, no: Reader, agreed: Callable[[Any, Any], Value]) -> Reader:
    def chosen(e: Evaluation, who: str | None) -> Value:
        verdict = condition(e, who)
        if verdict is None:
            return agreed(yes(e, who), no(e, who))
        value: Value = (yes if verdict else no)(e, who)
        return value

    return chosen


def _agreed(a: bool | None, b: bool | None) -> bool | None:  # noqa: FBT001  # verdicts
    return a if a == b else None


def _round(function: str, bounds: Quantity, below: int) -> Quantity:
    step = ROUNDINGS[function]
    ends = [None if end is None else ROUND[function](end, step * below) * step for end in bounds]
    return ends[0], ends[1]
