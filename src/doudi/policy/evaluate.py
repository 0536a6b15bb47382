"""The specification: one household, obviously, by the interval table of `docs/build/language.md`.

Ask `Evaluation.value(word, person)`; every word is worked out once. `Evaluation.of(node, person)` answers any typed
expression. What the records do not say is unknown, never zero. Each expression is walked once, into a function that
reads it for any household (`reader`): the same table, without walking it again for every household of a city.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from math import prod
from typing import TYPE_CHECKING, Any, TypeAlias, assert_never

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
from doudi.policy.members import greatest, least, total
from doudi.policy.quantities import Quantity, Value
from doudi.policy.rule import Book, Word
from doudi.policy.verdict import COMPARISONS, kleene_and, kleene_not, kleene_or, span
from doudi.policy.view import View

if TYPE_CHECKING:
    from doudi.policy.trace import Ground

Reader: TypeAlias = "Callable[[Evaluation, str | None], Any]"
COUNTED = "counted_member"
UNKNOWN: Mapping[str, Value] = {"quantity": q.UNKNOWN, "date": (None, None)}
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
    return UNKNOWN.get(kind.kind)


class Evaluation:
    """One household under one view. `person` arguments are labels; None for words of household grain."""

    def __init__(self, view: View, household: Household) -> None:
        self.view = view
        self.book = view.book
        self.household = household
        self.persons = {person.label: person for person in household.persons}
        self.members = [person.label for person in household.persons if not person.outside]
        self.traced: dict[tuple[str, str, str | None], tuple[Ground, ...]] = {}  # `trace.py` keeps there what it found
        self._known: dict[tuple[str, str | None], Value] = {}

    def value(self, word: str, person: str | None = None) -> Value:
        """The value of a word (by id); of a person word, that person's."""
        key = (word, person)
        if key in self._known:
            return self._known[key]
        meant = self.book.words[word]
        of_all = person is not None and meant.grain != "person"
        value = self._known[key] = self.value(word) if of_all else self._value(meant, person)
        return value

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

    def of(self, node: Node, person: str | None = None) -> Value:
        """The value of an expression for a person, or for the household."""
        if isinstance(node, Name):
            return self.value(node.word, person)
        value: Value = reader(node, self.book)(self, person)
        return value

    def truth(self, node: Node, person: str | None = None) -> bool | None:
        """The verdict of a condition: yes, no, or unknown."""
        verdict: Any = self.of(node, person)
        return verdict  # type: ignore[no-any-return]  # conditions were typed when the book was read

    @cached_property
    def counted(self) -> list[tuple[str, bool | None]]:
        """Who may count as a member of the household, and whether he surely does (yes or unknown)."""
        every: Any = [(label, self.value(COUNTED, label)) for label in self.members]
        return [(label, counts) for label, counts in every if counts is not False]

    def asked(self, read: Reader) -> Iterator[tuple[bool | None, Any]]:
        """For each person who may count as a member: whether he surely does, and what is read of him."""
        return ((counts, read(self, label)) for label, counts in self.counted)


# --- an expression, made once into what reads it for any household -------------------------------------------------


def reader(node: Node, book: Book) -> Reader:
    """What gives an expression's value for an evaluation and a person (None = the household); made once for a book."""
    made = book.readers.get(id(node))
    if made is None:
        made = book.readers[id(node)] = (node, _reader(node, book))
    read: Reader = made[1]
    return read


