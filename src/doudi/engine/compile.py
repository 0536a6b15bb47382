"""The book's derived words for a whole city: stages of portable SQL, each a relation that one can print and run.

Words are computed in rounds: `households_r` asks the members of `persons_{r-1}`, `persons_r` may read `households_r`.
A stage carries on only the columns that something later reads. Words of one stage that build on each other stand in
layers of subqueries, so that no expression is written twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from doudi.engine.aggregate import COUNTED, aggregate, parents
from doudi.engine.sql import PAIRED, One, Pair, Writer, column, columns
from doudi.policy.expr import Call, Denominator, Name, Node, children
from doudi.policy.functions import OVER_MEMBERS
from doudi.policy.rule import Book, Indicator, Word
from doudi.policy.view import View

SQL_TYPES = {"bool": "BOOLEAN", "code": "VARCHAR", "quantity": "BIGINT", "date": "DATE", "ratio": "BIGINT"}
KEYS = {"person": ("person_key", "household_key", "county"), "household": ("household_key", "county"),
        "delivery": ("delivery_key", "county")}


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


def parameter_table(views: Mapping[int, View]) -> tuple[list[tuple[str, str]], list[tuple[object, ...]]]:
    """`parameters`, one row per county (6 digits as int): (name, SQL type) of its columns, and the rows."""
    book = next(iter(views.values())).book
    words = [word for word in book.words.values() if word.kind in ("parameter", "constant") and word.type.kind in SQL_TYPES]
    heads = [("county", "INTEGER")]
    heads += [(name, SQL_TYPES[word.type.kind]) for word in words for name in columns(word.id, word.type.kind)]
    rows = []
    for county, view in views.items():
        row: list[object] = [county]
        for word in words:
            value = view.constants[word.id]
            row += list(value) if isinstance(value, tuple) else [value]
            row += [view.denominators[word.id]] if word.type.kind == "ratio" else []
        rows.append(tuple(row))
    return heads, rows


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
        self.words = [w for w in map(self.book.words.__getitem__, self.book.order) if w.id in self._closure(self.ends)]
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
                queue += _words(word.node)
        return wanted

    def _round(self, word: Word) -> int:
        """A word's round is that of the latest word or call it reads; a call comes one round after what it is about."""
        node = word.node
        if node is None:
            return 0
        least = 0
        for call in _calls(node):
            inner = max((self.rounds.get(name, 0) for name in (*_words(call.args[0]), COUNTED)), default=0)
            self.calls.setdefault(call, inner + 1)
            least = max(least, self.calls[call])
        return max([least, *(self.rounds.get(name, 0) for name in _outer_words(node))])

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
        if calls := self._calls_of("household", number):
            made = ", ".join(f"m.{name}" for call in calls for name in self._columns(call))
            source = f"SELECT h.*, {made} FROM {before} h JOIN (\n{self._grouped(calls, number)}\n) m USING (household_key)"
            reads = [f"persons_{number - 1}", "parameters"]
        return self._stage(f"households_{number}", "household", before, number, source, reads)

    def _persons(self, number: int) -> Stage:
        before = f"persons_{number - 1}" if number else "person_facts"
        source, reads = f"SELECT p.* FROM {before} p", []
        if calls := self._calls_of("person", number):
            made = ", ".join(f"coalesce(f.{stem}_lo, 0) AS {stem}_lo, coalesce(f.{stem}_hi, 2) AS {stem}_hi"
                             for stem in map(self.stems.__getitem__, calls))
            source = f"SELECT p.*, {made} FROM {before} p LEFT JOIN (\n{self._parented(calls, number)}\n) f USING (person_key)"
            reads = ["parents", "parameters"]
        nodes = [word.node for word in self._of_round("person", number) if word.node is not None]
        borrowed = [name for name in _unique(n for node in nodes for n in self._reads(node)) if self._lives_in(name) == "household"]
        if borrowed:
            source = f"SELECT q.*, {', '.join(f'h.{n}' for n in borrowed)} FROM ({source}) q JOIN households_{number} h USING (household_key)"
            reads.append(f"households_{number}")
        return self._stage(f"persons_{number}", "person", before, number, source, reads)

    def _stage(self, name: str, grain: str, before: str, number: int, source: str, reads: Iterable[str]) -> Stage:  # noqa: PLR0913  # private; each is one word
        """Settings of the county joined, words in layers, then only what is still read later."""
        words = self._of_round(grain, number)
        settings = self._settings(word.node for word in words if word.node is not None)
        text = source
        if settings:
            text = f"SELECT s.*, {', '.join(f'a.{c}' for c in settings)} FROM ({text}) s JOIN parameters a ON a.county = s.county"
        for layer in _layers(words):
            lines = ",\n  ".join(line for word in layer for line in self._assigned(word))
            text = f"SELECT *,\n  {lines}\nFROM ({text}) layer"
        later = self._read_after(grain, number)
        facts = [c for fact in self.book.facts.values() if fact.grain == grain for c in columns(fact.id, fact.type.kind)]
        made = [c for word in self.words if word.grain == grain and self.rounds[word.id] <= number for c in columns(word.id, word.type.kind)]
        calls = [c for at in range(number + 1) for call in self._calls_of(grain, at) for c in self._columns(call)]
        kept = [*KEYS[grain], *(c for c in (*facts, *made, *calls) if c in later)]
        return Stage(name, grain, f"SELECT {', '.join(kept)}\nFROM ({text}) stage",
                     tuple(_unique([before, *reads, *(["parameters"] if settings else [])])), tuple(kept))

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

    def _grouped(self, calls: list[Call], number: int) -> str:
        """One row per household with this round's member calls."""
        lines = ",\n  ".join(line for call in calls for line in aggregate(call, self.stems[call], self.writer))
        source = self._people(calls, number, "SELECT p.*", f"persons_{number - 1} p")
        return f"SELECT household_key,\n  {lines}\nFROM ({source}) people GROUP BY household_key"

    def _parented(self, calls: list[Call], number: int) -> str:
        """One row per child with this round's parent calls."""
        lines = ",\n  ".join(line for call in calls for line in parents(call, self.stems[call], self.writer))
        source = self._people(calls, number, "SELECT k.person_key AS child_key, p.*",
                              f"parents k JOIN persons_{number - 1} p ON p.person_key = k.parent_key")
        return f"SELECT child_key AS person_key,\n  {lines}\nFROM ({source}) parent GROUP BY child_key"

    def _people(self, calls: list[Call], number: int, select: str, source: str) -> str:
        """Persons with the settings and household words that the calls' conditions name."""
        inner = [call.args[0] for call in calls]
        settings = self._settings(inner)
        borrowed = [n for n in _unique(n for node in inner for n in self._reads(node)) if self._lives_in(n) == "household"]
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
        found = [c for call in _calls(node) for c in self._columns(call)]
        for word in map(self.book.words.__getitem__, _outer_words(node)):
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
            for part in _outer(node):
                found += [f"{column(den)}_den" for den in part.type.dens]
                if isinstance(part, Denominator):
                    found.append(f"{column(part.word)}_den")
                elif isinstance(part, Name) and self.book.words[part.word].kind in ("parameter", "constant"):
                    found += columns(part.word, part.type.kind)
        return _unique(found)

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
    reads, source = (relation,), f"{relation} t"
    if distance is not None:
        lo = f"{held['distance']}_lo"
        below = " * ".join(["1", *(f"a.{column(den)}_den" for den in distance.type.dens)])
        far = f"CASE WHEN {lo} >= 0 THEN {lo} // ({below}) END"
        if distance.type.dens:
            reads, source = (relation, "parameters"), f"{relation} t JOIN parameters a ON a.county = t.county"
    unless = f" AND {held['unless']} IS NOT TRUE" if "unless" in held else ""
    red = f"coalesce({held['red_when']}, FALSE)" if "red_when" in held else "FALSE"
    sql = (f"SELECT '{indicator.subject}' AS subject_kind, t.{indicator.subject}_key AS subject_key, "
           f"'{indicator.id}' AS indicator,\n  {held['when']} AS verdict, {red} AS red, {far} AS distance\n"
           f"FROM {source}\nWHERE {held['when']} IS NOT FALSE{unless}")
    return HitQuery(indicator, sql, reads)


