"""对象：把引擎里的一户、一人、一次交付，还原成政策能评估的样子，并给它们稳定的代号。

Brings households back out of the relations for the Python reader, a chunk at a time, and names subjects by refs that
do not depend on the order in which anything landed.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from doudi.engine.backends.duckdb import Backend
from doudi.engine.facts import columns_of
from doudi.engine.inputs import Inputs
from doudi.engine.landed import deliveries
from doudi.policy.evaluate import Evaluation, Household, Person
from doudi.policy.quantities import Value
from doudi.policy.rule import Book, Fact
from doudi.policy.view import View

__all__ = [
    "FOUNDED", "Place", "Refs", "Subject", "find_places", "household_ref", "read_deliveries", "read_households", "subject_refs",
]  # fmt: skip

Refs: TypeAlias = Callable[[Sequence[int]], Mapping[int, str]]
FOUNDED = 1 << 40  # household_key = founder's person_key + FOUNDED * the number of his earlier households
CHUNK = 2000  # households in memory at once


@dataclass(frozen=True)
class Subject:
    """A household (or one delivery) ready to be evaluated. Labels of persons are their keys as text."""

    evaluation: Evaluation
    county: int
    head: str | None
    members: tuple[str, ...]


@dataclass(frozen=True)
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


def read_households(
    backend: Backend, book: Book, views: Mapping[int, View], keys: Iterable[int]
) -> Iterator[dict[int, Subject]]:
    """Chunks of household_key -> Subject; a key that no longer stands is left out."""
    facts = list(book.facts.values())
    person_facts = [fact for fact in facts if fact.grain == "person"]
    household_facts = [fact for fact in facts if fact.grain == "household"]
    ordered = sorted(set(keys))
    for start in range(0, len(ordered), CHUNK):
        listed = ", ".join(map(str, ordered[start : start + CHUNK]))
        of_house = {
            row["household_key"]: row
            for row in backend.dicts(f"SELECT * FROM household_facts WHERE household_key IN ({listed})")
        }
        people = backend.dicts(f"SELECT * FROM person_facts WHERE household_key IN ({listed}) ORDER BY person_key")
        yield _subjects(of_house, people, _parents(backend, people), (person_facts, household_facts), views)


def _parents(backend: Backend, people: list[dict[str, Any]]) -> tuple[dict[int, list[int]], dict[int, dict[str, Any]]]:
    """Who the parents of these people are, and the facts of all of those parents."""
    listed = ", ".join(str(row["person_key"]) for row in people) or "NULL"
    of_child: dict[int, list[int]] = {}
    for child, parent in backend.rows(
        f"SELECT person_key, parent_key FROM parents WHERE person_key IN ({listed}) ORDER BY person_key, parent_key"
    ):
        of_child.setdefault(child, []).append(parent)
    outside = ", ".join(str(parent) for parents in of_child.values() for parent in parents) or "NULL"
    rows = backend.dicts(f"SELECT * FROM person_facts WHERE person_key IN ({outside})")
    return of_child, {row["person_key"]: row for row in rows}


def _subjects(
    of_house: Mapping[int, dict[str, Any]],
    people: list[dict[str, Any]],
    parents: tuple[dict[int, list[int]], dict[int, dict[str, Any]]],
    facts: tuple[list[Fact], list[Fact]],
    views: Mapping[int, View],
) -> dict[int, Subject]:
    of_child, parent_rows = parents
    by_house: dict[int, list[dict[str, Any]]] = {}
    for row in people:
        by_house.setdefault(row["household_key"], []).append(row)
    subjects = {}
    for key, house in of_house.items():
        inside = [row["person_key"] for row in by_house[key]]
        outside = {p for child in inside for p in of_child.get(child, []) if p not in inside and p in parent_rows}
        persons = [_person(row, of_child, facts[0], outside=False) for row in by_house[key]]
        persons += [_person(parent_rows[p], of_child, facts[0], outside=True) for p in sorted(outside)]
        head = next((str(row["person_key"]) for row in by_house[key] if row["is_head"]), None)
        household = Household(tuple(persons), _values(house, facts[1]))
        county = house["county"]
        subjects[key] = Subject(Evaluation(views[county], household), county, head, tuple(map(str, inside)))
    return subjects


def _person(row: dict[str, Any], of_child: Mapping[int, list[int]], facts: list[Fact], *, outside: bool) -> Person:
    father, mother = (*map(str, of_child.get(row["person_key"], [])), None, None)[:2]
    return Person(str(row["person_key"]), _values(row, facts), father, mother, outside)


def _values(row: Mapping[str, Any], facts: list[Fact]) -> dict[str, Value]:
    """The facts of one row as the policy's values."""
    values: dict[str, Value] = {}
    for fact in facts:
        columns = columns_of(fact)
        values[fact.id] = row[columns[0]] if len(columns) == 1 else (row[columns[0]], row[columns[1]])
    return values


def read_deliveries(backend: Backend, book: Book, views: Mapping[int, View]) -> dict[int, Subject]:
    """delivery_key -> the delivery as a household of nobody."""
    facts = [fact for fact in book.facts.values() if fact.grain == "delivery"]
    return {
        row["delivery_key"]: Subject(
            Evaluation(views[row["county"]], Household((), _values(row, facts))), row["county"], None, ()
        )
        for row in backend.dicts("SELECT * FROM delivery_facts")
    }
