"""The book's derived words for a whole city: stages of portable SQL, each a relation that one can print and run.

Words are computed in rounds: `households_r` asks the members of `persons_{r-1}`, `persons_r` may read `households_r`.
A stage carries on only the columns that something later reads. Words of one stage that build on each other stand in
layers of subqueries, so that no expression is written twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from doudi.engine.aggregate import COUNTED, aggregate, parents
from doudi.engine.parts import with_parts
from doudi.engine.sql import PAIRED, One, Pair, Writer, column, columns
from doudi.engine.within import calls, layers, outer, outer_words, unique, words
from doudi.policy.expr import Call, Denominator, Name, Node
from doudi.policy.functions import OVER_MEMBERS
from doudi.policy.rule import Book, Indicator, Word

KEYS = {
    "person": ("person_key", "household_key", "county"),
    "household": ("household_key", "county"),
    "delivery": ("delivery_key", "county"),
}


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


def compile_book(book: Book, extra_words: Iterable[str] = ()) -> Compiled:
    """All stages and hits. `extra_words`: derived words to keep to the last stage although no indicator reads them."""
    return _Compiler(book, tuple(extra_words)).compiled()


@dataclass
class _Compiler:
    book: Book
    extra: tuple[str, ...]

    def __post_init__(self) -> None:
        self.indicators = [i for i in self.book.indicators if not i.off]
        ends = [i.word(part) for i in self.indicators for part, _ in i.parts()]
        self.ends = {*ends, *self.extra, COUNTED}
        wanted = self._closure(self.ends)
        self.words = [word for word in map(self.book.words.__getitem__, self.book.order) if word.id in wanted]
        self.rounds: dict[str, int] = {}
        self.calls: dict[Call, int] = {}  # member and parent calls, with the round that computes them
        for word in self.words:
            self.rounds[word.id] = self._round(word)
        self.stems = {call: f"members_{number}" for number, call in enumerate(self.calls, 1)}
        self.writer = Writer(self.stems)
        self.last = max(self.rounds.values(), default=0)

    # -- what is needed, and in which round ------------------------------------------------------------------------

    def _closure(self, ends: Iterable[str]) -> set[str]:
        wanted: set[str] = set()
        queue = list(ends)
        while queue:
            word = self.book.words[queue.pop()]
            if word.id not in wanted and word.node is not None:
                wanted.add(word.id)
                queue += words(word.node)
        return wanted

    def _round(self, word: Word) -> int:
        """A word's round is that of the latest word or call it reads; a call comes one round after what it is about."""
        node = word.node
        if node is None:
            return 0
        least = 0
        for call in calls(node):
            inner = max((self.rounds.get(name, 0) for name in (*words(call.args[0]), COUNTED)), default=0)
            self.calls.setdefault(call, inner + 1)
            least = max(least, self.calls[call])
        return max([least, *(self.rounds.get(name, 0) for name in outer_words(node))])

    def _of_round(self, grain: str, number: int) -> list[Word]:
        return [word for word in self.words if word.grain == grain and self.rounds[word.id] == number]

    def _calls_of(self, grain: str, number: int) -> list[Call]:
        made = {"household": OVER_MEMBERS, "person": {"count_parents"}}.get(grain, set())
        return [call for call, at in self.calls.items() if call.function in made and at == number]

    # -- stages ----------------------------------------------------------------------------------------------------

    def compiled(self) -> Compiled:
        stages = []
        for number in range(self.last + 1):
            stages += [self._households(number), self._persons(number)]
        stages.append(self._stage("deliveries_0", "delivery", "delivery_facts", 0, "SELECT * FROM delivery_facts", ()))
        final = {"person": f"persons_{self.last}", "household": f"households_{self.last}", "delivery": "deliveries_0"}
        return Compiled(tuple(stages), tuple(_hit(i, final[i.subject], i.distance) for i in self.indicators))

    def _households(self, number: int) -> Stage:
        before = f"households_{number - 1}" if number else "household_facts"
        source, reads = f"SELECT h.* FROM {before} h", []
        if made_here := self._calls_of("household", number):
            made = ", ".join(f"m.{name}" for call in made_here for name in self._columns(call))
            source = f"SELECT h.*, {made} FROM {before} h JOIN (\n{self._grouped(made_here, number)}\n) m USING (household_key)"
            reads = [f"persons_{number - 1}", "parameters"]
        return self._stage(f"households_{number}", "household", before, number, source, reads)

    def _persons(self, number: int) -> Stage:
        before = f"persons_{number - 1}" if number else "person_facts"
        source, reads = f"SELECT p.* FROM {before} p", []
        if made_here := self._calls_of("person", number):
            made = ", ".join(
                f"coalesce(f.{stem}_lo, 0) AS {stem}_lo, coalesce(f.{stem}_hi, 2) AS {stem}_hi"
                for stem in map(self.stems.__getitem__, made_here)
            )
            source = f"SELECT p.*, {made} FROM {before} p LEFT JOIN (\n{self._parented(made_here, number)}\n) f USING (person_key)"
            reads = ["parents", "parameters"]
        nodes = [word.node for word in self._of_round("person", number) if word.node is not None]
        borrowed = [
            name
            for name in unique(n for node in nodes for n in self._reads(node))
            if self._lives_in(name) == "household"
        ]
        if borrowed:
            names = ", ".join(f"h.{name}" for name in borrowed)
            source = f"SELECT q.*, {names} FROM ({source}) q JOIN households_{number} h USING (household_key)"
            reads.append(f"households_{number}")
        return self._stage(f"persons_{number}", "person", before, number, source, reads)

    def _stage(
        self, name: str, grain: str, before: str, number: int, source: str, reads: Iterable[str]
    ) -> Stage:  # private; each is one word
        """Settings of the county joined, words in layers, then only what is still read later."""
        here = self._of_round(grain, number)
        settings = self._settings(word.node for word in here if word.node is not None)
        text = source
        if settings:
            text = f"SELECT s.*, {', '.join(f'a.{c}' for c in settings)} FROM ({text}) s JOIN parameters a ON a.county = s.county"
        for layer in layers(with_parts(here)):
            lines = ",\n  ".join(line for word in layer for line in self._assigned(word))
            text = f"SELECT *,\n  {lines}\nFROM ({text}) layer"
        later = self._read_after(grain, number)
        facts = [
            c for fact in self.book.facts.values() if fact.grain == grain for c in columns(fact.id, fact.type.kind)
        ]
        made = [
            c
            for word in self.words
            if word.grain == grain and self.rounds[word.id] <= number
            for c in columns(word.id, word.type.kind)
        ]
        answered = [c for at in range(number + 1) for call in self._calls_of(grain, at) for c in self._columns(call)]
        kept = [*KEYS[grain], *(c for c in (*facts, *made, *answered) if c in later)]
        return Stage(
            name,
            grain,
            f"SELECT {', '.join(kept)}\nFROM ({text}) stage",
            tuple(unique([before, *reads, *(["parameters"] if settings else [])])),
            tuple(kept),
        )

    def _read_after(self, grain: str, number: int) -> set[str]:
        """Columns of this grain that a later stage, a member call or an indicator reads."""
        found = {c for end in self.ends for c in columns(end, self.book.words[end].type.kind)}
        for word in self.words:
            borrows = grain == "household" and word.grain == "person" and self.rounds[word.id] == number
            if word.node is not None and (self.rounds[word.id] > number or borrows):
                found.update(self._reads(word.node))
        for call, at in self.calls.items():
            if at > number:
                found.update(self._reads(call.args[0]))
        return found

    # -- member and parent calls -----------------------------------------------------------------------------------

    def _grouped(self, asked: list[Call], number: int) -> str:
        """One row per household with this round's member calls."""
        lines = ",\n  ".join(line for call in asked for line in aggregate(call, self.stems[call], self.writer))
        source = self._people(asked, number, "SELECT p.*", f"persons_{number - 1} p")
        return f"SELECT household_key,\n  {lines}\nFROM ({source}) people GROUP BY household_key"

    def _parented(self, asked: list[Call], number: int) -> str:
        """One row per child with this round's parent calls."""
        lines = ",\n  ".join(line for call in asked for line in parents(call, self.stems[call], self.writer))
        source = self._people(
            asked,
            number,
            "SELECT k.person_key AS child_key, p.*",
            f"parents k JOIN persons_{number - 1} p ON p.person_key = k.parent_key",
        )
        return f"SELECT child_key AS person_key,\n  {lines}\nFROM ({source}) parent GROUP BY child_key"

    def _people(self, asked: list[Call], number: int, select: str, source: str) -> str:
        """Persons with the settings and household words that the calls' conditions name."""
        inner = [call.args[0] for call in asked]
        settings = self._settings(inner)
        borrowed = [
            n for n in unique(n for node in inner for n in self._reads(node)) if self._lives_in(n) == "household"
        ]
        select += "".join(f", h.{name}" for name in borrowed) + "".join(f", a.{name}" for name in settings)
        if borrowed:
            source += f" JOIN households_{number - 1} h ON h.household_key = p.household_key"
        if settings:
            source += " JOIN parameters a ON a.county = p.county"
        return f"{select} FROM {source}"

    # -- columns ---------------------------------------------------------------------------------------------------

    def _columns(self, call: Call) -> tuple[str, ...]:
        stem = self.stems[call]
        return (f"{stem}_lo", f"{stem}_hi") if call.type.kind in PAIRED else (stem,)

    def _reads(self, node: Node) -> list[str]:
        """Columns that an expression reads, settings excepted."""
        found = [c for call in calls(node) for c in self._columns(call)]
        for word in map(self.book.words.__getitem__, outer_words(node)):
            if word.kind in ("fact", "derived"):
                found += columns(word.id, word.type.kind)
        return found

    def _lives_in(self, name: str) -> str:
        if not hasattr(self, "_grains"):
            self._grains = {c: w.grain for w in self.book.words.values() for c in columns(w.id, w.type.kind)}
            made = {call: "person" if call.function == "count_parents" else "household" for call in self.calls}
            self._grains |= {c: grain for call, grain in made.items() for c in self._columns(call)}
        return self._grains[name]

    def _settings(self, nodes: Iterable[Node]) -> list[str]:
        """Columns of `parameters` that these expressions read, with the denominators that roundings consume."""
        found: list[str] = []
        for node in nodes:
            for part in outer(node):
                found += [f"{column(den)}_den" for den in part.type.dens]
                if isinstance(part, Denominator):
                    found.append(f"{column(part.word)}_den")
                elif isinstance(part, Name) and self.book.words[part.word].kind in ("parameter", "constant"):
                    found += columns(part.word, part.type.kind)
        return unique(found)

    def _assigned(self, word: Word) -> Iterator[str]:
        """`expression AS column` for a word."""
        if word.node is None:
            return
        match self.writer.sql(word.node):
            case One(text):
                yield f"{text} AS {column(word.id)}"
            case Pair(lo, hi):
                yield f"{lo} AS {column(word.id)}_lo"
                yield f"{hi} AS {column(word.id)}_hi"


