"""The book's derived words for a whole city: stages of portable SQL, each a relation that one can print and run.

Words are computed in rounds: `households_r` asks the members of `persons_{r-1}`, `persons_r` may read `households_r`.
A stage carries on only the columns that something later reads. Words of one stage that build on each other stand in
layers of subqueries, so that no expression is written twice. What rests on constants only (`Given`) has no column.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from doudi.engine import terms as t
from doudi.engine.layers import Assigned, layered
from doudi.engine.meaning import Given, Key, Meaning
from doudi.engine.pairs import One, Pair, Sql, Truth
from doudi.engine.sql import columns
from doudi.engine.terms import Col, Lit, Term, cols, text
from doudi.policy.expr import Call
from doudi.policy.functions import OVER_MEMBERS
from doudi.policy.rule import Book, Indicator

KEYS = {
    "person": ("person_key", "household_key", "county"),
    "household": ("household_key", "county"),
    "delivery": ("delivery_key", "county"),
}
TYPES = {"bool": "BOOLEAN", "code": "VARCHAR", "date": "DATE", "quantity": "BIGINT"}
UNASKED = Given()


@dataclass(frozen=True, slots=True)
class Stage:
    """One relation: its name, grain (person, household, delivery), text, and the relations and columns it has."""

    name: str
    grain: str
    sql: str
    reads: tuple[str, ...]
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HitQuery:
    """An indicator as SELECT subject_kind, subject_key, indicator, verdict, red, distance: yes and unknown rows only."""

    indicator: Indicator
    sql: str
    reads: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Compiled:
    """Stages in the order in which they are to be made, then the indicators over the last stage of each grain."""

    stages: tuple[Stage, ...]
    hits: tuple[HitQuery, ...]


def compile_book(book: Book, extra_words: Iterable[str] = (), *, given: Given = UNASKED) -> Compiled:
    """All stages and hits. `extra_words`: derived words to keep to the last stage although no indicator reads them.

    Without `given.loose`, verdicts are exactly those of the Python reader for households in which the facts of
    `given.constants` have these values.
    """
    meaning = Meaning(book, given)
    indicators = [i for i in book.indicators if not i.off]
    held = {i.id: {part: meaning.read(i.word(part)) for part, _ in i.parts()} for i in indicators}
    asked = [col for parts in held.values() for name, sql in parts.items() for col in cols(_asked(name, sql))]
    stages = Stages(meaning, asked, extra_words)
    return Compiled(stages.made(), tuple(_hit(i, stages.last(i.subject), held[i.id], meaning) for i in indicators))


def _asked(part: str, sql: Sql) -> Term:
    """What an indicator asks of one of its parts: the verdict of `when`, whether `unless` and `red_when` are sure."""
    match sql:
        case Truth(exact, _, must):
            return exact if part == "when" else must
        case Pair(lo, _):
            return lo
        case One(code):
            return code


class Stages:
    """The relations that make the columns asked for; `extra` are words whose columns are wanted besides.

    Columns that only `tests` ask for are carried no further than to the stage in which the test can be made (`round_of`).
    """

    def __init__(
        self,
        meaning: Meaning,
        asked: Iterable[Col],
        extra: Iterable[str] = (),
        prefix: str = "",
        tests: Iterable[Term] = (),
    ) -> None:
        self.meaning = meaning
        self.prefix = prefix
        self.book = meaning.book
        self.asked = list(asked)
        ends = {"quantity": ("lo", "hi"), "date": ("lo", "hi")}
        for word in (self.book.words[name] for name in extra):
            self.asked += [
                Col(name, word.id, end)  # type: ignore[arg-type]  # written above
                for name, end in zip(columns(word.id, word.type.kind), ends.get(word.type.kind, ("is",)), strict=True)
            ]
        self.tests = list(tests)
        self.needed = meaning.needed([*self.asked, *(col for test in self.tests for col in cols(test))])
        self.rounds: dict[Key, int] = {}
        for key, made in self.needed.items():
            read = [self._round(col) for _, term in made for col in cols(term)]
            self.rounds[key] = max(read, default=0) + isinstance(key, Call)
        self.final = max(self.rounds.values(), default=0)

    def _round(self, col: Col) -> int:
        key = col.of
        return (
            self.rounds.get(key, 0) if isinstance(key, str | Call) else 0
        )  # facts and settings are there from the first

    def round_of(self, test: Term) -> int:
        """The number of the first stage that has everything the test reads."""
        return max(map(self._round, cols(test)), default=0)

    def last(self, grain: str) -> str:
        """The name of the last stage of a grain, which has all columns asked for."""
        return self.name(grain, 0 if grain == "delivery" else self.final)

    def made(self) -> tuple[Stage, ...]:
        """Every stage, in the order of making."""
        stages = []
        for number in range(self.final + 1):
            stages += [self._households(number), self._persons(number)]
        return (*stages, self._stage("delivery", 0, "SELECT * FROM delivery_facts", ()))

    def _households(self, number: int) -> Stage:
        before = self._before("household", number)
        source, reads = f"SELECT h.* FROM {before} h", []
        if calls := self._calls_of("household", number):
            made = ", ".join(f"m.{name}" for name, _ in calls)
            source = (
                f"SELECT h.*, {made} FROM {before} h JOIN (\n{self._grouped(calls, number)}\n) m USING (household_key)"
            )
            reads = [self.name("person", number - 1), "parameters"]
        return self._stage("household", number, source, reads)

    def _persons(self, number: int) -> Stage:
        before = self._before("person", number)
        source, reads = f"SELECT p.* FROM {before} p", []
        if calls := self._calls_of("person", number):
            none = {"lo": 0, "hi": 2}
            made = ", ".join(f"coalesce(f.{name}, {none[name[-2:]]}) AS {name}" for name, _ in calls)
            source = f"SELECT p.*, {made} FROM {before} p LEFT JOIN (\n{self._parented(calls, number)}\n) f USING (person_key)"
            reads = ["parents", "parameters"]
        borrowed = self._borrowed(self._of_round("person", number))
        if borrowed:
            names = ", ".join(f"h.{name}" for name in borrowed)
            houses = self.name("household", number)
            source = f"SELECT q.*, {names} FROM ({source}) q JOIN {houses} h USING (household_key)"
            reads.append(houses)
        return self._stage("person", number, source, reads)

    def name(self, grain: str, number: int) -> str:
        """The relation of a grain's stage."""
        return f"{self.prefix}{'deliverie' if grain == 'delivery' else grain}s_{number}"

    def _before(self, grain: str, number: int) -> str:
        return self.name(grain, number - 1) if number else f"{grain}_facts"

    def _stage(self, grain: str, number: int, source: str, reads: Iterable[str]) -> Stage:
        """Settings of the county joined, words in layers, then only what is still read later."""
        here = self._of_round(grain, number)
        settings = self._settings_of(here)
        made = source
        if settings:
            made = f"SELECT s.*, {', '.join(f'a.{c}' for c in settings)} FROM ({made}) s JOIN parameters a ON a.county = s.county"
        for layer in layered(here):
            lines = ",\n  ".join(f"{self._typed(column_, term)} AS {column_}" for column_, term in layer)
            made = f"SELECT *,\n  {lines}\nFROM ({made}) layer"
        kept = [*KEYS[grain], *self._kept(grain, number)]
        return Stage(
            self.name(grain, number),
            grain,
            f"SELECT {', '.join(kept)}\nFROM ({made}) stage",
            tuple(dict.fromkeys([self._before(grain, number), *reads, *(["parameters"] if settings else [])])),
            tuple(kept),
        )

    def _typed(self, name: str, term: Term) -> str:
        """A constant is written with its type: a word may be nothing else (asked for by name)."""
        if not isinstance(term, Lit):
            return text(term)
        word = next(
            (w for w in self.needed if not isinstance(w, Call) and name in columns(w, self.book.words[w].type.kind)),
            None,
        )
        return f"CAST({text(term)} AS {TYPES[self.book.words[str(word)].type.kind]})" if word else text(term)

    def _kept(self, grain: str, number: int) -> list[str]:
        """Columns of this grain that a later stage, a member call or an indicator reads."""
        read = [*self.asked, *(col for test in self.tests if self.round_of(test) >= number for col in cols(test))]
        for key, made in self.needed.items():
            mine = self._grain(key)
            at = self.rounds[key]
            borrows = grain == "household" and mine == "person" and not isinstance(key, Call) and at >= number
            if at > number or borrows:
                read += [col for _, term in made for col in cols(term)]
        here = [
            col.name
            for col in read
            if self.meaning.grain(col) == grain and not self.meaning.is_setting(col) and self._round(col) <= number
        ]
        return sorted(set(here))

    def _grouped(self, calls: list[Assigned], number: int) -> str:
        """One row per household with this round's member calls."""
        source = self._people(calls, number, "SELECT p.*", f"{self.name('person', number - 1)} p")
        return f"SELECT household_key,\n  {_lines(calls)}\nFROM ({source}) people GROUP BY household_key"

    def _parented(self, calls: list[Assigned], number: int) -> str:
        """One row per child with this round's parent calls."""
        source = self._people(
            calls,
            number,
            "SELECT k.person_key AS child_key, p.*",
            f"parents k JOIN {self.name('person', number - 1)} p ON p.person_key = k.parent_key",
        )
        return f"SELECT child_key AS person_key,\n  {_lines(calls)}\nFROM ({source}) parent GROUP BY child_key"

    def _people(self, calls: list[Assigned], number: int, select: str, source: str) -> str:
        """Persons with the settings and household words that the calls' conditions name."""
        settings, borrowed = self._settings_of(calls), self._borrowed(calls)
        select += "".join(f", h.{name}" for name in borrowed) + "".join(f", a.{name}" for name in settings)
        if borrowed:
            source += f" JOIN {self.name('household', number - 1)} h ON h.household_key = p.household_key"
        if settings:
            source += " JOIN parameters a ON a.county = p.county"
        return f"{select} FROM {source}"

    def _grain(self, key: Key) -> str:
        if isinstance(key, Call):
            return "household" if key.function in OVER_MEMBERS else "person"
        return self.book.words[key].grain

    def _of_round(self, grain: str, number: int) -> list[Assigned]:
        return self._assigned(grain, number, calls=False)

    def _calls_of(self, grain: str, number: int) -> list[Assigned]:
        return self._assigned(grain, number, calls=True)

    def _assigned(self, grain: str, number: int, *, calls: bool) -> list[Assigned]:
        return [
            (col.name, term)
            for key, made in self.needed.items()
            if isinstance(key, Call) is calls and self._grain(key) == grain and self.rounds[key] == number
            for col, term in made
        ]

    def _settings_of(self, assigned: list[Assigned]) -> list[str]:
        """Columns of `parameters` that these expressions read."""
        return list(dict.fromkeys(c.name for _, term in assigned for c in cols(term) if self.meaning.is_setting(c)))

    def _borrowed(self, assigned: list[Assigned]) -> list[str]:
        """Columns of the household that expressions about its members read."""
        read = (c for _, term in assigned for c in cols(term) if not self.meaning.is_setting(c))
        return list(dict.fromkeys(c.name for c in read if self.meaning.grain(c) == "household"))