# --- small readers of expressions ---------------------------------------------------------------------------------


def _outer(node: Node) -> Iterator[Node]:
    """The node and what is below it, without what stands inside member and parent calls."""
    yield node
    if not _is_call(node):
        for child in children(node):
            yield from _outer(child)


def _is_call(node: Node) -> bool:
    return isinstance(node, Call) and (node.function in OVER_MEMBERS or node.function == "count_parents")


def _calls(node: Node) -> list[Call]:
    return [part for part in _outer(node) if isinstance(part, Call) and _is_call(part)]


def _outer_words(node: Node) -> list[str]:
    return [part.word for part in _outer(node) if isinstance(part, Name | Denominator)]


def _words(node: Node) -> list[str]:
    found = [node.word] if isinstance(node, Name | Denominator) else []
    return found + [word for child in children(node) for word in _words(child)]


def _layers(words: list[Word]) -> Iterator[list[Word]]:
    """Words of one stage by how many of each other they stand on."""
    depth: dict[str, int] = {}
    for word in words:
        inside = [depth[name] + 1 for name in _outer_words(word.node) if name in depth] if word.node else []
        depth[word.id] = max(inside, default=0)
    for level in sorted(set(depth.values())):
        yield [word for word in words if depth[word.id] == level]


def _unique(items: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(items))
