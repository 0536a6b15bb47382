"""事实：按词表把各登记册关系拼成“人的事实”“户的事实”，每个有下限与上限。

Assembles `person_records` and `household_records` from the book's declarations. What a record says is exact (or a floor);
what no record says is unknown, unless the book gives an absence and the feed is fresh, whole and `absence: none`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import cast

from doudi.engine.inputs import Inputs
from doudi.engine.relations import Relation
from doudi.engine.step import Step
from doudi.policy.quantities import Value
from doudi.policy.rule import Fact

__all__ = [
    "blind_step", "columns_of", "constant_facts", "exact_facts", "household_records_step", "more_records_steps",
    "person_records_steps", "silent_facts",
]  # fmt: skip

_COMMA = ",\n    "
_AT_ONCE = 20  # relations joined in one text
SQL_TYPES = {"bool": "BOOLEAN", "code": "VARCHAR", "date": "DATE", "quantity": "BIGINT"}


def columns_of(fact: Fact) -> tuple[str, ...]:
    """The columns of one fact: itself for bool and code, else its two bounds."""
    return (fact.id,) if fact.type.kind in ("bool", "code") else (f"{fact.id}_lo", f"{fact.id}_hi")


def blind_step(inputs: Inputs) -> Step:
    """blind: per person with a conflict, which feeds may not be believed about him."""
    flags = ", ".join(f"bool_or(feed = '{feed}') AS {feed}" for feed in sorted(inputs.feeds))
    return Step(
        "blind",
        "20_persons",
        f"SELECT person_key, {flags}\nFROM conflicts\nGROUP BY person_key",
        ("conflicts",),
        grain=("person_key",),
    )


def _literal(value: int | bool | str | None) -> str:  # noqa: FBT001  # a value of the book, whatever its type
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return str(value) if isinstance(value, int) else f"'{value}'"


class _Assembly:
    """Writes the columns of one fact, given where its records are and what may be believed."""

    def __init__(self, inputs: Inputs, key: str, *, blinded: bool) -> None:
        self.inputs = inputs
        self.key = key
        self.blinded = blinded

    def columns(self, fact: Fact, relation: Relation | None) -> list[str]:
        kind = SQL_TYPES[fact.type.kind]
        if relation is None:
            return self._unrecorded(fact, kind)
        column, record = f"{relation.name}.{fact.id}", f"{relation.name}.{self.key} IS NOT NULL"
        if fact.on_record:
            return [f"coalesce({column}, FALSE) AS {fact.id}"]
        told = self._case(fact, relation, record, column)
        if fact.type.kind in ("bool", "code", "date"):
            return [f"{told} AS {name}" for name in columns_of(fact)]
        ceiling = column
        if fact.floor_only or fact.id in relation.floors:
            ceiling = "NULL"
        elif relation.window:
            ceiling = f"CASE WHEN {self._all(fact, 'whole')} THEN {column} END"
        # A quantity is never below zero: the floor of an unknown one is 0 (docs/build/language.md).
        most = self._case(fact, relation, record, ceiling)
        return [f"CAST(coalesce({told}, 0) AS BIGINT) AS {fact.id}_lo", f"CAST({most} AS BIGINT) AS {fact.id}_hi"]

    def _case(self, fact: Fact, relation: Relation, record: str, value: str) -> str:
        branches = [f"WHEN {blind} THEN NULL" for blind in [self._blind(fact)] if blind]
        branches.append(f"WHEN {record} THEN {value}")
        if silent := self.silent(fact, relation):
            branches.append(f"WHEN {silent} THEN {_literal(fact.absence)}")
        return f"CASE {' '.join(branches)} END"

    def _unrecorded(self, fact: Fact, kind: str) -> list[str]:
        """No register says it: what the book says of silence when the word needs no register, else unknown."""
        absent = False if fact.on_record else fact.absence
        value = _literal(None if fact.feeds else absent)
        if fact.type.kind in ("bool", "code", "date"):
            return [f"CAST({value} AS {kind}) AS {name}" for name in columns_of(fact)]
        floor = "0" if value == "NULL" else value
        return [f"CAST({floor} AS BIGINT) AS {fact.id}_lo", f"CAST({value} AS BIGINT) AS {fact.id}_hi"]

    def _blind(self, fact: Fact) -> str:
        return " OR ".join(f"blind.{feed}" for feed in fact.feeds) if self.blinded else ""

    def _all(self, fact: Fact, what: str) -> str:
        return " AND ".join(f"silence.{what}_{feed}" for feed in fact.feeds)

    def silent(self, fact: Fact, relation: Relation) -> str:
        """When no record means what the book's `absence` says; empty = never."""
        if fact.absence is None:
            return ""
        if any(self.inputs[feed].absence != "none" for feed in fact.feeds):
            return ""
        return self._all(fact, "whole" if relation.window else "fresh") or "TRUE"


def person_records_steps(
    inputs: Inputs, facts: Iterable[Fact], relations: Iterable[Relation], name: str = "person_records",
    of: str = "members",
) -> list[Step]:  # fmt: skip
    """One row per person of `of` with his household, its county, and the bounds of every declared fact.

    Made a few relations at a time: a text that joins fifty takes longer to plan than all of these together, and holds
    memory for all of its joins at once.
    """
    return _records_steps(inputs, facts, relations, name, of, first=True)


def more_records_steps(
    inputs: Inputs, facts: Iterable[Fact], relations: Iterable[Relation], name: str, of: str
) -> list[Step]:
    """The same of people whose records tell other facts already: the rows of `of`, with the bounds of these facts more."""
    return _records_steps(inputs, facts, relations, name, of, first=False)


