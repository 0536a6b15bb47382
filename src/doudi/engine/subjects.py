"""对象：把引擎里的一户、一人、一次交付，还原成政策能评估的样子，并给它们稳定的代号。

Brings households back out of the relations for the Python reader, a chunk at a time, and names subjects by refs that
do not depend on the order in which anything landed.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, TypeAlias

from doudi.engine.backends.duckdb import Backend
from doudi.engine.facts import columns_of
from doudi.engine.inputs import Inputs
from doudi.engine.landed import deliveries
from doudi.policy.evaluate import COUNTED, Evaluation, Household, Person
from doudi.policy.expr import Name
from doudi.policy.quantities import BOOL, Value
from doudi.policy.rule import Book, Indicator
from doudi.policy.view import View

__all__ = [
    "FOUNDED", "SHOWN_BY", "Place", "Refs", "Subject", "facts_by_household", "facts_for", "find_places", "household_ref",
    "read_deliveries", "read_households", "subject_refs",
]  # fmt: skip

Refs: TypeAlias = Callable[[Sequence[int]], Mapping[int, str]]
SHOWN_BY = ("relation_to_head", "means_check_consent")  # facts that say whom a reason may show
FOUNDED = 1 << 40  # household_key = founder's person_key + FOUNDED * the number of his earlier households
CHUNK = 2000  # households in memory at once
# Everybody in the households asked for, each with his parents as far as they are known, and once without.
_ASKED_KIN = """WITH inside AS (SELECT chunk, person_key FROM person_facts JOIN asked ON asked_key = household_key)
SELECT chunk, person_key, CAST(NULL AS BIGINT) AS parent_key FROM inside
UNION ALL
SELECT chunk, inside.person_key, parent_key FROM inside JOIN parents ON parents.person_key = inside.person_key"""
Wanted: TypeAlias = (
    Collection[str] | Mapping[int, frozenset[str]] | None
)  # facts: of everybody, by household_key, or all
_Read: TypeAlias = "tuple[Mapping[int, tuple[Any, ...]], Mapping[int, list[int]], _Table]"  # people, parents by child


@dataclass(frozen=True, slots=True)
class Subject:
    """A household (or one delivery) ready to be evaluated. Labels of persons are their keys as text."""

    evaluation: Evaluation
    county: int
    head: str | None
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a subject is shown: the person himself or the household's head, county (0 = none), division, 户号's token."""

    person_key: int | None
    household_key: int | None
    county: int
    division: int | None
    household_no_token: int | None


def find_places(backend: Backend, inputs: Inputs, subjects: Iterable[tuple[str, int]]) -> dict[tuple[str, int], Place]:
    """Where every subject is shown; one that no longer stands has no place."""
    wanted = set(subjects)
    found: dict[tuple[str, int], Place] = {}
    joined = "members JOIN households ON households.household_key = members.household_key"
    for kind, source, key, shown in (
        ("person", joined, "members.person_key", "members.person_key"),
        ("household", "households", "households.household_key", "households.head_key"),
    ):
        backend.insert("asked", (("asked_key", "BIGINT"),), sorted((number,) for of, number in wanted if of == kind))
        for row in backend.rows(
            f"SELECT asked_key, {shown}, households.household_key, county, division, household_no_token "
            f"FROM {source} JOIN asked ON asked_key = {key}"
        ):
            found[kind, row[0]] = Place(*row[1:])
        backend.forget("asked")
    return found | {
        ("delivery", row[0]): Place(None, None, row[1], row[1] * 10**6 or None, None) for row in deliveries(inputs)
    }


def household_ref(founder_ref: str, household_key: int) -> str:
    """The household's ref: its founder's, and which of his households it is."""
    ordinal = household_key // FOUNDED
    return f"household:{founder_ref}" + (f"/{ordinal}" if ordinal else "")