def _lines(calls: list[Assigned]) -> str:
    return ",\n  ".join(f"{text(term)} AS {name}" for name, term in calls)


def _hit(indicator: Indicator, relation: str, held: dict[str, Sql], meaning: Meaning) -> HitQuery:
    """Its words are columns by now: what remains is to choose rows."""
    told = {part: _asked(part, sql) for part, sql in held.items()}
    far = "CAST(NULL AS BIGINT)"
    reads: tuple[str, ...] = (relation,)
    source = f"{relation} t"
    if indicator.distance is not None:
        lo = told["distance"]
        for den in indicator.distance.type.dens:
            below = meaning.denominator(den)
            lo = t.computed("//", lo, below)
            if not isinstance(below, Lit):
                reads, source = (relation, "parameters"), f"{relation} t JOIN parameters a ON a.county = t.county"
        far = text(t.case((t.compared(">=", told["distance"], t.ZERO), lo)))
    unless = f" AND {text(told['unless'])} IS NOT TRUE" if "unless" in told else ""
    red = text(t.or_else(told["red_when"], t.FALSE)) if "red_when" in told else "FALSE"
    when = text(told["when"])
    sql = (
        f"SELECT '{indicator.subject}' AS subject_kind, t.{indicator.subject}_key AS subject_key, "
        f"'{indicator.id}' AS indicator,\n  {when} AS verdict, {red} AS red, {far} AS distance\n"
        f"FROM {source}\nWHERE {when} IS NOT FALSE{unless}"
    )
    return HitQuery(indicator, sql, reads)