def _records_steps(  # what both of the above are made of
    inputs: Inputs, facts: Iterable[Fact], relations: Iterable[Relation], name: str, of: str, *, first: bool
) -> list[Step]:
    wanted = [fact for fact in facts if fact.grain == "person"]
    by_fact = {fact: relation for relation in relations if relation.grain == ("person_key",) for fact in relation.facts}
    assembly = _Assembly(inputs, "person_key", blinded=True)
    used = sorted({by_fact[fact.id].name for fact in wanted if fact.id in by_fact})
    groups = [used[start : start + _AT_ONCE] for start in range(0, len(used), _AT_ONCE)] or [[]]
    steps = list[Step]()
    for number, group in enumerate(groups):
        told = [fact for fact in wanted if (by_fact[fact.id].name in group if fact.id in by_fact else not number)]
        columns = [column for fact in told for column in assembly.columns(fact, by_fact.get(fact.id))]
        before = steps[-1].name if steps else of
        steps.append(_part(before, group, columns, f"{name}_{number}", first=first and not steps))
    return [*steps[:-1], replace(steps[-1], name=name)]


def _part(before: str, group: Sequence[str], columns: Sequence[str], name: str, *, first: bool) -> Step:
    """The rows of `before` with some columns more."""
    lead = ["persons.person_key, persons.household_key, households.county, persons.is_head"] if first else ["persons.*"]
    county = "households" if first else "persons"
    joins = ["JOIN households ON households.household_key = persons.household_key"] if first else []
    joins.append(f"LEFT JOIN silence ON silence.county = {county}.county")
    joins.append("LEFT JOIN blind ON blind.person_key = persons.person_key")
    joins += [f"LEFT JOIN {one} ON {one}.person_key = persons.person_key" for one in group]
    sql = f"SELECT\n    {_COMMA.join([*lead, *columns])}\nFROM {before} AS persons\n" + "\n".join(joins)
    # Relations of persons first: a sum over the events of a year is made while little else is held.
    reads = (*group, before, *(["households"] if first else []), "silence", "blind")
    return Step(name, "30_households", sql, reads, grain=("person_key",), sliced=before)


def household_records_step(
    inputs: Inputs, facts: Iterable[Fact], relations: Iterable[Relation], name: str = "household_records",
    of: str = "households",
) -> Step:  # fmt: skip
    """One row per household of `of` with its county and the bounds of every declared household fact."""
    wanted = [fact for fact in facts if fact.grain == "household"]
    by_fact = {
        fact: relation for relation in relations if relation.grain == ("household_key",) for fact in relation.facts
    }
    # A household relation judges its members' conflicts itself: one member's may not blind the others'.
    assembly = _Assembly(inputs, "household_key", blinded=False)
    columns = ["households.household_key, households.county"]
    columns += [column for fact in wanted for column in assembly.columns(fact, by_fact.get(fact.id))]
    used = sorted({by_fact[fact.id].name for fact in wanted if fact.id in by_fact})
    joins = "\n".join(f"LEFT JOIN {name} ON {name}.household_key = households.household_key" for name in used)
    sql = (
        f"SELECT\n    {_COMMA.join(columns)}\nFROM {of} AS households\n"
        f"LEFT JOIN silence ON silence.county = households.county\n{joins}"
    )
    return Step(name, "30_households", sql, (of, "silence", *used), grain=("household_key",))


def constant_facts(facts: Iterable[Fact], relations: Iterable[Relation]) -> dict[str, Value]:
    """The facts that are the same for everybody, because no register tells them, as the Python reader writes values."""
    told = {fact for relation in relations for fact in relation.facts}
    found: dict[str, Value] = {}
    for fact in facts:
        if fact.id in told or fact.grain == "delivery":
            continue
        found[fact.id] = _value(fact, None if fact.feeds else False if fact.on_record else fact.absence)
    return found


def silent_facts(
    inputs: Inputs, facts: Iterable[Fact], relations: Iterable[Relation]
) -> tuple[dict[str, Value], list[str]]:
    """What these facts are of a person whom none of the relations names and nobody doubts, as the Python reader writes
    values; and on which columns of `silence` that rests: where one of them is not true, the facts may be others.
    """
    by_fact = {fact: relation for relation in relations for fact in relation.facts}
    assembly = _Assembly(inputs, "person_key", blinded=True)
    found, conditions = dict[str, Value](), set[str]()
    for fact in facts:
        silent = "" if fact.on_record else assembly.silent(fact, by_fact[fact.id])
        conditions |= {silent} - {"", "TRUE"}
        found[fact.id] = _value(fact, False if fact.on_record else fact.absence if silent else None)
    return found, sorted(conditions)


def _value(fact: Fact, absent: int | bool | str | None) -> Value:  # noqa: FBT001  # a value of the book, whatever its type
    """A fact of which no record tells, as the Python reader writes values."""
    if fact.type.kind not in ("quantity", "date"):
        return cast("Value", absent)
    low = 0 if absent is None and fact.type.kind == "quantity" else absent
    return cast("Value", (low, absent))  # the book's absence of an amount is an amount


def exact_facts(facts: Iterable[Fact], relations: Iterable[Relation]) -> frozenset[str]:
    """The facts that are known to the fen or to the day, or not at all."""
    by_fact = {fact: relation for relation in relations for fact in relation.facts}
    return frozenset(
        fact.id
        for fact in facts
        if fact.id in by_fact
        and (
            fact.type.kind == "date"
            or (
                fact.type.kind == "quantity"
                and not (fact.floor_only or fact.id in by_fact[fact.id].floors or by_fact[fact.id].window)
            )
        )
    )
