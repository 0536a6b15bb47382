"""没有一行说到的人：每个县里，沉默说明什么。

Of a person most registers say nothing, and what his facts are then hangs on his county alone. It is worked out once for
each county, by the text that works it out for everybody, and laid beside the few facts that some line does tell.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import TypeAlias, cast

from doudi.engine.backends.duckdb import Backend
from doudi.engine.counties import NOWHERE
from doudi.engine.facts import SQL_TYPES, columns_of, person_records_steps
from doudi.engine.inputs import Inputs
from doudi.engine.landed import literal, silence_step
from doudi.engine.relations import Relation, fact_relations
from doudi.engine.step import Step
from doudi.policy.quantities import Value
from doudi.policy.rule import Fact

__all__ = ["Silent", "silent_facts", "told_facts", "told_records"]

Silent: TypeAlias = Mapping[int, Mapping[str, Value]]  # by county, by fact
_NOBODY = "nobody"  # in the place of every relation that has no row


def silent_facts(backend: Backend, inputs: Inputs, facts: Iterable[Fact]) -> Silent:
    """The facts of a person of whom no line tells, and whom nobody doubts: by county, 0 = none of the city's."""
    facts = [fact for fact in facts if fact.grain == "person"]
    counties = [(county, county) for county in (NOWHERE, *inputs.counties)]
    stranger = (("person_key", "BIGINT"), ("household_key", "BIGINT"), ("is_head", "BOOLEAN"))
    blind = (("person_key", "BIGINT"), *((feed, "BOOLEAN") for feed in inputs.feeds))
    (step,) = person_records_steps(inputs, facts, _without({one.name for one in fact_relations()}), of="strangers")
    given = {
        "strangers": literal(stranger, [(*one, False) for one in counties]),
        "households": literal((("household_key", "BIGINT"), ("county", "INTEGER")), counties),
        "silence": silence_step(inputs).sql,
        "blind": literal(blind, []),
        _NOBODY: _nobody(facts),
    }
    texts = ",\n".join(f"{name} AS ({sql})" for name, sql in given.items())
    rows = backend.dicts(f"WITH {texts}\nSELECT * FROM (\n{step.sql}\n) AS silent")
    return {row["county"]: {fact.id: _value(row, fact) for fact in facts} for row in rows}


def _value(row: Mapping[str, object], fact: Fact) -> Value:
    told = tuple(row[name] for name in columns_of(fact))
    return cast("Value", told if len(told) == 2 else told[0])  # columns hold what the fact's type says


def told_facts(
    facts: Iterable[Fact], empty: Collection[str], doubted: Collection[str], named: Collection[str]
) -> list[Fact]:
    """The facts of persons that silence alone does not tell: some relation has a row that is not `empty`, some feed is
    `doubted` about somebody; and those that later texts have `named`.
    """
    spoken = {fact for one in fact_relations() if one.name not in empty for fact in one.facts}
    return [
        fact
        for fact in facts
        if fact.grain == "person"
        and (
            fact.id in spoken or not set(doubted).isdisjoint(fact.feeds) or not set(columns_of(fact)).isdisjoint(named)
        )
    ]


def told_records(inputs: Inputs, told: Iterable[Fact], empty: Collection[str], of: str) -> list[Step]:
    """`person_records` with these facts of the persons of `of`, of whom the relations `empty` say nothing."""
    told = list(told)
    nobody = Step(_NOBODY, "20_persons", _nobody(told), ())
    return [nobody, *person_records_steps(inputs, told, _without(empty), of=of)]


def _without(empty: Collection[str]) -> list[Relation]:
    """The relations that give facts; those that have no row are all one."""
    return [replace(one, name=_NOBODY) if one.name in empty else one for one in fact_relations()]


def _nobody(facts: Iterable[Fact]) -> str:
    return literal((("person_key", "BIGINT"), *((fact.id, SQL_TYPES[fact.type.kind]) for fact in facts)), [])
