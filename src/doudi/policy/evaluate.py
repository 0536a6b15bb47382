"""The specification: one household, slowly and obviously, by the interval table of `docs/build/language.md`.

Ask `Evaluation.value(word, person)`; every word is worked out once. `Evaluation.of(node, person)` answers any typed
expression. What the records do not say is unknown, never zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, assert_never, cast

from doudi.errors import Fault
from doudi.policy import quantities as q
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
from doudi.policy.functions import ROUNDINGS
from doudi.policy.quantities import Dates, Quantity, Value
from doudi.policy.rule import Word
from doudi.policy.verdict import all_known, compare, kleene_and, kleene_not, kleene_or, span
from doudi.policy.view import View

COUNTED = "counted_member"
ROUND = {
    "round_half_up_yuan": q.round_half_up,
    "round_up_yuan": q.round_up,
    "truncate_yuan": q.truncate,
    "truncate_fen": q.truncate,
}


@dataclass(frozen=True, slots=True)
class Person:
    """One person and the facts known of him. `outside`: named (a parent, a supporter) but not of this household."""

    label: str
    facts: Mapping[str, Value]
    father: str | None = None
    mother: str | None = None
    outside: bool = False


@dataclass(frozen=True, slots=True)
class Household:
    """Persons by label, and the facts of the household itself. A fact that is not listed is unknown."""

    persons: tuple[Person, ...]
    facts: Mapping[str, Value] = field(default_factory=dict)


def unknown(kind: q.Type) -> Value:
    """The value of which nothing is known."""
    match kind.kind:
        case "quantity":
            return q.UNKNOWN
        case "date":
            return (None, None)
        case _:
            return None


class Evaluation:
    """One household under one view. `person` arguments are labels; None for words of household grain."""

    def __init__(self, view: View, household: Household) -> None:
        self.view = view
        self.book = view.book
        self.household = household
        self.persons = {person.label: person for person in household.persons}
        self.members = [person.label for person in household.persons if not person.outside]
        self._known: dict[tuple[str, str | None], Value] = {}

    def value(self, word: str, person: str | None = None) -> Value:
        """The value of a word (by id); of a person word, that person's."""
        meant = self.book.words[word]
        key = (word, person if meant.grain == "person" else None)
        if key not in self._known:
            self._known[key] = self._value(meant, key[1])
        return self._known[key]

    def _value(self, word: Word, person: str | None) -> Value:
        if word.node is not None:
            return self.of(word.node, person)
        if word.kind in ("parameter", "constant"):
            return self.view.constants[word.id]
        if word.grain != "person":
            return self.household.facts.get(word.id, unknown(word.type))
        if person is None:
            raise Fault("policy.person_needed", f"“{word.name}”是个人的词，求值时没有指明是谁。")
        return self.persons[person].facts.get(word.id, unknown(word.type))

    def of(self, node: Node, person: str | None = None) -> Value:  # one case a node is the point
        """The value of an expression for a person, or for the household."""
        match node:
            case Number(value):
                return (value, value)
            case Name(word):
                return self.value(word, person)
            case Denominator(word):
                below = self.view.denominators[word]
                return (below, below)
            case Code(word):
                return word
            case Add(left, right):
                return q.add(self._quantity(left, person), self._quantity(right, person))
            case Subtract(left, right):
                return q.subtract(self._quantity(left, person), self._quantity(right, person))
            case Multiply(left, right):
                return q.multiply(self._quantity(left, person), self._quantity(right, person))
            case Compare():
                return self._compare(node, person)
            case Among(item, words, negated):
                code = self.of(item, person)
                return None if code is None else (code in words) is not negated
            case And(items):
                return kleene_and(self.truth(item, person) for item in items)
            case Or(items):
                return kleene_or(self.truth(item, person) for item in items)
            case Not(item):
                return kleene_not(self.truth(item, person))
            case Call():
                return self._call(node, person)
            case _:
                assert_never(node)

    def truth(self, node: Node, person: str | None = None) -> bool | None:
        """The verdict of a condition: yes, no, or unknown."""
        return cast(bool | None, self.of(node, person))

    def _quantity(self, node: Node, person: str | None) -> Quantity:
        return cast(Quantity, self.of(node, person))

    def _dates(self, node: Node, person: str | None) -> Dates:
        return cast(Dates, self.of(node, person))

    def _compare(self, node: Compare, person: str | None) -> bool | None:
        a, b = self.of(node.left, person), self.of(node.right, person)
        if node.left.type.kind == "code":
            if a is None or b is None:
                return None
            return (a == b) is (node.op == "==")
        return compare(node.op, cast(Quantity, a), cast(Quantity, b))

    # -- calls ---------------------------------------------------------------------------------------------------

    def _call(self, node: Call, person: str | None) -> Value:  # one case a function is the point
        args = node.args
        match node.function:
            case "any_member":
                return kleene_or(kleene_and((m, p)) for m, p in self._members(args[0]))
            case "all_members":
                return kleene_and(kleene_or((kleene_not(m), p)) for m, p in self._members(args[0]))
            case "count_members":
                both = [kleene_and((m, p)) for m, p in self._members(args[0])]
                return both.count(True), len(both) - both.count(False)
            case "count_true":
                held = [self.truth(arg, person) for arg in args]
                return held.count(True), len(held) - held.count(False)
            case "count_parents":
                return self._count_parents(args[0], person)
            case "sum_members":
                return self._sum(args[0])
            case "max_members" | "min_members":
                return self._extreme(node.function, args[0])
            case "choose":
                return self._choose(args, person)
            case "min" | "max":
                combine = q.least if node.function == "min" else q.greatest
                return combine(self._quantity(args[0], person), self._quantity(args[1], person))
            case "at_least_zero":
                return q.at_least_zero(self._quantity(args[0], person))
            case "share":
                return q.share(self._quantity(args[0], person), self._quantity(args[1], person))
            case "months_between" | "days_between":
                operator = q.months_between if node.function == "months_between" else q.days_between
                return span(operator, self._dates(args[0], person), self._dates(args[1], person))
            case name if name in ROUNDINGS:
                return self._round(name, args[0], person)
            case name:
                raise Fault("policy.unread_function", f"函数 {name} 没有求值方法。")

    def _members(self, node: Node) -> list[tuple[bool | None, Any]]:
        """For each person of the household: does he count as a member, and the value of the expression for him."""
        return [(self._counted(label), self.of(node, label)) for label in self.members]

    def _counted(self, label: str) -> bool | None:
        return cast(bool | None, self.value(COUNTED, label))

    def _count_parents(self, node: Node, label: str | None) -> Quantity:
        if label is None:
            raise Fault("policy.person_needed", "父母人数(…) 要在个人的词里使用。")
        child = self.persons[label]
        known = [self.truth(node, parent) for parent in (child.father, child.mother) if parent in self.persons]
        return known.count(True), 2 - known.count(False)

    def _sum(self, node: Node) -> Quantity:
        lo, hi = 0, cast(int | None, 0)
        for counted, (least, most) in self._members(node):
            if counted is True:
                lo += least or 0
            if counted is not False:
                hi = None if hi is None or most is None else hi + most
        return lo, hi

    def _extreme(self, function: str, node: Node) -> Value:
        """Of counted members. When nobody surely counts there may be nothing to take: 0, or no date at all."""
        nothing = 0 if node.type.kind == "quantity" else None
        rows = self._members(node)
        sure = [bounds for counted, bounds in rows if counted is True]
        possible = [bounds for counted, bounds in rows if counted is not False]
        if not sure and nothing is None:
            return None, None
        if function == "max_members":
            lo = max((b[0] for b in sure if b[0] is not None), default=nothing)
            return lo, nothing if not possible else all_known((b[1] for b in possible), max)
        if not sure:
            return nothing, None
        return all_known((b[0] for b in possible), min), min((b[1] for b in sure if b[1] is not None), default=None)

    def _choose(self, args: tuple[Node, ...], person: str | None) -> Value:
        condition = self.truth(args[0], person)
        if condition is not None:
            return self.of(args[1] if condition else args[2], person)
        a, b = self.of(args[1], person), self.of(args[2], person)
        if args[1].type.kind == "bool":
            return cast(bool | None, a if a == b else None)
        return q.hull(cast(Quantity, a), cast(Quantity, b))

    def _round(self, function: str, node: Node, person: str | None) -> Quantity:
        below = 1
        for den in node.type.dens:
            below *= self.view.denominators[den]
        step = ROUNDINGS[function]
        lo, hi = self._quantity(node, person)
        ends = [None if end is None else ROUND[function](end, step * below) * step for end in (lo, hi)]
        return ends[0], ends[1]
