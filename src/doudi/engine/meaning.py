"""The book's words as folded terms, and which ends of which words anything needs.

A word's terms name the columns of the words it reads, but a constant stands in place of the column that would hold it:
what rests on constants only is never computed. An end that nothing reads is not computed either.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from doudi.engine import terms as t
from doudi.engine.aggregate import COUNTED, aggregate, parents
from doudi.engine.pairs import One, Pair, Sql, Truth, is_told
from doudi.engine.sql import Writer, column, truth_of
from doudi.engine.terms import Col, End, Lit, Term, cols
from doudi.policy.evaluate import unknown
from doudi.policy.expr import Call, Denominator, Name
from doudi.policy.quantities import Type, Value
from doudi.policy.rule import Book, Word

Key = str | Call  # a derived word, or a call over members or parents
Setting = int | bool | str | date | None


@dataclass(frozen=True)
class Given:
    """What is known before any record is read.

    `constants`: facts that are the same for everybody, as the Python reader writes values; `settings`: columns of the
    table of parameters that are the same in every county; `exact`: facts whose ceiling is null or equal to the floor
    (which is 0, of a date null, when the ceiling is null). `loose`: answers may be wider than the language's table;
    `unasked` derived words are then unknown, whatever the facts.
    """

    constants: Mapping[str, Value] = field(default_factory=dict)
    settings: Mapping[str, Setting] = field(default_factory=dict)
    exact: frozenset[str] = frozenset()
    loose: bool = False
    unasked: frozenset[str] = frozenset()

    def without(self, book: Book, facts: Iterable[str], words: Iterable[str] = ()) -> Given:
        """The same, nothing being known of these facts unless they are constant, nor of these derived words."""
        blank = {fact: unknown(book.facts[fact].type) for fact in facts}
        return Given({**blank, **self.constants}, self.settings, self.exact, loose=True, unasked=frozenset(words))


class Meaning:
    """Terms of every derived word of a book and of the calls that they make."""

    def __init__(self, book: Book, given: Given) -> None:
        self.book = book
        self.given = given
        self.terms: dict[Key, Sql] = {}
        self.stems: dict[Call, str] = {}
        self.writer = Writer(self._read, self._called)
        for word in map(book.words.__getitem__, book.order):
            if word.id in given.unasked:
                self.terms[word.id] = _unknown(word.type)
            elif word.node is not None:
                self.terms[word.id] = self.writer.sql(word.node)

    def read(self, word_id: str) -> Sql:
        """How another expression reads this word."""
        return self._word(self.book.words[word_id])

    def grain(self, col: Col) -> str:
        """Where a column lives: person, household, delivery, or any (a setting)."""
        if isinstance(col.of, Call):
            return "person" if col.of.function == "count_parents" else "household"
        return self.book.words[str(col.of)].grain

    def denominator(self, ratio: str) -> Term:
        """What a ratio's stored number has to be divided by; at least 1."""
        return self._setting(self.book.words[ratio], f"{column(ratio)}_den", "lo", sure=True)

    def is_setting(self, col: Col) -> bool:
        """A column of the table of parameters."""
        return not isinstance(col.of, Call) and self.book.words[str(col.of)].kind in ("parameter", "constant")

    def is_made(self, col: Col) -> bool:
        """A column that a stage computes: neither a setting nor a fact."""
        return col.of in self.terms

    # -- reading ---------------------------------------------------------------------------------------------------

    def _read(self, node: Name | Denominator) -> Sql:
        word = self.book.words[node.word]
        if isinstance(node, Denominator):
            end = self.denominator(word.id)
            return Pair(end, end)
        return self._word(word)

    def _word(self, word: Word) -> Sql:
        if word.id in self.terms:
            return self._folded(word.id, column(word.id), word.grain)
        if word.kind in ("parameter", "constant"):
            return self._parameter(word)
        if word.id in self.given.constants:
            return _constant(self.given.constants[word.id], word.type.kind)
        name, kind = column(word.id), word.type.kind
        if kind in ("quantity", "date"):
            hi = Col(f"{name}_hi", word.id, "hi", natural=kind == "quantity")
            if word.id not in self.given.exact:
                return Pair(Col(f"{name}_lo", word.id, "lo", sure=kind == "quantity", natural=kind == "quantity"), hi)
            return Pair(hi if kind == "date" else t.or_else(hi, t.ZERO), hi)
        told = Col(name, word.id, "is")
        return truth_of(told) if kind == "bool" else One(told)

    def _parameter(self, word: Word) -> Sql:
        name = column(word.id)
        match word.type.kind:
            case "bool":
                return truth_of(self._setting(word, name, "is"))
            case "code":
                return One(self._setting(word, name, "is"))
            case kind:
                amount = kind != "date"
                if word.kind == "constant":  # the monitoring date: always known
                    at = self._setting(word, f"{name}_hi", "hi", sure=True, natural=False)
                    return Pair(at, at)
                lo = self._setting(word, f"{name}_lo", "lo", natural=amount)
                return Pair(lo, self._setting(word, f"{name}_hi", "hi", natural=amount))

    def _setting(self, word: Word, name: str, end: End, *, sure: bool = False, natural: bool = True) -> Term:
        if name in self.given.settings:
            return t.literal(self.given.settings[name])
        return Col(name, word.id, end, sure=sure, natural=natural)

    def _called(self, call: Call) -> Sql:
        if call not in self.terms:
            if call.function == "count_parents":
                self.terms[call] = parents(call, self.writer)
            else:
                counted = self.read(COUNTED)
                if not isinstance(counted, Truth):  # the language declares it a bool
                    raise TypeError(COUNTED)
                self.terms[call] = aggregate(call, counted, self.writer, loose=self.given.loose)
            self.stems[call] = f"members_{len(self.stems) + 1}"
        return self._folded(call, self.stems[call], "")

    def _folded(self, key: Key, name: str, grain: str) -> Sql:
        """The word's columns, with constants (and columns that it only repeats) in their places."""

        def end(term: Term, which: End, suffix: str, *, sure: bool = True) -> Term:
            if isinstance(term, Lit) or (isinstance(term, Col) and grain and self.grain(term) == grain):
                return term
            return Col(name + suffix, key, which, sure=sure and term.sure, natural=term.natural)

        match self.terms[key]:
            case Pair(lo, hi):
                ends = end(lo, "lo", "_lo"), end(hi, "hi", "_hi")
                if lo == hi:
                    return Pair(ends[1], ends[1])
                return Pair(t.or_else(ends[1], t.ZERO), ends[1]) if is_told(Pair(lo, hi)) else Pair(*ends)
            case Truth(exact, may, must):
                if (may, must) == (t.TRUE, t.FALSE):
                    return truth_of(t.NULL)
                if isinstance(exact, Lit):
                    return truth_of(exact)
                # Whichever reading is asked for, the column may hold the exact one (`_made`), null when unknown.
                sure = exact.sure
                return Truth(end(exact, "is", ""), end(may, "may", "", sure=sure), end(must, "must", "", sure=sure))
            case One(code):
                return One(end(code, "is", ""))

    # -- what is needed --------------------------------------------------------------------------------------------

    def needed(self, first: Iterable[Col]) -> dict[Key, list[tuple[Col, Term]]]:
        """For every word and call that these columns rest on: its columns and their terms, in the order of making."""
        ends: dict[Key, set[End]] = {}
        queue = [col for col in first if self.is_made(col)]
        while queue:
            col = queue.pop()
            key: Key = col.of  # type: ignore[assignment]  # is_made: a key of `terms`
            held = ends.setdefault(key, set())
            if col.end not in held:
                held.add(col.end)
                queue += [c for _, term in self._made(key, held) for c in cols(term) if self.is_made(c)]
        return {key: list(self._made(key, ends[key])) for key in self.terms if key in ends}

    def _made(self, key: Key, ends: set[End]) -> Iterator[tuple[Col, Term]]:
        """A condition that is read in more than one way is made exactly."""
        name = self.stems[key] if isinstance(key, Call) else column(key)
        match self.terms[key]:
            case Pair(lo, hi):
                for which, term in (("lo", lo), ("hi", hi)):
                    if which in ends:
                        yield Col(f"{name}_{which}", key, which), term
            case One(code):
                yield Col(name, key, "is"), code
            case Truth(exact, may, must):
                form: End = next(iter(ends)) if len(ends) == 1 else "is"
                yield Col(name, key, form), {"may": may, "must": must}.get(form, exact)


def _unknown(kind: Type) -> Sql:
    return Pair(t.NULL, t.NULL) if kind.signed else _constant(unknown(kind), kind.kind)


def _constant(value: Value, kind: str) -> Sql:
    if isinstance(value, tuple):
        return Pair(t.literal(value[0]), t.literal(value[1]))
    return truth_of(t.literal(value)) if kind == "bool" else One(t.literal(value))
