"""Why: which facts and which lines decided a verdict. The alert page, the letter and the API print the same object.

Like the reader, what tells an expression's grounds is made once for a book (`_grounds`, `_facts_below`): for a city the
same few rules are traced for thousands of households.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from math import prod
from typing import NamedTuple, TypeAlias

from doudi.policy.evaluate import Evaluation, Reader, reader, word_reader
from doudi.policy.expr import Add, Among, And, Call, Compare, Multiply, Name, Node, Not, Or, Subtract, children, walk
from doudi.policy.functions import OVER_MEMBERS
from doudi.policy.quantities import Type, Value
from doudi.policy.rule import Book, Word

OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}
TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


class Ground(NamedTuple):
    """One fact that a verdict stands on. (A plain tuple: some hundred thousand are made in a run.)

    `fact` is a word id; `person` a label, None for facts of the household. When the fact was measured against a line:
    `op` (the sign as it stands, so that fact, sign and line read as a true sentence), the `threshold` with its unit, and
    `measured` = the word that was compared (a sum over members, say) with its value. `holds`: does the comparison hold
    (True / False / unknown). `below`: the denominators that `threshold` was multiplied by when it was cleared of them.
    """

    fact: str
    person: str | None
    value: Value
    type: Type
    op: str = ""
    threshold: Value = None
    measured: str = ""
    measured_value: Value = None
    holds: bool | None = None
    below: int = 1


# What is found, each once, in the order of the rule; the first of its kind stays.
_Found: TypeAlias = dict[tuple[str, str | None, str], Ground]
_Tracer: TypeAlias = Callable[[Evaluation, str | None, _Found], None]
_OfNode: TypeAlias = Callable[[Node, Book], _Tracer]


def decisive(evaluation: Evaluation, node: Node, person: str | None = None) -> tuple[Ground, ...]:
    """The facts on which the verdict of a condition stands, each once, in the order of the rule.

    For a yes of `or` only the branches that are yes; for a no of `and` only those that are no; for an unknown only
    those that are unknown. What could change without changing the verdict is left out.
    """
    found: _Found = {}
    _grounds(node, evaluation.book)(evaluation, person, found)
    measured = {(g.fact, g.person) for g in found.values() if g.op}
    return tuple(g for g in found.values() if g.op or (g.fact, g.person) not in measured)


def _made_once(make: _OfNode) -> _OfNode:
    """For each expression of a book its tracer is made once."""

    @wraps(make)
    def made(node: Node, book: Book) -> _Tracer:
        key = (make.__name__, id(node))
        if key not in book.tracers:
            book.tracers[key] = (node, make(node, book))
        trace: _Tracer = book.tracers[key][1]
        return trace

    return made


@_made_once
def _grounds(node: Node, book: Book) -> _Tracer:  # one case a node is the point
    """What tells the facts that made a condition's verdict."""
    match node:
        case And(items) | Or(items):
            return _of_many(reader(node, book), [(reader(item, book), _grounds(item, book)) for item in items])
        case Not(item):
            return _grounds(item, book)
        case Name(word):
            return _of_word(book.words[word], _grounds, zeros=True)
        case Compare():
            return _of_comparison(node, book)
        case Among(item):
            return _facts_below(item, book)
        case Call(function, args) if function in OVER_MEMBERS:
            return _of_members(node, args[0], book)
        case Call("count_true", args):
            return _of_many(lambda _e, _who: True, [(reader(arg, book), _grounds(arg, book)) for arg in args])
        case _:
            return _facts_below(node, book)


@_made_once
def _facts_below(node: Node, book: Book) -> _Tracer:  # one case a node is the point
    """What tells every fact below a quantity or code; of amounts, those that contribute (not surely zero)."""
    match node:
        case Name(word):
            return _of_word(book.words[word], _facts_below, zeros=False)
        case Call(function, args) if function in OVER_MEMBERS:
            below = _facts_below(args[0], book)
            return lambda e, _, found: _all([below], e, [label for label, _ in e.counted], found)
        case Call("count_parents", (condition,)):
            return _of_parents(reader(condition, book), _grounds(condition, book))
        case Call("choose", (condition, yes, no)):
            both = _facts_below(yes, book), _facts_below(no, book)
            return _of_choice(reader(condition, book), _grounds(condition, book), both)
        case Add() | Subtract() | Multiply() | Call():
            parts = [_facts_below(part, book) for part in children(node)]
            return lambda e, who, found: _all(parts, e, (who,), found)
        case And() | Or() | Not() | Compare() | Among():
            return _grounds(node, book)
        case _:
            return lambda _e, _who, _found: None


def _all(tracers: Sequence[_Tracer], e: Evaluation, whom: Iterable[str | None], found: _Found) -> None:
    for who in whom:
        for trace in tracers:
            trace(e, who, found)


def _of_many(whole: Reader, parts: Sequence[tuple[Reader, _Tracer]]) -> _Tracer:
    """Of the parts, those whose verdict is the whole's."""

    def trace(e: Evaluation, who: str | None, found: _Found) -> None:
        verdict = whole(e, who)
        for part, below in parts:
            if part(e, who) is verdict:
                below(e, who, found)

    return trace


