"""What the policy book is made of, once read: frozen records, each with its clauses (依据)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from doudi.policy.expr import Node, words_in
from doudi.policy.quantities import Type

Setting = Fraction | bool | str | tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause in our own words. Cited by a rule, or `feature` (a page, workflow, test), or `not_formalised` because."""

    id: str
    meaning: str
    document: str
    feature: str | None
    not_formalised: str | None


@dataclass(frozen=True, slots=True)
class Document:
    """A governing document or source; in force `[start, end)`, null end = still."""

    code: str
    number: str
    title: str
    grade: str
    start: date
    end: date | None
    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """A word whose value comes from records or declarations.

    `absence`: what a fresh and complete register that does not name the person means: a value, `on_record` (the fact
    speaks of the register itself), or None = unknown. `floor_only`: what is registered is a floor, never a ceiling.
    """

    id: str
    name: str
    grain: str
    type: Type
    feeds: tuple[str, ...]
    absence: int | bool | str | None
    on_record: bool
    floor_only: bool
    note: str


@dataclass(frozen=True, slots=True)
class ParameterValue:
    """One value, in force `[start, end)` in one region. Quantities in fen and whole units; None = 未找到."""

    region: str
    start: date
    end: date | None
    value: Setting
    basis: tuple[str, ...]
    grade: str
    demo: bool
    note: str


@dataclass(frozen=True, slots=True)
class Parameter:
    """A dated, regional setting. `rule`: override (the nearest region wins) or floor (市级下限 + 县区覆盖)."""

    id: str
    name: str
    type: Type
    rule: str
    values: tuple[ParameterValue, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Word:
    """Anything a rule may name. `kind`: fact, parameter, constant or derived; `role` says what a derived word is for."""

    id: str
    name: str
    kind: str
    grain: str
    type: Type
    node: Node | None = None
    text: str = ""
    basis: tuple[str, ...] = ()
    role: str = "word"
    note: str = ""
    question: str = ""
    clears: str = ""


@dataclass(frozen=True, slots=True)
class Path:
    """One way into a tier: all of its tests (ids of words)."""

    id: str
    name: str
    tests: tuple[str, ...]
    basis: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tier:
    """A tier of low income. `assessed` and `enrolled` are word ids; overlays do not exclude and are not excluded."""

    id: str
    name: str
    order: int
    grain: str
    overlay: bool
    assessed: str
    enrolled: str | None
    paths: tuple[Path, ...]
    amounts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Programme:
    """What is due to whom. `dates` are parameter ids of its due dates within the year or month; `event` a word id."""

    id: str
    name: str
    department: str
    unit: str
    cadence: str
    dates: tuple[str, ...]
    grace: str
    event: str | None
    received_feed: str | None
    received_codes: tuple[str, ...]
    received_fact: str | None
    basis: tuple[str, ...]
    note: str = ""

    @property
    def due(self) -> str:
        """Word id: 应享."""
        return f"due_{self.id}"

    @property
    def received(self) -> str:
        """Word id: 已享."""
        return f"received_{self.id}"

    @property
    def missing(self) -> str:
        """Word id: 应享未享."""
        return f"missing_{self.id}"


@dataclass(frozen=True, slots=True)
class Indicator:
    """When an alert is opened: `when` is yes and `unless` is not yes."""

    id: str
    name: str
    disposition: str
    subject: str
    when: Node
    unless: Node | None
    level: str
    red_when: Node | None
    distance: Node | None
    owner: str
    basis: tuple[str, ...]
    clears: str
    off: bool
    text: str
    unless_text: str = ""
    note: str = ""

    def parts(self) -> Iterator[tuple[str, Node]]:
        """Its expressions by name: when, unless, red_when, distance; those that it has."""
        for part in ("when", "unless", "red_when", "distance"):
            if (node := getattr(self, part)) is not None:
                yield part, node

    def word(self, part: str) -> str:
        """The id of the derived word that holds one of its expressions."""
        return f"{part}_{self.id.replace('.', '_')}"


@dataclass(frozen=True)
class Book:
    """The whole book. `order` lists derived word ids so that each stands after all it names."""

    documents: tuple[Document, ...]
    facts: dict[str, Fact]
    parameters: dict[str, Parameter]
    words: dict[str, Word]
    by_name: dict[str, str]
    order: tuple[str, ...]
    tiers: tuple[Tier, ...]
    programmes: tuple[Programme, ...]
    indicators: tuple[Indicator, ...]
    canonical: str
    hash: str
    # What `evaluate.py` made of expressions and words, by their identity; each is kept with what was made of it.
    readers: dict[int, tuple[Node | Word, Any]] = field(default_factory=dict, init=False, repr=False, compare=False)
    # What `trace.py` made of expressions, by what is asked of them and their identity.
    tracers: dict[tuple[str, int], tuple[Node, Any]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _reach: dict[str, frozenset[str]] = field(default_factory=dict, repr=False)

    def word(self, name: str) -> Word | None:
        """A word by its id or its 名."""
        return self.words.get(self.by_name.get(name, name))

    def clauses(self) -> dict[str, Clause]:
        """Every clause by id."""
        return {clause.id: clause for document in self.documents for clause in document.clauses}

    def rests_on(self, *nodes: Node | None) -> frozenset[str]:
        """Ids of the facts, parameters and constants that these expressions rest on, through all derived words."""
        found: set[str] = set()
        for node in nodes:
            for word in words_in(node) if node else ():
                found |= self._word_rests_on(word)
        return frozenset(found)

    def _word_rests_on(self, word_id: str) -> frozenset[str]:
        if word_id not in self._reach:
            word = self.words[word_id]
            reach = self.rests_on(word.node) if word.kind == "derived" else frozenset((word_id,))
            self._reach[word_id] = reach
        return self._reach[word_id]
