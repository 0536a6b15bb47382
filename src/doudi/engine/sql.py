"""The second reader of the interval table: one typed expression → SQL terms over the columns of one relation.

Quantities and dates become a pair of ends. A condition becomes three terms: `exact` is Kleene's verdict (null =
unknown); `may` is not FALSE exactly when the condition may hold, `must` is TRUE exactly when it surely does. The last
two read NULL as yes and as no: no comparison in them needs a CASE, and each asks for one end of what it compares.
Terms fold as they are built (`terms.py`), so that whatever rests on constants only is a constant itself.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import assert_never

from doudi.engine import terms as t
from doudi.engine.pairs import One, Pair, Sql, Truth, at_least_zero, days, is_told, months, over, share, shifted
from doudi.engine.terms import FALSE, NULL, ONE, TRUE, ZERO, Term
from doudi.errors import Fault
from doudi.policy.expr import (
    Add,
    Among,
    And,
    Call,
    Code,
    Compare,
    Denominator,
    Multiply,
    Name,
    Node,
    Not,
    Number,
    Or,
    Subtract,
)
from doudi.policy.functions import OVER_MEMBERS, ROUNDINGS

PAIRED = ("quantity", "date")
MIRRORED = {**t.MIRROR, "==": "==", "!=": "!="}


def column(word_id: str) -> str:
    """The column (or the stem of the pair) that holds a word."""
    return word_id.replace(".", "_")


def columns(word_id: str, kind: str) -> tuple[str, ...]:
    """All columns that hold a word of this kind."""
    stem = column(word_id)
    if kind == "ratio":
        return f"{stem}_lo", f"{stem}_hi", f"{stem}_den"
    return (f"{stem}_lo", f"{stem}_hi") if kind in PAIRED else (stem,)


def truth_of(exact: Term) -> Truth:
    """A condition of which one term is known; null reads as may and as not must."""
    return Truth(exact, TRUE if exact == NULL else exact, FALSE if exact == NULL else exact)


class Writer:
    """Writes expressions. `read` gives the terms of a name or denominator, `called` those of a member or parent call."""

    def __init__(self, read: Callable[[Name | Denominator], Sql], called: Callable[[Call], Sql]) -> None:
        self.read = read
        self.called = called

    def truth(self, node: Node) -> Truth:
        """A condition."""
        match self.sql(node):
            case Truth() as truth:
                return truth
            case _:
                raise Fault("engine.not_a_condition", "把数量当作条件编译。")

    def bounds(self, node: Node) -> Pair:
        """A quantity or date as its two ends."""
        match self.sql(node):
            case Pair() as pair:
                return pair
            case _:
                raise Fault("engine.not_bounds", "把条件当作数量编译。")

    def sql(self, node: Node) -> Sql:  # one case a node is the point
        """Any expression."""
        match node:
            case Number(value):
                return Pair(t.literal(value), t.literal(value))
            case Name() | Denominator():
                return self.read(node)
            case Code(word):
                return One(t.literal(word))
            case Add(left, right):
                a, b = self.bounds(left), self.bounds(right)
                return Pair(t.computed("+", a.lo, b.lo), t.computed("+", a.hi, b.hi))
            case Subtract(left, right):
                a, b = self.bounds(left), self.bounds(right)
                return Pair(t.computed("-", a.lo, b.hi), t.computed("-", a.hi, b.lo))
            case Multiply(left, right):
                return self._product(self.bounds(left), self.bounds(right))
            case Compare(op, left, right):
                if left.type.kind == "code":
                    return truth_of(t.compared("=" if op == "==" else "<>", self._code(left), self._code(right)))
                return comparison(op, self.bounds(left), self.bounds(right))
            case Among(item, words, is_negated):
                code = self._code(item)
                found = self._among(code, words)
                return truth_of(t.negated(found) if is_negated else found)
            case And(items):
                return self._joined(t.both, items)
            case Or(items):
                return self._joined(t.either, items)
            case Not(item):
                inner = self.truth(item)
                return Truth(t.negated(inner.exact), t.negated(inner.must), t.negated(inner.may))
            case Call():
                return self._call(node)
            case _:
                assert_never(node)

    def _code(self, node: Node) -> Term:
        match self.sql(node):
            case One(term):
                return term
            case _:
                raise Fault("engine.not_a_code", "把数量当作代码编译。")

    def _among(self, code: Term, words: tuple[str, ...]) -> Term:
        if isinstance(code, t.Lit):
            return NULL if code == NULL else TRUE if code in map(t.literal, words) else FALSE
        return t.function("IN", code, *map(t.literal, words), sure=code.sure)

    def _joined(self, join: Callable[..., Term], items: tuple[Node, ...]) -> Truth:
        parts = [self.truth(item) for item in items]
        return Truth(join(*(p.exact for p in parts)), join(*(p.may for p in parts)), join(*(p.must for p in parts)))

    def _product(self, a: Pair, b: Pair) -> Pair:
        # Nothing times an unknown is nothing: a ceiling of 0 needs no other ceiling.
        hi = t.computed("*", a.hi, b.hi)
        for end, other in ((a.hi, b.hi), (b.hi, a.hi)):
            if not other.sure:
                hi = t.case((t.compared("=", end, ZERO), ZERO), other=hi)
        return Pair(t.computed("*", a.lo, b.lo), hi)

    def _call(self, node: Call) -> Sql:  # one case a function is the point
        args = node.args
        match node.function:
            case name if name in OVER_MEMBERS or name == "count_parents":
                return self.called(node)
            case "count_true":
                truths = [self.truth(arg) for arg in args]
                least, most = ZERO, ZERO
                lo: Term = least
                hi: Term = most
                for truth in truths:
                    lo = t.computed("+", lo, t.case((truth.must, ONE), other=ZERO))
                    hi = t.computed("+", hi, t.case((t.negated(truth.may), ZERO), other=ONE))
                return Pair(lo, hi)
            case "choose":
                return self._choose(args)
            case "min":
                a, b = self.bounds(args[0]), self.bounds(args[1])
                return Pair(t.extreme("least", a.lo, b.lo), t.known_extreme("least", a.hi, b.hi))
            case "max":
                a, b = self.bounds(args[0]), self.bounds(args[1])
                return Pair(t.known_extreme("greatest", a.lo, b.lo), t.extreme("greatest", a.hi, b.hi))
            case "at_least_zero":
                return at_least_zero(self.bounds(args[0]))
            case "share":
                return share(self.bounds(args[0]), self.bounds(args[1]))
            case "months_between" | "days_between":
                count = months if node.function == "months_between" else days
                d, e = self.bounds(args[0]), self.bounds(args[1])
                return Pair(t.or_else(count(d.hi, e.lo), ZERO), count(d.lo, e.hi))
            case name if name in ROUNDINGS:
                return self._round(name, args[0])
            case name:
                raise Fault("engine.unread_function", f"函数 {name} 没有编译方法。")

    def _choose(self, args: tuple[Node, ...]) -> Sql:
        c = self.truth(args[0])
        a, b = self.sql(args[1]), self.sql(args[2])
        match a, b:
            case Pair(), Pair():
                return Pair(
                    _branch(c.exact, a.lo, b.lo, t.extreme("least", a.lo, b.lo)),
                    _branch(c.exact, a.hi, b.hi, t.extreme("greatest", a.hi, b.hi)),
                )
            case Truth(), Truth():
                agreed = t.case((t.compared("=", a.exact, b.exact), a.exact))
                return Truth(
                    _branch(c.exact, a.exact, b.exact, agreed),
                    t.either(t.both(c.may, a.may), t.both(t.negated(c.must), b.may)),
                    t.both(t.either(t.negated(c.may), a.must), t.either(c.must, b.must)),
                )
            case One(x), One(y):
                return One(_branch(c.exact, x, y, t.case((t.compared("=", x, y), x))))
        raise Fault("engine.uneven_branches", "若(…) 的两个分支类型不同。")

    def _round(self, function: str, node: Node) -> Pair:
        step = t.literal(ROUNDINGS[function])
        below: Term = step
        for den in node.type.dens:
            below = t.computed("*", below, self.bounds(Denominator(den, node.type)).lo)
        a = self.bounds(node)
        ends = (
            t.computed("*", t.computed("//", shifted(function, end, below), over(function, below)), step)
            for end in (a.lo, a.hi)
        )
        return Pair(*ends)


def comparison(op: str, a: Pair, b: Pair) -> Truth:
    """Two bounded quantities or dates; null ends prove nothing."""
    if plain := _plain(op, a, b) or _plain(MIRRORED[op], b, a):
        return truth_of(plain)
    if op in ("==", "!="):
        may = t.both(t.compared("<=", a.lo, b.hi), t.compared("<=", b.lo, a.hi))
        must = t.both(t.compared("=", a.lo, a.hi), t.compared("=", b.lo, b.hi), t.compared("=", a.lo, b.lo))
        if a.lo == a.hi and b.lo == b.hi:
            may = must = t.compared("=", a.lo, b.lo)
        same = _verdict(may, must)
        return same if op == "==" else Truth(t.negated(same.exact), t.negated(same.must), t.negated(same.may))
    if op in (">", ">="):
        a, b, op = b, a, t.MIRROR[op]
    return _verdict(t.compared(op, a.lo, b.hi), t.compared(op, a.hi, b.lo))


def _plain(op: str, a: Pair, b: Pair) -> Term | None:
    """What is known exactly or not at all, beside a number that [0, ∞) does not decide about: one comparison."""
    number = b.lo.number if isinstance(b.lo, t.Lit) and b.lo == b.hi else None
    if number is None or not is_told(a) or isinstance(a.hi, t.Lit):
        return None
    if number > 0 or (number == 0 and op not in ("<", ">=")):
        return t.compared({"==": "=", "!=": "<>"}.get(op, op), a.hi, b.lo)
    return None


def _verdict(may: Term, must: Term) -> Truth:
    """The exact verdict out of the two others. Equal terms (exact ends) are the verdict themselves."""
    may, must = (TRUE if may == NULL else may), (FALSE if must == NULL else must)
    if may == must:
        return truth_of(may)
    if may == FALSE or must == TRUE:
        return truth_of(may if may == FALSE else must)
    return Truth(t.case((must, TRUE), (t.negated(may), FALSE)), may, must)


def _branch(condition: Term, yes: Term, no: Term, unknown: Term) -> Term:
    if condition == NULL:
        return unknown
    if yes == no and yes == unknown:
        return yes
    return t.case((condition, yes), (t.negated(condition), no), other=unknown)
