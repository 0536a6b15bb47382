"""留下的户：粗筛筛出可能有预警的户，加上旧预警还没了结的户；只有这些户才逐字求值。

The households whose facts and rules are worked out in full. Everybody else was found to be *no* in every indicator by
the sieve, which looks at few facts of everybody (`sieve.py` says why that is sound).
"""

import re
from collections.abc import Iterable, Mapping

from doudi.engine.backends.duckdb import quoted
from doudi.engine.carried import Looked
from doudi.engine.facts import columns_of, household_records_step, person_records_steps
from doudi.engine.inputs import Inputs
from doudi.engine.landed import literal
from doudi.engine.meaning import Given
from doudi.engine.relations import fact_relations
from doudi.engine.sieve import PREFIX, sieve
from doudi.engine.step import Step
from doudi.policy.rule import Book, Fact

__all__ = ["EVERYBODY", "KEPT_HOUSEHOLDS", "KEPT_PERSONS", "kept_everybody", "kept_steps", "sieve_steps"]

STAGE = "35_sieve"
KEPT_PERSONS, KEPT_HOUSEHOLDS = "kept_members", "kept_households"
EVERYBODY = ("members", "households")
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
    found = sieve(book, given)
    facts = [fact for fact in book.facts.values() if fact.id in found.facts]
    few = {grain: f"{PREFIX}{grain}_facts" for grain in ("person", "household")}
    steps = _looked_at(facts, few, looked or {}) or [
        *person_records_steps(inputs, facts, fact_relations(), few["person"], members),
        household_records_step(inputs, facts, fact_relations(), few["household"], households),
    ]
    for stage in found.stages:
        text = re.sub(r"\b(person|household)_facts\b", lambda name: few[name[1]], stage.sql)
        reads = tuple(few.get(name.removesuffix("_facts"), name) for name in stage.reads)
        steps.append(Step(stage.name, STAGE, text, reads, grain=(f"{stage.grain}_key",)))
    open_alerts = Step("standing", STAGE, literal(_STANDING, sorted(set(standing))), (), stored=False)
    theirs = f"""SELECT household_key FROM {members}
JOIN standing ON subject_key = CASE WHEN subject_kind = 'person' THEN person_key ELSE household_key END"""
    beside = f"""WITH theirs AS ({theirs})
SELECT household_key FROM theirs
UNION
SELECT e.household_key FROM theirs
JOIN {members} AS c ON c.household_key = theirs.household_key
JOIN parents AS k ON k.person_key = c.person_key
JOIN {members} AS e ON e.person_key = k.parent_key"""
    # A book whose indicators are all off lets nobody through.
    every = [text for text in (found.survivors, f"SELECT household_key FROM ({beside}) AS open") if text]
    kept = "SELECT DISTINCT household_key FROM (\n" + "\nUNION\n".join(every) + "\n) AS every"
    reads = (*found.reads, members, "standing", "parents")
    return [*steps, open_alerts, *kept_steps(kept, tuple(dict.fromkeys(reads)), of)]


def _looked_at(facts: Iterable[Fact], few: Mapping[str, str], looked: Mapping[str, Looked]) -> list[Step]:
    """The few facts as they lie in files; none unless all of them do."""
    wanted = {grain: {name for fact in facts if fact.grain == grain for name in columns_of(fact)} for grain in few}
    if not all(few[grain] in looked and names <= looked[few[grain]].columns for grain, names in wanted.items()):
        return []
    texts = {grain: f"SELECT * FROM read_parquet({quoted(looked[name].file)})" for grain, name in few.items()}
    return [Step(few[grain], STAGE, text, (), stored=False, grain=(f"{grain}_key",)) for grain, text in texts.items()]


def kept_everybody() -> list[Step]:
    """All households kept: what the sieve must not change, and what a small lake can do without it."""
    return kept_steps("SELECT household_key FROM households", ("households",))


def kept_steps(kept: str, reads: tuple[str, ...], of: tuple[str, str] = EVERYBODY) -> list[Step]:
    """`kept` (household_key) from its text, and the members and households of it."""
    members, households = of
    named = "WHERE household_key IN (SELECT household_key FROM kept)"
    return [
        Step("kept", STAGE, kept, reads, grain=("household_key",)),
        Step(KEPT_PERSONS, STAGE, f"SELECT * FROM {members} {named}", (members, "kept"), grain=("person_key",)),
        Step(
            KEPT_HOUSEHOLDS, STAGE, f"SELECT * FROM {households} {named}", (households, "kept"), grain=("household_key",)
        ),
    ]  # fmt: skip
