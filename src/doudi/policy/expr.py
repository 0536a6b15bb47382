"""The closed set of nodes that every rule is made of. Both readers end their `match` in `assert_never`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from doudi.policy.quantities import BOOL, Type

Op = Literal["<", "<=", ">", ">=", "==", "!="]


@dataclass(frozen=True, slots=True)
class Number:
    """A written integer, in the unit its neighbour gives it."""

    value: int
    type: Type


@dataclass(frozen=True, slots=True)
class Name:
    """A word of the book: fact, parameter, constant or derived. For a ratio this is its numerator."""

    word: str
    type: Type


@dataclass(frozen=True, slots=True)
class Denominator:
    """The denominator of a ratio parameter; always exact and at least 1."""

    word: str
    type: Type


@dataclass(frozen=True, slots=True)
class Code:
    """One word of a code, as in `残疾类别 == 精神`."""

    word: str
    type: Type


@dataclass(frozen=True, slots=True)
class Add:
    """Of one unit and one scale."""

    left: Node
    right: Node
    type: Type


@dataclass(frozen=True, slots=True)
class Subtract:
    """May fall below zero."""

    left: Node
    right: Node
    type: Type


@dataclass(frozen=True, slots=True)
class Multiply:
    """Both at least zero, or `right` an integer or a denominator."""

    left: Node
    right: Node
    type: Type


@dataclass(frozen=True, slots=True)
class Compare:
    """Of two quantities, two dates, or two codes (`==`, `!=` only). Denominators are already cleared."""

    op: Op
    left: Node
    right: Node
    type: Type = field(default=BOOL)


@dataclass(frozen=True, slots=True)
class Among:
    """`code in (甲, 乙)`; `negated` for `not in`."""

    item: Node
    words: tuple[str, ...]
    negated: bool
    type: Type = field(default=BOOL)


@dataclass(frozen=True, slots=True)
class And:
    """Kleene's; none = yes."""

    items: tuple[Node, ...]
    type: Type = field(default=BOOL)


@dataclass(frozen=True, slots=True)
class Or:
    """Kleene's; none = no."""

    items: tuple[Node, ...]
    type: Type = field(default=BOOL)


@dataclass(frozen=True, slots=True)
class Not:
    """Unknown stays unknown."""

    item: Node
    type: Type = field(default=BOOL)


@dataclass(frozen=True, slots=True)
class Call:
    """A named function of `functions.FUNCTIONS`, by its English name."""

    function: str
    args: tuple[Node, ...]
    type: Type


Node = Number | Name | Denominator | Code | Add | Subtract | Multiply | Compare | Among | And | Or | Not | Call

TRUE = And(())
FALSE = Or(())


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly below."""
    match node:
        case Number() | Name() | Denominator() | Code():
            return ()
        case Add(left, right) | Subtract(left, right) | Multiply(left, right) | Compare(_, left, right):
            return left, right
        case And(items) | Or(items):
            return items
        case Not(item) | Among(item):
            return (item,)
        case Call(_, args):
            return args


def walk(node: Node) -> Iterator[Node]:
    """The node and everything below it."""
    yield node
    for child in children(node):
        yield from walk(child)


def words_in(node: Node) -> Iterator[str]:
    """Ids of the words a node names, repeats included."""
    for part in walk(node):
        if isinstance(part, Name | Denominator):
            yield part.word