def subject_refs(
    subjects: Iterable[tuple[str, int]], refs: Refs, deliveries: Mapping[int, str]
) -> dict[tuple[str, int], str]:
    """The stable ref of every (kind, key)."""
    wanted = set(subjects)
    people = refs(sorted({key % FOUNDED for kind, key in wanted if kind != "delivery"}))
    named: dict[tuple[str, int], str] = {}
    for kind, key in wanted:
        if kind == "delivery":
            named[kind, key] = deliveries[key]
        elif kind == "household":
            named[kind, key] = household_ref(people[key % FOUNDED], key)
        else:
            named[kind, key] = f"person:{people[key]}"
    return named


class _Facts(Mapping[str, Value]):
    """The facts of one row, made into values when they are asked for: of the many columns a rule needs few.

    A declared fact whose columns were not read is an error of ours (KeyError), never unknown.
    """

    __slots__ = ("_row", "_table")

    def __init__(self, table: "_Table", row: Sequence[Any]) -> None:
        self._table = table
        self._row = row

    def __getitem__(self, fact: str) -> Value:
        value: Value = self._table.places[fact](self._row)
        return value

    def get(self, fact: str, default: Any = None) -> Any:  # noqa: ANN401  # Mapping's signature
        place = self._table.places.get(fact)
        if place is not None:
            return place(self._row)
        if fact in self._table.declared:
            raise KeyError(fact)
        return default

    def __iter__(self) -> Iterator[str]:
        return iter(self._table.places)

    def __len__(self) -> int:
        return len(self._table.places)


@dataclass(frozen=True)
class _Table:
    """The facts read of one grain: `columns` of the query, behind the `lead`ing ones, and what picks each fact from a row."""

    columns: tuple[str, ...]
    places: Mapping[str, Callable[[Sequence[Any]], Any]]  # one column, or the two of its bounds
    declared: frozenset[str]

    @classmethod
    def of(cls, book: Book, grain: str, lead: tuple[str, ...], wanted: Collection[str] | None) -> "_Table":
        columns, places = list(lead), dict[str, Callable[[Sequence[Any]], Any]]()
        declared = [fact for fact in book.facts.values() if fact.grain == grain]
        for fact in declared:
            if wanted is None or fact.id in wanted:
                own = columns_of(fact)
                places[fact.id] = itemgetter(*range(len(columns), len(columns) + len(own)))
                columns += own
        return cls(tuple(columns), places, frozenset(fact.id for fact in declared))

    def rows(self, backend: Backend, relation: str, key: str, keys: str) -> list[tuple[Any, ...]]:
        """The rows of these keys, which `keys` selects, in their order."""
        return backend.rows(f"SELECT {', '.join(self.columns)} FROM {relation} WHERE {key} IN ({keys}) ORDER BY 1")


def facts_for(book: Book, indicators: Iterable[Indicator]) -> frozenset[str]:
    """The facts that judging these indicators may ask for, and telling why: theirs, and those that say whom we may show."""
    nodes = [node for indicator in indicators for node in (indicator.when, indicator.unless)]
    told = {*SHOWN_BY, *(book.by_name[tier.enrolled] for tier in book.tiers if tier.enrolled)}
    return frozenset((book.rests_on(*nodes, Name(COUNTED, BOOL)) | told) & book.facts.keys())


def facts_by_household(book: Book, asked: Mapping[int, Collection[Indicator]]) -> dict[int, frozenset[str]]:
    """The same, by household_key: most households are asked one or two indicators, which need a quarter of all facts."""
    known: dict[frozenset[str], frozenset[str]] = {}
    found = dict[int, frozenset[str]]()
    for key, indicators in asked.items():
        ids = frozenset(indicator.id for indicator in indicators)
        if ids not in known:
            known[ids] = facts_for(book, indicators)
        found[key] = known[ids]
    return found


