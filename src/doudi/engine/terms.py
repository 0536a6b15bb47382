"""Scalar SQL as a tree that folds while it is built: literals, columns, operations. Every term may be null.

A term knows whether it is never null (`sure`) and never below zero (`natural`), so that comparisons with a floor of 0
decide themselves. `text` prints portable SQL.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

End = Literal["lo", "hi", "is", "may", "must"]


@dataclass(frozen=True, slots=True)
class Lit:
    """A written value, as SQL writes it."""

    text: str

    @property
    def number(self) -> int | None:
        """Its value when it is an integer."""
        return int(self.text) if self.text.lstrip("-").isdigit() else None

    @property
    def sure(self) -> bool:
        """Never null."""
        return self.text != "NULL"

    @property
    def natural(self) -> bool:
        """Never below zero."""
        return self.text.isdigit()


@dataclass(frozen=True, slots=True)
class Col:
    """A column. `of` is what it holds (a word's id, a member call), `end` which end of it."""

    name: str
    of: Hashable
    end: End
    sure: bool = False
    natural: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Op:
    """An operation. Its hash is kept: terms share their parts, and hashing them anew would take exponential time."""

    name: str
    args: tuple[Term, ...]
    sure: bool = False
    natural: bool = False
    _hash: int = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_hash", hash((self.name, self.args)))

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        return (
            isinstance(other, Op) and self._hash == other._hash and self.name == other.name and self.args == other.args
        )


Term = Lit | Col | Op
TRUE, FALSE, NULL, ZERO, ONE = Lit("TRUE"), Lit("FALSE"), Lit("NULL"), Lit("0"), Lit("1")
SMALL_DIGITS = 3
INVERSE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "=": "<>", "<>": "="}
MIRROR = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "<>": "<>"}


def literal(value: int | bool | str | date | None) -> Lit:  # noqa: FBT001  # a value, whatever its type
    """A value of the book as a literal."""
    match value:
        case None:
            return NULL
        case bool():
            return TRUE if value else FALSE
        case int():
            return Lit(str(value))
        case date():
            return Lit(f"DATE '{value.isoformat()}'")
        case _:
            return Lit("'{}'".format(value.replace("'", "''")))


def cols(term: Term) -> Iterator[Col]:
    """The columns that a term reads; each once."""
    seen: set[Term] = set()
    queue = [term]
    while queue:
        part = queue.pop()
        if part in seen:
            continue
        seen.add(part)
        if isinstance(part, Col):
            yield part
        elif isinstance(part, Op):
            queue += part.args


# -- truth ---------------------------------------------------------------------------------------------------------


def both(*items: Term) -> Term:
    """AND. What is TRUE falls away; FALSE decides."""
    flat = _flat("AND", items)
    kept = [item for item in flat if item != TRUE]
    return FALSE if FALSE in kept else _joined("AND", kept, TRUE)


def either(*items: Term) -> Term:
    """OR. What is FALSE falls away; TRUE decides."""
    flat = _flat("OR", items)
    kept = [item for item in flat if item != FALSE]
    return TRUE if TRUE in kept else _joined("OR", kept, FALSE)


def _flat(name: str, items: tuple[Term, ...]) -> list[Term]:
    found: dict[Term, None] = {}
    for item in items:
        inside = item.args if isinstance(item, Op) and item.name == name else (item,)
        found |= dict.fromkeys(inside)
    return list(found)


def _joined(name: str, items: list[Term], none: Lit) -> Term:
    if not items:
        return none
    return items[0] if len(items) == 1 else Op(name, tuple(items), sure=all(item.sure for item in items))


def negated(item: Term) -> Term:
    """NOT; a comparison is turned round."""
    match item:
        case Lit(text):
            return {"TRUE": FALSE, "FALSE": TRUE}.get(text, NULL)
        case Op("NOT", (inner,)):
            return inner
        case Op(name, args) if name in INVERSE:
            return Op(INVERSE[name], args, sure=item.sure)
        case _:
            return Op("NOT", (item,), sure=item.sure)


def compared(op: str, a: Term, b: Term) -> Term:
    """`a op b`; null when either is."""
    if NULL in (a, b):
        return NULL
    if isinstance(a, Lit) and isinstance(b, Lit):
        return _told(op, a, b)
    if isinstance(a, Lit) and not isinstance(b, Lit):
        return compared(MIRROR[op], b, a)
    if b == ZERO and a.natural and a.sure and op in (">=", "<"):
        return TRUE if op == ">=" else FALSE
    if a == b and a.sure:
        return TRUE if op in ("<=", ">=", "=") else FALSE
    return Op(op, (a, b), sure=a.sure and b.sure)