def _hit(indicator: Indicator, relation: str, distance: Node | None) -> HitQuery:
    """Its words are columns by now: what remains is to choose rows."""
    held = {part: column(indicator.word(part)) for part, _ in indicator.parts()}
    far = "CAST(NULL AS BIGINT)"
    reads: tuple[str, ...] = (relation,)
    source = f"{relation} t"
    if distance is not None:
        lo = f"{held['distance']}_lo"
        below = " * ".join(["1", *(f"a.{column(den)}_den" for den in distance.type.dens)])
        far = f"CASE WHEN {lo} >= 0 THEN {lo} // ({below}) END"
        if distance.type.dens:
            reads, source = (relation, "parameters"), f"{relation} t JOIN parameters a ON a.county = t.county"
    unless = f" AND {held['unless']} IS NOT TRUE" if "unless" in held else ""
    red = f"coalesce({held['red_when']}, FALSE)" if "red_when" in held else "FALSE"
    sql = (
        f"SELECT '{indicator.subject}' AS subject_kind, t.{indicator.subject}_key AS subject_key, "
        f"'{indicator.id}' AS indicator,\n  {held['when']} AS verdict, {red} AS red, {far} AS distance\n"
        f"FROM {source}\nWHERE {held['when']} IS NOT FALSE{unless}"
    )
    return HitQuery(indicator, sql, reads)