def read_households(
    backend: Backend, book: Book, views: Mapping[int, View], keys: Iterable[int], wanted: Wanted = None
) -> Iterator[dict[int, Subject]]:
    """Chunks of household_key -> Subject; a key that no longer stands is left out. Only `wanted` facts are read, of each
    household its own where they are given by household_key; or all.
    """
    chunks = list(_chunks(keys, wanted))
    asked = [(key, number) for number, (some, _) in enumerate(chunks) for key in some]
    backend.insert("asked", (("asked_key", "BIGINT"), ("chunk", "INTEGER")), asked)
    backend.materialise("asked_kin", _ASKED_KIN)
    try:
        for number, (_, facts) in enumerate(chunks):
            yield _chunk(backend, number, views, *_tables(book, facts))
    finally:
        backend.forget("asked")
        backend.forget("asked_kin")


def _chunks(keys: Iterable[int], wanted: Wanted) -> Iterator[tuple[list[int], Collection[str] | None]]:
    """Some households at a time, and the facts wanted of them: those of which the same is wanted stand beside each other."""
    if not isinstance(wanted, Mapping):
        ordered = sorted(set(keys))
    else:
        places = {facts: place for place, facts in enumerate(sorted(set(wanted.values()), key=sorted))}
        ordered = sorted(set(keys), key=lambda key: (places[wanted[key]], key))
    for start in range(0, len(ordered), CHUNK):
        some = ordered[start : start + CHUNK]
        yield some, set[str]().union(*(wanted[key] for key in some)) if isinstance(wanted, Mapping) else wanted


def _tables(book: Book, wanted: Collection[str] | None) -> tuple[_Table, _Table]:
    return (
        _Table.of(book, "person", ("person_key", "household_key", "is_head"), wanted),
        _Table.of(book, "household", ("household_key", "county"), wanted),
    )


def _chunk(
    backend: Backend, number: int, views: Mapping[int, View], of_person: _Table, of_house: _Table
) -> dict[int, Subject]:
    """One chunk: a row of a person holds all that is wanted of him, and is taken apart only where a rule asks."""
    parents: dict[int, list[int]] = {}  # of everybody in these households, those who have none too
    kin = f"SELECT person_key, parent_key FROM asked_kin WHERE chunk = {number}"
    for child, parent in backend.rows(f"{kin} ORDER BY person_key, parent_key NULLS FIRST"):
        parents.setdefault(child, []).extend(() if parent is None else (parent,))
    theirs = f"SELECT person_key FROM ({kin}) AS children UNION ALL SELECT parent_key FROM ({kin}) AS elders"
    people = {row[0]: row for row in of_person.rows(backend, "person_facts", "person_key", theirs)}
    members: dict[int, list[int]] = {}
    for key in parents:
        members.setdefault(people[key][1], []).append(key)
    read = (people, parents, of_person)
    named = f"SELECT asked_key FROM asked WHERE chunk = {number}"
    return {
        row[0]: _subject(_Facts(of_house, row), views[row[1]], row[1], members[row[0]], read)
        for row in of_house.rows(backend, "household_facts", "household_key", named)
    }


def _subject(facts: _Facts, view: View, county: int, members: list[int], read: _Read) -> Subject:
    """The members, and beside them the parents who live elsewhere: their own records may be asked."""
    people, parents, table = read
    elsewhere = {parent for child in members for parent in parents.get(child, ()) if parent in people} - set(members)
    persons = []
    for key in (*members, *sorted(elsewhere)):
        outside = key in elsewhere
        father, mother = (*(() if outside else map(str, parents.get(key, ()))), None, None)[:2]
        persons.append(Person(str(key), _Facts(table, people[key]), father, mother, outside))
    head = next((str(key) for key in members if people[key][2]), None)
    return Subject(Evaluation(view, Household(tuple(persons), facts)), county, head, tuple(map(str, members)))


def read_deliveries(backend: Backend, book: Book, views: Mapping[int, View]) -> dict[int, Subject]:
    """delivery_key -> the delivery as a household of nobody."""
    table = _Table.of(book, "delivery", ("delivery_key", "county"), None)
    rows = backend.rows(f"SELECT {', '.join(table.columns)} FROM delivery_facts")
    return {
        row[0]: Subject(Evaluation(views[row[1]], Household((), _Facts(table, row))), row[1], None, ()) for row in rows
    }