def _of_word(word: Word, tell: _OfNode, *, zeros: bool) -> _Tracer:
    """What `tell` finds below a derived word, or the fact itself. `zeros`: also an amount that is surely zero."""
    if word.node is not None:
        return _of_derived(word, word.node, tell)
    if word.kind != "fact":
        return lambda _e, _who, _found: None
    name, kind, personal = word.id, word.type, word.grain == "person"

    def trace(e: Evaluation, who: str | None, found: _Found) -> None:
        whose = who if personal else None
        key = (name, whose, "")
        if key not in found:
            value = e.value(name, whose)
            if zeros or kind.kind != "quantity" or value != (0, 0):
                found[key] = Ground(name, whose, value, kind)

    return trace


def _of_derived(word: Word, node: Node, tell: _OfNode) -> _Tracer:
    """What `tell` finds below a derived word, found once for each person.

    Without that a word named along many ways would be traced along each of them, and the ways double at every turn.
    """
    name, personal = word.id, word.grain == "person"

    def trace(e: Evaluation, who: str | None, found: _Found) -> None:
        whose = who if personal else None
        key = (tell.__name__, name, whose)
        if key not in e.traced:
            below: _Found = {}
            tell(node, e.book)(e, whose, below)
            e.traced[key] = tuple(below.values())
        for ground in e.traced[key]:
            found.setdefault((ground.fact, ground.person, ground.op), ground)

    return trace


def _of_members(node: Call, condition: Node, book: Book) -> _Tracer:
    """Of the members, those whose own verdict made the household's."""
    whole, read = reader(node, book), reader(condition, book)
    if node.function not in ("any_member", "all_members", "count_members"):
        return _facts_below(node, book)
    telling, counting = _grounds(condition, book), node.function == "count_members"

    def trace(e: Evaluation, _: str | None, found: _Found) -> None:
        verdict = True if counting else whole(e, None)
        _all([telling], e, [label for label, _ in e.counted if read(e, label) is verdict], found)

    return trace


def _of_parents(read: Reader, telling: _Tracer) -> _Tracer:
    """Of the known parents, those for whom the condition holds; if for none, those for whom it surely does not."""

    def trace(e: Evaluation, person: str | None, found: _Found) -> None:
        if person is None:
            return
        child = e.persons[person]
        known = [label for label in (child.father, child.mother) if label is not None and label in e.persons]
        for verdict in (True, False):
            if told := [label for label in known if read(e, label) is verdict]:
                _all([telling], e, told, found)
                return

    return trace


def _of_choice(condition: Reader, telling: _Tracer, branches: tuple[_Tracer, _Tracer]) -> _Tracer:
    """What decided the condition, and what lies below the branch that was taken; below both when that is unknown."""

    def trace(e: Evaluation, who: str | None, found: _Found) -> None:
        verdict = condition(e, who)
        telling(e, who, found)
        _all(branches if verdict is None else branches[:1] if verdict else branches[1:], e, (who,), found)

    return trace


def _of_comparison(node: Compare, book: Book) -> _Tracer:
    """The facts on either side, with the other side as their line when that side holds only settings of the book."""
    read = reader(node, book)
    sides = [_side(node, book, turned=turned) for turned in (False, True)]

    def trace(e: Evaluation, who: str | None, found: _Found) -> None:
        holds = read(e, who)
        for side in sides:
            side(e, who, found, holds)

    return trace


def _side(node: Compare, book: Book, *, turned: bool) -> Callable[[Evaluation, str | None, _Found, bool | None], None]:
    """What tells the facts of the left side of a comparison, or (`turned`) of the right one, as they were measured."""
    side, other = (node.right, node.left) if turned else (node.left, node.right)
    below, measured = _facts_below(side, book), _measured(side)
    value = word_reader(book.words[measured], book) if measured else None
    line = None if any(book.words[word].kind == "fact" for word in book.rests_on(other)) else reader(other, book)
    signs = {holds: _as_it_stands(node.op, holds, turned=turned) for holds in (True, False, None)}

    def trace(e: Evaluation, who: str | None, found: _Found, holds: bool | None) -> None:  # noqa: FBT001  # a verdict
        facts: _Found = {}
        below(e, who, facts)
        if not facts:
            return
        sign, limit = signs[holds], line(e, who) if line else None
        cleared = prod(e.view.denominators[den] for den in other.type.dens)
        compared = value(e, who) if value else None
        for fact in facts.values():
            # One with a sign, or of another kind, chose which amount or date was compared; it was not itself measured.
            told = fact
            if not fact.op and fact.type.kind == side.type.kind:
                told = Ground(*fact[:4], sign, limit, measured, compared, holds, cleared)
            found.setdefault((told.fact, told.person, told.op), told)

    return trace


def _as_it_stands(op: str, holds: bool | None, *, turned: bool) -> str:  # noqa: FBT001  # a verdict is what it is
    """The sign that is true between the fact and its line: `车辆数 <= 0` that does not hold is told as `车辆数 > 0`."""
    sign = OPPOSITE[op] if holds is False else op
    return TURNED.get(sign, sign) if turned else sign


def _measured(side: Node) -> str:
    """The one word that this side compares; empty when it compares several, or each member's own."""
    parts = list(walk(side))
    if any(isinstance(part, Call) and part.function in OVER_MEMBERS for part in parts):
        return ""
    names = [part.word for part in parts if isinstance(part, Name)]
    return names[0] if len(names) == 1 else ""
