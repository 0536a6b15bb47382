"""The second reader of the interval table: one typed expression → SQL over the columns of one relation.

Bools and codes become one nullable expression (SQL's AND, OR, NOT are Kleene's), quantities and dates a pair of them.
Whatever runs over members or parents is left to the stage (`compile.py`), which names its columns in `aggregates`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import assert_never

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


@dataclass(frozen=True, slots=True)
class One:
    """A bool or a code: one nullable expression."""

    text: str


@dataclass(frozen=True, slots=True)
class Pair:
    """A quantity or date: its floor and its ceiling, null = none known."""

    lo: str
    hi: str


Sql = One | Pair


def column(word_id: str) -> str:
    """The column (or the stem of the pair) that holds a word."""
    return word_id.replace(".", "_")


def columns(word_id: str, kind: str) -> tuple[str, ...]:
    """All columns that hold a word of this kind."""
    stem = column(word_id)
    if kind == "ratio":
        return f"{stem}_lo", f"{stem}_hi", f"{stem}_den"
    return (f"{stem}_lo", f"{stem}_hi") if kind in PAIRED else (stem,)


def named(word_id: str, kind: str) -> Sql:
    """A word read from its columns."""
    stem = column(word_id)
    return Pair(f"{stem}_lo", f"{stem}_hi") if kind in (*PAIRED, "ratio") else One(stem)


class Writer:
    """Writes expressions. `aggregates` gives the stem of the columns in which a member or parent call was computed."""

    def __init__(self, aggregates: Mapping[Call, str] | None = None) -> None:
        self.aggregates = aggregates or {}

    def truth(self, node: Node) -> str:
        """A condition as one nullable boolean."""
        match self.sql(node):
            case One(text):
                return text
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
                return Pair(str(value), str(value))
            case Name(word, kind):
                return named(word, kind.kind)
            case Denominator(word):
                return Pair(f"{column(word)}_den", f"{column(word)}_den")
            case Code(word):
                return One(f"'{word}'")
            case Add(left, right):
                a, b = self.bounds(left), self.bounds(right)
                return Pair(f"({a.lo} + {b.lo})", f"({a.hi} + {b.hi})")
            case Subtract(left, right):
                a, b = self.bounds(left), self.bounds(right)
                return Pair(f"({a.lo} - {b.hi})", f"({a.hi} - {b.lo})")
            case Multiply(left, right):
                return self._product(left, right)
            case Compare(op, left, right):
                return One(self._comparison(op, left, right))
            case Among(item, words, negated):
                listed = ", ".join(f"'{word}'" for word in words)
                return One(f"({self._text(item)} {'NOT ' if negated else ''}IN ({listed}))")
            case And(items):
                return One(f"({' AND '.join(self.truth(item) for item in items)})" if items else "TRUE")
            case Or(items):
                return One(f"({' OR '.join(self.truth(item) for item in items)})" if items else "FALSE")
            case Not(item):
                return One(f"(NOT {self.truth(item)})")
            case Call():
                return self._call(node)
            case _:
                assert_never(node)

    def _text(self, node: Node) -> str:
        match self.sql(node):
            case One(text):
                return text
            case _:
                raise Fault("engine.not_a_code", "把数量当作代码编译。")

    def _product(self, left: Node, right: Node) -> Pair:
        a, b = self.bounds(left), self.bounds(right)
        hi = f"({a.hi} * {b.hi})"
        if not isinstance(right, Number | Denominator) and not isinstance(left, Number | Denominator):
            # Nothing times an unknown is nothing: a ceiling of 0 needs no other ceiling.
            hi = f"CASE WHEN {a.hi} = 0 OR {b.hi} = 0 THEN 0 ELSE {a.hi} * {b.hi} END"
        return Pair(f"({a.lo} * {b.lo})", hi)

    def _comparison(self, op: str, left: Node, right: Node) -> str:
        if left.type.kind == "code":
            return f"({self._text(left)} {'=' if op == '==' else '<>'} {self._text(right)})"
        a, b = self.bounds(left), self.bounds(right)
        match op:
            case "<":
                return f"CASE WHEN {a.hi} < {b.lo} THEN TRUE WHEN {a.lo} >= {b.hi} THEN FALSE END"
            case "<=":
                return f"CASE WHEN {a.hi} <= {b.lo} THEN TRUE WHEN {a.lo} > {b.hi} THEN FALSE END"
            case ">":
                return f"CASE WHEN {b.hi} < {a.lo} THEN TRUE WHEN {b.lo} >= {a.hi} THEN FALSE END"
            case ">=":
                return f"CASE WHEN {b.hi} <= {a.lo} THEN TRUE WHEN {b.lo} > {a.hi} THEN FALSE END"
            case "==" | "!=":
                apart = f"{a.hi} < {b.lo} OR {b.hi} < {a.lo}"
                same = f"{a.lo} = {a.hi} AND {b.lo} = {b.hi} AND {a.lo} = {b.lo}"
                yes, no = (same, apart) if op == "==" else (apart, same)
                return f"CASE WHEN {yes} THEN TRUE WHEN {no} THEN FALSE END"
        raise Fault("engine.unread_operator", f"运算符 {op} 没有编译方法。")

    def _call(self, node: Call) -> Sql:  # one case a function is the point
        args = node.args
        match node.function:
            case name if name in OVER_MEMBERS or name == "count_parents":
                stem = self.aggregates[node]
                return Pair(f"{stem}_lo", f"{stem}_hi") if node.type.kind in PAIRED else One(stem)
            case "count_true":
                truths = [self.truth(arg) for arg in args]
                yes = " + ".join(f"CASE WHEN {t} THEN 1 ELSE 0 END" for t in truths)
                may = " + ".join(f"CASE WHEN NOT {t} THEN 0 ELSE 1 END" for t in truths)
                return Pair(f"({yes})", f"({may})")
            case "choose":
                return self._choose(args)
            case "min":
                a, b = self.bounds(args[0]), self.bounds(args[1])
                return Pair(_both(a.lo, b.lo, "<="), _either(a.hi, b.hi, "<="))
            case "max":
                a, b = self.bounds(args[0]), self.bounds(args[1])
                return Pair(_either(a.lo, b.lo, ">="), _both(a.hi, b.hi, ">="))
            case "at_least_zero":
                a = self.bounds(args[0])
                return Pair(
                    f"CASE WHEN {a.lo} > 0 THEN {a.lo} ELSE 0 END",
                    f"CASE WHEN {a.hi} > 0 THEN {a.hi} WHEN {a.hi} <= 0 THEN 0 END",
                )
            case "share":
                a, n = self.bounds(args[0]), self.bounds(args[1])
                least = f"CASE WHEN {n.lo} > 0 AND {n.hi} > 0 AND {a.lo} IS NOT NULL THEN {a.lo} // {n.hi} ELSE 0 END"
                most = f"CASE WHEN {n.hi} = 0 THEN 0 WHEN {n.lo} > 1 THEN {a.hi} // {n.lo} ELSE {a.hi} END"
                return Pair(least, most)
            case "months_between" | "days_between":
                count = _months if node.function == "months_between" else _days
                d, e = self.bounds(args[0]), self.bounds(args[1])
                return Pair(f"coalesce({count(d.hi, e.lo)}, 0)", count(d.lo, e.hi))
            case name if name in ROUNDINGS:
                return self._round(name, args[0])
            case name:
                raise Fault("engine.unread_function", f"函数 {name} 没有编译方法。")

    def _choose(self, args: tuple[Node, ...]) -> Sql:
        condition = self.truth(args[0])
        a, b = self.sql(args[1]), self.sql(args[2])
        if isinstance(a, Pair) and isinstance(b, Pair):
            return Pair(
                _branch(condition, a.lo, b.lo, _both(a.lo, b.lo, "<=")),
                _branch(condition, a.hi, b.hi, _both(a.hi, b.hi, ">=")),
            )
        if isinstance(a, One) and isinstance(b, One):
            return One(_branch(condition, a.text, b.text, f"CASE WHEN {a.text} = {b.text} THEN {a.text} END"))
        raise Fault("engine.uneven_branches", "若(…) 的两个分支类型不同。")

    def _round(self, function: str, node: Node) -> Pair:
        step = ROUNDINGS[function]
        below = " * ".join([str(step), *(f"{column(den)}_den" for den in node.type.dens)])
        shape: dict[str, Callable[[str], str]] = {
            "round_half_up_yuan": lambda x: f"((2 * {x} + {below}) // (2 * {below}))",
            "round_up_yuan": lambda x: f"(({x} + {below} - 1) // ({below}))",
            "truncate_yuan": lambda x: f"({x} // ({below}))",
            "truncate_fen": lambda x: f"({x} // ({below}))",
        }
        a = self.bounds(node)
        return Pair(f"({shape[function](a.lo)} * {step})", f"({shape[function](a.hi)} * {step})")


def _branch(condition: str, yes: str, no: str, either: str) -> str:
    return f"CASE WHEN {condition} THEN {yes} WHEN NOT {condition} THEN {no} ELSE {either} END"


def _both(a: str, b: str, sign: str) -> str:
    """The lesser (<=) or greater (>=) of two; null when either is null."""
    return f"CASE WHEN {a} {sign} {b} THEN {a} WHEN NOT ({a} {sign} {b}) THEN {b} END"


def _either(a: str, b: str, sign: str) -> str:
    """The lesser or greater of those that are known."""
    return f"CASE WHEN {a} IS NULL THEN {b} WHEN {b} IS NULL OR {a} {sign} {b} THEN {a} ELSE {b} END"


def _months(start: str, end: str) -> str:
    """Whole months by year*12+month arithmetic: the runtimes' own functions disagree about the day."""
    serial = "(year({0}) * 12 + month({0}))"
    short = f"CASE WHEN day({end}) < day({start}) THEN 1 ELSE 0 END"
    return f"CASE WHEN {end} < {start} THEN 0 ELSE {serial.format(end)} - {serial.format(start)} - {short} END"


def _days(start: str, end: str) -> str:
    return f"CASE WHEN {end} < {start} THEN 0 ELSE date_diff('day', {start}, {end}) END"