def _reader(node: Node, book: Book) -> Reader:  # one case a node is the point
    match node:
        case Number(value):
            return lambda _e, _who: (value, value)
        case Code(word):
            return lambda _e, _who: word
        case Name(word):
            return _of_word(book.words[word])
        case Denominator(word):
            return lambda e, _: (e.view.denominators[word], e.view.denominators[word])
        case Add(left, right):
            return _of_two(q.add, left, right, book)
        case Subtract(left, right):
            return _of_two(q.subtract, left, right, book)
        case Multiply(left, right):
            return _of_two(q.multiply, left, right, book)
        case Compare(op, left, right):
            return _of_two(same_code(op) if left.type.kind == "code" else COMPARISONS[op], left, right, book)
        case Among(item, codes, negated):
            code = reader(item, book)
            return lambda e, who: None if (one := code(e, who)) is None else (one in codes) is not negated
        case And(items):
            return _of_many([reader(item, book) for item in items], ends=False)
        case Or(items):
            return _of_many([reader(item, book) for item in items], ends=True)
        case Not(item):
            part = reader(item, book)
            return lambda e, who: kleene_not(part(e, who))
        case Call():
            return _call(node, book)
        case _:
            assert_never(node)


def _of_word(word: Word) -> Reader:
    """Settings stand in the view; what is said of the household is worked out once, whoever asks."""
    name = word.id
    if word.kind in ("parameter", "constant"):
        return lambda e, _: e.view.constants[name]
    if word.grain != "person":
        return lambda e, _: e.value(name)
    if word.node is None:
        nothing = unknown(word.type)
        return lambda e, who: e.value(name, who) if who is None else e.persons[who].facts.get(name, nothing)
    return lambda e, who: e.value(name, who)


def _of_many(parts: Sequence[Reader], *, ends: bool) -> Reader:
    """`kleene_or` (a yes ends it) or `kleene_and` (a no ends it) of what is read, without a generator for each reading."""

    def read(e: Evaluation, who: str | None) -> bool | None:
        verdict: bool | None = not ends
        for part in parts:
            one: bool | None = part(e, who)
            if one is ends:
                return ends
            if one is None:
                verdict = None
        return verdict

    return read


def _of_two(operator: Callable[[Any, Any], Value], left: Node, right: Node, book: Book) -> Reader:
    a, b = reader(left, book), reader(right, book)
    return lambda e, who: operator(a(e, who), b(e, who))


def same_code(op: str) -> Callable[[str | None, str | None], bool | None]:
    """`==` or `!=` of two codes; unknown when either is."""
    return lambda a, b: None if a is None or b is None else (a == b) is (op == "==")


def _call(node: Call, book: Book) -> Reader:  # one case a function is the point
    args = [reader(arg, book) for arg in node.args]
    a = args[0]

    def of_two(operator: Callable[[Any, Any], Value]) -> Reader:
        return _of_two(operator, node.args[0], node.args[1], book)

    match node.function:
        case "any_member":
            return lambda e, _: kleene_or(kleene_and(both) for both in e.asked(a))
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
            return lambda e, _: extreme(list(e.asked(a)), nothing)
        case "choose":
            agreed = _agreed if node.args[1].type.kind == "bool" else q.hull
            return lambda e, who: _choose(e, who, args, agreed)
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


def _count(verdicts: Sequence[bool | None]) -> Quantity:
    return verdicts.count(True), len(verdicts) - verdicts.count(False)


def _count_parents(e: Evaluation, read: Reader, label: str | None) -> Quantity:
    if label is None:
        raise Fault("policy.person_needed", "父母人数(…) 要在个人的词里使用。")
    child = e.persons[label]
    known = [read(e, parent) for parent in (child.father, child.mother) if parent in e.persons]
    return known.count(True), 2 - known.count(False)


def _choose(e: Evaluation, who: str | None, args: Sequence[Reader], agreed: Callable[[Any, Any], Value]) -> Value:
    condition = args[0](e, who)
    if condition is None:
        return agreed(args[1](e, who), args[2](e, who))
    chosen: Value = args[1 if condition else 2](e, who)
    return chosen


def _agreed(a: bool | None, b: bool | None) -> bool | None:  # noqa: FBT001  # verdicts
    return a if a == b else None


def _round(function: str, bounds: Quantity, below: int) -> Quantity:
    step = ROUNDINGS[function]
    ends = [None if end is None else ROUND[function](end, step * below) * step for end in bounds]
    return ends[0], ends[1]