def _told(op: str, a: Lit, b: Lit) -> Lit:
    x, y = a.number, b.number
    left, right = (x, y) if x is not None and y is not None else (a.text, b.text)
    less, same = left < right, left == right  # type: ignore[operator]  # both numbers, or both texts of one type
    answer = {"<": less, "<=": less or same, ">": not (less or same), ">=": not less, "=": same, "<>": not same}[op]
    return TRUE if answer else FALSE


def case(*branches: tuple[Term, Term], other: Term = NULL) -> Term:
    """CASE WHEN … THEN … ELSE other END, without the branches that are never reached."""
    kept: list[tuple[Term, Term]] = []
    for condition, value in branches:
        if condition == TRUE:
            other = value
            break
        if condition not in (FALSE, NULL):
            kept.append((condition, value))
    while kept and kept[-1][1] == other:
        kept.pop()
    if not kept:
        return other
    values = [*(value for _, value in kept), other]
    flat = tuple(part for branch in kept for part in branch)
    return Op(
        "CASE", (*flat, other), sure=all(v.sure for v in values), natural=all(v.natural or v == NULL for v in values)
    )


# -- amounts -------------------------------------------------------------------------------------------------------


def computed(op: str, a: Term, b: Term) -> Term:
    """`a op b` for + - * //; null when either is. Division truncates and is of numbers at least zero."""
    if NULL in (a, b):
        return NULL
    if isinstance(a, Lit) and isinstance(b, Lit) and a.number is not None and b.number is not None:
        if op != "//":
            return literal({"+": a.number + b.number, "-": a.number - b.number, "*": a.number * b.number}[op])
        return literal(a.number // b.number) if b.number else NULL
    if (op in "+-" and b == ZERO) or (op in ("*", "//") and b == ONE):
        return a
    if (op == "+" and a == ZERO) or (op == "*" and a == ONE):
        return b
    if op == "*" and ZERO in (a, b) and a.sure and b.sure:
        return ZERO
    sure = a.sure and b.sure and (op != "//" or (isinstance(b, Lit) and b != ZERO))
    return Op(op, (a, b), sure=sure, natural=op != "-" and a.natural and b.natural)


def or_else(a: Term, b: Term) -> Term:
    """coalesce(a, b)."""
    if a == NULL:
        return b
    return a if a.sure else Op("coalesce", (a, b), sure=b.sure, natural=a.natural and b.natural)


def known_extreme(name: str, a: Term, b: Term) -> Term:
    """`least` or `greatest` of those that are known (null only when both are)."""
    if b in (a, NULL):
        return a
    if a == NULL:
        return b
    return Op(name, (a, b), sure=a.sure or b.sure, natural=a.natural and b.natural)


def extreme(name: str, a: Term, b: Term) -> Term:
    """`least` or `greatest` of two; null when either is."""
    if NULL in (a, b):
        return NULL
    if a == b or (a.sure and b.sure):
        return known_extreme(name, a, b)
    sign = "<=" if name == "least" else ">="
    first = compared(sign, a, b)
    return case((first, a), (negated(first), b))


def function(name: str, *args: Term, sure: bool = False, natural: bool = False) -> Term:
    """Any other function."""
    return Op(name, args, sure=sure, natural=natural)


# -- text ----------------------------------------------------------------------------------------------------------


def text(term: Term) -> str:
    """The term as SQL."""
    match term:
        case Lit(written):
            # Products of small integers fit 32 bits; a runtime may compute larger ones in 32 bits too.
            return f"CAST({written} AS BIGINT)" if term.natural and len(written) > SMALL_DIGITS else written
        case Col(name):
            return name
        case Op("CASE", args):
            branches = "".join(
                f" WHEN {text(when)} THEN {text(then)}" for when, then in zip(args[0:-1:2], args[1:-1:2], strict=True)
            )
            other = "" if args[-1] == NULL else f" ELSE {text(args[-1])}"
            return f"CASE{branches}{other} END"
        case Op("NOT", (item,)):
            return f"(NOT {text(item)})"
        case Op("IN", (item, *words)):
            return f"({text(item)} IN ({', '.join(map(text, words))}))"
        case Op("BIGINT", (item,)):
            return f"CAST({text(item)} AS BIGINT)"
        case Op("NOTNULL", (item,)):
            return f"({text(item)} IS NOT NULL)"
        case Op("count", ()):
            return "count(*)"
        case Op(name, args) if name[0].isalpha() and name not in ("AND", "OR"):
            return f"{name}({', '.join(map(text, args))})"
        case Op(name, args):
            return f"({f' {name} '.join(map(text, args))})"
