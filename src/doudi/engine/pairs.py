"""What an expression is in SQL: a code, a condition in three readings, a pair of ends; and the arithmetic on pairs."""

from __future__ import annotations

from dataclasses import dataclass

from doudi.engine import terms as t
from doudi.engine.terms import NULL, ONE, ZERO, Term


@dataclass(frozen=True, slots=True)
class One:
    """A code: one nullable term."""

    term: Term


@dataclass(frozen=True, slots=True)
class Truth:
    """A condition in its three readings."""

    exact: Term
    may: Term
    must: Term


@dataclass(frozen=True, slots=True)
class Pair:
    """A quantity or date: its floor and its ceiling, null = none known."""

    lo: Term
    hi: Term


Sql = One | Truth | Pair


def is_told(a: Pair) -> bool:
    """Known exactly or not at all: the floor is the ceiling, or 0 when there is none."""
    return a.lo == t.or_else(a.hi, ZERO)


def at_least_zero(a: Pair) -> Pair:
    """Below zero counts as zero."""
    lo = a.lo if a.lo.natural and a.lo.sure else t.case((t.compared(">", a.lo, ZERO), a.lo), other=ZERO)
    hi = a.hi if a.hi.natural else t.case((t.compared(">", a.hi, ZERO), a.hi), (t.compared("<=", a.hi, ZERO), ZERO))
    return Pair(_natural(lo), _natural(hi))


def _natural(term: Term) -> Term:
    return t.Op(term.name, term.args, sure=term.sure, natural=True) if isinstance(term, t.Op) else term


def share(a: Pair, n: Pair) -> Pair:
    """A total shared among n, cut to the whole; among nobody it is nothing."""
    some = t.both(t.compared(">", n.lo, ZERO), t.compared(">", n.hi, ZERO))
    least = t.or_else(t.case((some, t.computed("//", a.lo, n.hi)), other=ZERO), ZERO)
    most = t.case(
        (t.compared("=", n.hi, ZERO), ZERO),
        (t.compared(">", n.lo, ONE), t.computed("//", a.hi, n.lo)),
        other=a.hi,
    )
    return Pair(least, most)


def shifted(function: str, end: Term, below: Term) -> Term:
    """What is to be divided so that whole division rounds as the function says."""
    match function:
        case "round_half_up_yuan":
            return t.computed("+", t.computed("*", t.literal(2), end), below)
        case "round_up_yuan":
            return t.computed("-", t.computed("+", end, below), ONE)
        case _:
            return end


def over(function: str, below: Term) -> Term:
    """By what it is to be divided."""
    return t.computed("*", t.literal(2), below) if function == "round_half_up_yuan" else below


def months(start: Term, end: Term) -> Term:
    """Whole months by year*12+month arithmetic: the runtimes' own functions disagree about the day."""
    if NULL in (start, end):
        return NULL
    short = t.case((t.compared("<", t.function("day", end), t.function("day", start)), ONE), other=ZERO)
    months = t.computed("-", t.computed("-", _serial(end), _serial(start)), short)
    return _natural(t.case((t.compared("<", end, start), ZERO), other=months))


def _serial(day: Term) -> Term:
    return t.computed("+", t.computed("*", t.function("year", day), t.literal(12)), t.function("month", day))


def days(start: Term, end: Term) -> Term:
    """Days from start to end; 0 when end is earlier."""
    if NULL in (start, end):
        return NULL
    days = t.function("date_diff", t.Lit("'day'"), start, end)
    return _natural(t.case((t.compared("<", end, start), ZERO), other=days))
