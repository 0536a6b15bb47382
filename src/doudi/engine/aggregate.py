"""What runs over members or parents, as SQL aggregates: the lower half of the interval table.

`loose` (the sieve) may answer wider than the table, never narrower: over what is unknown of everybody it does not ask
whether anybody counts at all, so that the call becomes a constant.
"""

from __future__ import annotations

from doudi.engine import terms as t
from doudi.engine.pairs import Pair, Sql, Truth
from doudi.engine.sql import Writer
from doudi.engine.terms import FALSE, NULL, ONE, TRUE, ZERO, Lit, Term
from doudi.policy.expr import Call

COUNTED = "counted_member"  # m in the table: does this person count as a member of the household


def aggregate(call: Call, counted: Truth, writer: Writer, *, loose: bool = False) -> Sql:
    """One member call as terms for a GROUP BY household_key; a group is never empty."""
    match call.function:
        case "any_member" | "all_members" | "count_members":
            return _of_condition(call.function, counted, writer.truth(call.args[0]), loose=loose)
        case "sum_members":
            return _sum(counted, writer.bounds(call.args[0]), loose=loose)
        case name:
            x = writer.bounds(call.args[0])
            amount = call.type.kind == "quantity"
            return (
                _least(counted, x, amount=amount)
                if name == "min_members"
                else _greatest(counted, x, amount=amount, loose=loose)
            )


def _of_condition(function: str, m: Truth, p: Truth, *, loose: bool) -> Sql:
    if function == "all_members":
        exact = t.either(t.negated(m.exact), p.exact)
        may, must = t.either(t.negated(m.must), p.may), t.either(t.negated(m.may), p.must)
        if loose and p.must == FALSE:
            must = FALSE
        told = _over("min", t.case((exact, Lit("2")), (t.negated(exact), ZERO), other=ONE))
        every = _over("bool_and", may), _over("bool_and", t.or_else(must, FALSE))
        return Truth(_decoded(told), *every)
    exact, may, must = t.both(m.exact, p.exact), t.both(m.may, p.may), t.both(m.must, p.must)
    if loose and p.may == TRUE:
        may = TRUE
    if function == "any_member":
        told = _over("max", t.case((exact, Lit("2")), (t.negated(exact), ZERO), other=ONE))
        return Truth(_decoded(told), _over("bool_or", t.or_else(may, TRUE)), _over("bool_or", must))
    return Pair(
        _count(t.case((must, ONE))),
        NULL if loose and p.may == TRUE else _count(t.case((t.negated(may), NULL), other=ONE)),
    )


def _decoded(told: Term) -> Term:
    """2 = yes, 0 = no, 1 = unknown, as a verdict."""
    return t.case((t.compared("=", told, Lit("2")), TRUE), (t.compared("=", told, ZERO), FALSE))


def _sum(m: Truth, x: Pair, *, loose: bool) -> Pair:
    floor = t.case((m.must, t.or_else(x.lo, ZERO)), other=ZERO)
    if loose and x.hi == NULL:
        return Pair(_total(floor), NULL)
    ceiling = t.case((t.negated(m.may), ZERO), other=x.hi)  # null exactly when a possible member's ceiling is
    return Pair(_total(floor), _closed(ceiling, _total(ceiling)))


def _greatest(m: Truth, x: Pair, *, amount: bool, loose: bool) -> Pair:
    none = ZERO if amount else NULL
    floor = _over("max", t.case((m.must, x.lo)))
    ceiling = _over("max", t.case((t.negated(m.may), NULL), other=x.hi))
    if loose and x.hi == NULL:
        return Pair(t.or_else(floor, none), NULL)
    # A possible member without a ceiling leaves none; one who surely does not count is passed over by any value.
    open_ends = t.case((t.negated(m.may), ONE), (_is_known(x.hi), ONE))
    most = _closed(open_ends, t.or_else(ceiling, none))
    return Pair(t.or_else(floor, none), most if amount else t.case((_sure(m), most)))


def _least(m: Truth, x: Pair, *, amount: bool) -> Pair:
    # When nobody surely counts there may be nothing to take: 0, or no date.
    open_ends = t.case((t.negated(m.may), ONE), (_is_known(x.lo), ONE))
    least = _closed(open_ends, _over("min", t.case((t.negated(m.may), NULL), other=x.lo)))
    lo = t.case((_sure(m), least), other=ZERO if amount else NULL)
    return Pair(lo, _over("min", t.case((m.must, x.hi))))


def _is_known(end: Term) -> Term:
    if isinstance(end, Lit):
        return FALSE if end == NULL else TRUE
    return TRUE if end.sure else t.function("NOTNULL", end, sure=True)


def _sure(m: Truth) -> Term:
    """Somebody surely counts."""
    return _over("bool_or", t.or_else(m.must, FALSE))


def _closed(ends: Term, value: Term) -> Term:
    """The value when none of the ends is null, else null."""
    if ends.sure:
        return value
    return t.case((t.compared("=", _count(ends), t.function("count", sure=True)), value))


def _total(x: Term) -> Term:
    if x in (ZERO, NULL):
        return x
    return t.function("BIGINT", t.function("sum", x), sure=x.sure, natural=x.natural)


def _count(x: Term) -> Term:
    """How many rows have a value."""
    if x == NULL:
        return ZERO
    return t.function("count", *(() if x.sure else (x,)), sure=True, natural=True)


def _over(name: str, x: Term) -> Term:
    """max, min, bool_or, bool_and: of a constant it is the constant itself, since no group is empty."""
    return x if isinstance(x, Lit) else t.function(name, x, sure=x.sure, natural=x.natural)


def parents(call: Call, writer: Writer) -> Pair:
    """父母人数(…) as terms for a GROUP BY child_key over the known parents; a child may have no group."""
    p = writer.truth(call.args[0])
    lo = _count(t.case((p.must, ONE)))
    unlikely = _count(t.case((t.negated(p.may), ONE)))
    return Pair(lo, t.computed("-", Lit("2"), unlikely))
