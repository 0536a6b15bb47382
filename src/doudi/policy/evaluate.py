"""The specification: one household, obviously, by the interval table of `docs/build/language.md`.

Ask `Evaluation.value(word, person)`; every word is worked out once. `Evaluation.of(node, person)` answers any typed
expression. What the records do not say is unknown, never zero. Each expression is walked once, into a function that
reads it for any household (`reader`): the same table, without walking it again for every household of a city.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias, assert_never

from doudi.errors import Fault
from doudi.policy import quantities as q
from doudi.policy.calls import call_reader
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
from doudi.policy.quantities import Value
from doudi.policy.rule import Book, Word
from doudi.policy.verdict import at_most, equal, kleene_not, less, unequal
from doudi.policy.view import View

if TYPE_CHECKING:
    from doudi.policy.trace import Ground

Reader: TypeAlias = "Callable[[Evaluation, str | None], Any]"
COUNTED = "counted_member"
UNKNOWN: Mapping[str, Value] = {"quantity": q.UNKNOWN, "date": (None, None)}


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


_NOT_ASKED: Any = object()  # None is an answer


class Evaluation:
    """One household under one view. `person` arguments are labels; None for words of household grain."""

    def __init__(self, view: View, household: Household) -> None:
        self.view = view
        self.book = view.book
        self.household = household
        self.persons = {person.label: person for person in household.persons}
        self.members = [person.label for person in household.persons if not person.outside]
        self.traced: dict[tuple[str, str, str | None], tuple[Ground, ...]] = {}  # `trace.py` keeps there what it found
        # What was worked out of each person's derived words, and under None of the household's.
        self.known: defaultdict[str | None, dict[str, Value]] = defaultdict(dict)

    def value(self, word: str, person: str | None = None) -> Value:
        """The value of a word (by id); of a person word, that person's."""
        value: Value = word_reader(self.book.words[word], self.book)(self, person)
        return value

    def of(self, node: Node, person: str | None = None) -> Value:
        """The value of an expression for a person, or for the household."""
        value: Value = reader(node, self.book)(self, person)
        return value

    def truth(self, node: Node, person: str | None = None) -> bool | None:
        """The verdict of a condition: yes, no, or unknown."""
        verdict: bool | None = reader(node, self.book)(self, person)  # conditions were typed when the book was read
        return verdict

    @cached_property
    def counted(self) -> list[tuple[str, bool | None]]:
        """Who may count as a member of the household, and whether he surely does (yes or unknown)."""
        every: Any = [(label, self.value(COUNTED, label)) for label in self.members]
        return [(label, counts) for label, counts in every if counts is not False]

    def asked(self, read: Reader) -> list[tuple[bool | None, Any]]:
        """For each person who may count as a member: whether he surely does, and what is read of him."""
        return [(counts, read(self, label)) for label, counts in self.counted]


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
            return word_reader(book.words[word], book)
        case Denominator(word):
            return lambda e, _: (e.view.denominators[word], e.view.denominators[word])
        case Add(left, right):
            return _of_two(q.add, left, right, book)
        case Subtract(left, right):
            return _of_two(q.subtract, left, right, book)
        case Multiply(left, right):
            return _of_two(q.multiply, left, right, book)
        case Compare(op, left, right):
            return _compare(op, left, right, book)
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
        case Call(args=args):
            return call_reader(node, [reader(arg, book) for arg in args])
        case _:
            assert_never(node)


def word_reader(word: Word, book: Book) -> Reader:
    """What reads a word: made once for a book, like that of an expression."""
    made = book.readers.get(id(word))
    if made is None:
        made = book.readers[id(word)] = (word, _read_word(word, book))
    read: Reader = made[1]
    return read


def _read_word(word: Word, book: Book) -> Reader:
    """Settings stand in the view, facts in the household; a derived word is worked out once for whom it is about."""
    name, nothing = word.id, unknown(word.type)
    if word.node is not None:
        return _worked_out(name, reader(word.node, book), of_person=word.grain == "person")
    if word.kind in ("parameter", "constant"):
        return lambda e, _: e.view.constants[name]
    if word.grain != "person":
        return lambda e, _: e.household.facts.get(name, nothing)

    def of_person(e: Evaluation, who: str | None) -> Value:
        if who is None:
            raise Fault("policy.person_needed", f"“{word.name}”是个人的词，求值时没有指明是谁。")
        return e.persons[who].facts.get(name, nothing)

    return of_person


def _worked_out(name: str, below: Reader, *, of_person: bool) -> Reader:
    """A derived word of a person; or of the household, whoever asks."""

    def person(e: Evaluation, who: str | None) -> Value:
        known = e.known[who]
        value: Value = known.get(name, _NOT_ASKED)
        if value is _NOT_ASKED:
            value = known[name] = below(e, who)
        return value

    def household(e: Evaluation, _: str | None) -> Value:
        known = e.known[None]
        value: Value = known.get(name, _NOT_ASKED)
        if value is _NOT_ASKED:
            value = known[name] = below(e, None)
        return value

    return person if of_person else household


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


def _compare(op: str, left: Node, right: Node, book: Book) -> Reader:
    """A comparison; `a > b` is read as `b < a`."""
    if left.type.kind == "code":
        return _of_two(same_code(op), left, right, book)
    match op:
        case "<":
            return _of_two(less, left, right, book)
        case "<=":
            return _of_two(at_most, left, right, book)
        case ">":
            return _of_two(less, right, left, book)
        case ">=":
            return _of_two(at_most, right, left, book)
        case _:
            return _of_two(equal if op == "==" else unequal, left, right, book)


def same_code(op: str) -> Callable[[str | None, str | None], bool | None]:
    """`==` or `!=` of two codes; unknown when either is."""
    return lambda a, b: None if a is None or b is None else (a == b) is (op == "==")
