"""留下的户：粗筛筛出可能有预警的户，加上旧预警还没了结的户；只有这些户才逐字求值。

The households whose facts and rules are worked out in full. Everybody else was found to be *no* in every indicator by
the sieve, which looks at few facts of everybody (`sieve.py` says why that is sound).
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from doudi.engine.backends.duckdb import quoted
from doudi.engine.carried import Looked
from doudi.engine.facts import (
    columns_of,
    household_records_step,
    more_records_steps,
    person_records_steps,
    silent_facts,
)
from doudi.engine.inputs import Inputs
from doudi.engine.landed import literal
from doudi.engine.meaning import Given
from doudi.engine.noted import NOTED, NOTED_MEMBERS, noted_steps, with_parents
from doudi.engine.relations import Relation, fact_relations
from doudi.engine.sieve import OF_NEARLY_ALL, PREFIX, Sieve, generations, sieve
from doudi.engine.step import Step
from doudi.policy.rule import Book, Fact

__all__ = ["EVERYBODY", "KEPT_HOUSEHOLDS", "KEPT_PERSONS", "kept_everybody", "kept_steps", "sieve_steps"]

STAGE = "35_sieve"
KEPT_PERSONS, KEPT_HOUSEHOLDS = "kept_members", "kept_households"
EVERYBODY = ("members", "households")
NOTED_PREFIX = "noted_"
_GENERATIONS = 1  # of parents at least are noted with a household, so that an edited rule may begin with what was noted
_STANDING = (("subject_kind", "VARCHAR"), ("subject_key", "BIGINT"))


def sieve_steps(  # what is sieved by what, and what is known of it already
    inputs: Inputs,
    book: Book,
    given: Given,
    standing: Iterable[tuple[str, int]],
    of: tuple[str, str] = EVERYBODY,
    looked: Mapping[str, Looked] | None = None,
) -> list[Step]:
    """From the few facts of the members and households that `of` names to `kept`, and the members and households of it.

    `standing`: subjects of open alerts, kept whatever the sieve says, with the households of their members' parents.
    `looked`: the few facts of everybody, where an earlier run left them.
    """
    members, households = of
    whole, far = sieve(book, given, prefix=NOTED_PREFIX), generations(book, given)
    rare, relations = _rare(book, whole.facts)
    told, silent = silent_facts(inputs, rare, relations)
    plain = sieve(book, replace(given, constants={**given.constants, **told}))
    few = [fact for fact in book.facts.values() if fact.id in (plain.facts | whole.facts) - told.keys()]
    names = f"{PREFIX}person_facts", f"{PREFIX}household_facts"
    steps = (_looked_at(few, rare, looked or {}) if far <= _GENERATIONS else []) or [
        *person_records_steps(inputs, few, fact_relations(), names[0], members),
        household_records_step(inputs, few, fact_relations(), names[1], households),
        *noted_steps([relation.name for relation in relations], silent, max(far, _GENERATIONS), of, names),
        *more_records_steps(inputs, rare, relations, f"{NOTED_PREFIX}person_facts", NOTED_MEMBERS),
    ]
    steps += [
        *_stages(plain, PREFIX),
        *_stages(whole, NOTED_PREFIX),
        Step("standing", STAGE, literal(_STANDING, sorted(set(standing))), (), stored=False),
    ]
    theirs = f"""SELECT household_key FROM {members}
JOIN standing ON subject_key = CASE WHEN subject_kind = 'person' THEN person_key ELSE household_key END"""
    passed = f"""SELECT household_key FROM (
{plain.passed}
) AS plain WHERE household_key NOT IN (SELECT household_key FROM {NOTED})
UNION
SELECT household_key FROM (
{whole.passed}
) AS whole WHERE household_key IN (SELECT household_key FROM {NOTED})"""
    kept = f"""SELECT household_key FROM (
{with_parents(passed, far, members)}
) AS passed
UNION
SELECT household_key FROM (
{with_parents(theirs, 1, members)}
) AS open"""
    reads = (names[0], *plain.reads, *whole.reads, NOTED, members, "standing", "parents")
    return [*steps, *kept_steps(kept, tuple(dict.fromkeys(reads)), of)]


def _rare(book: Book, facts: Iterable[str]) -> tuple[list[Fact], list[Relation]]:
    """Of these facts those that relations with few persons tell, and the relations."""
    found = {
        fact: relation
        for relation in fact_relations()
        if relation.grain == ("person_key",) and relation.name not in OF_NEARLY_ALL
        for fact in relation.facts
        if fact in facts
    }
    names = {relation.name for relation in found.values()}
    relations = [relation for relation in fact_relations() if relation.name in names]
    return [book.facts[fact] for fact in sorted(found)], relations


def _stages(found: Sieve, prefix: str) -> Iterator[Step]:
    """The stages of a sieve, over the facts under its prefix."""
    for stage in found.stages:
        text, *reads = (
            re.sub(r"\b(person|household)_facts\b", rf"{prefix}\1_facts", each) for each in (stage.sql, *stage.reads)
        )
        yield Step(stage.name, STAGE, text, tuple(reads), grain=(f"{stage.grain}_key",))


def _looked_at(few: Iterable[Fact], rare: Iterable[Fact], looked: Mapping[str, Looked]) -> list[Step]:
    """Whatever the stages begin with as it lies in files; none unless all of it does. Households that were noted for other
    registers too are asked all the same.
    """
    wanted = {NOTED: {"household_key"}}
    for prefix, facts in ((PREFIX, few), (NOTED_PREFIX, [*few, *rare])):
        for grain in ("person", "household"):
            told = {name for fact in facts if fact.grain == grain for name in columns_of(fact)}
            wanted[f"{prefix}{grain}_facts"] = told
    if not all(name in looked and columns <= looked[name].columns for name, columns in wanted.items()):
        return []
    return [
        Step(name, STAGE, f"SELECT * FROM read_parquet({quoted(looked[name].file)})", (), stored=False)
        for name in wanted
    ]


def kept_everybody() -> list[Step]:
    """All households kept: what the sieve must not change, and what a small lake can do without it."""
    return kept_steps("SELECT household_key FROM households", ("households",))


def kept_steps(kept: str, reads: tuple[str, ...], of: tuple[str, str] = EVERYBODY) -> list[Step]:
    """`kept` (household_key) from its text, and the members and households of it."""
    members, households = of
    named = "WHERE household_key IN (SELECT household_key FROM kept)"
    return [
        Step("kept", STAGE, kept, reads, grain=("household_key",)),
        Step(KEPT_PERSONS, STAGE, f"SELECT * FROM {members} {named}", ("kept", members), grain=("person_key",)),
        Step(
            KEPT_HOUSEHOLDS, STAGE, f"SELECT * FROM {households} {named}", ("kept", households), grain=("household_key",)
        ),
    ]  # fmt: skip
