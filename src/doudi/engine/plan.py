"""计划：先写出全部关系，再执行。纯函数，可打印。

Everything a run will execute, as a tuple of steps in order. Nothing here touches the lake: the same inputs, book and
previous members give the same texts.
"""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from doudi.engine.backends.duckdb import quoted
from doudi.engine.facts import blind_step, household_facts_step, person_facts_step
from doudi.engine.inputs import Inputs
from doudi.engine.landed import conflict_step, landed_steps, literal, monitoring_step, silence_step
from doudi.engine.relations import Relation, read_relations
from doudi.engine.step import Step
from doudi.policy.rule import Book
from doudi.policy.view import View

__all__ = ["Plan", "city_view_county", "fact_relations", "plan_facts"]

PREVIOUS = (("household_key", "BIGINT"), ("person_key", "BIGINT"), ("is_head", "BOOLEAN"))


@dataclass(frozen=True)
class Plan:
    """Steps in the order of execution."""

    steps: tuple[Step, ...]

    def __str__(self) -> str:
        lines, stage = [], ""
        for step in self.steps:
            if step.stage != stage:
                stage = step.stage
                lines.append(stage)
            mark = "表" if step.stored else "视图"
            reads = f"  ← {', '.join(step.reads)}" if step.reads else ""
            lines.append(f"  {mark} {step.name}{reads}")
        return "\n".join(lines)


def city_view_county(inputs: Inputs) -> str:
    """Where the book is looked up for what concerns the city as a whole: its first county's city, as 6 digits."""
    return f"{inputs.counties[0] // 100}00" if inputs.counties else "000000"


def _setting(view: View, name: str) -> int | None:
    value = view.settings.get(name)
    return int(value) if isinstance(value, Fraction) else None


def fact_relations() -> tuple[Relation, ...]:
    """All relations that give facts, with their evidence."""
    every = (*read_relations("20_persons"), *read_relations("30_households"))
    return tuple(relation for relation in every if relation.facts)


def plan_facts(inputs: Inputs, book: Book, city: View, previous: Path | None = None) -> list[Step]:
    """The steps from the lake to `person_facts` and `household_facts`; not in order yet.

    `previous` is the members' file of the run before (household_key, person_key, is_head), for keys that continue.
    """
    numbers = {batch: number for number, batch in enumerate(inputs.batches)}
    feeds = [inputs.feeds[name] for name in sorted(inputs.feeds)]
    monitoring = monitoring_step(inputs, _setting(city, "wage_running_months"), _setting(city, "largest_household"))
    steps = [monitoring, silence_step(inputs)]
    for feed in feeds:
        steps += landed_steps(feed, numbers, inputs.at)
    steps += [conflict_step(feeds), blind_step(inputs)]
    steps.append(Step("previous_members", "30_households", _previous_sql(previous), (), stored=False))
    for relation in (*read_relations("20_persons"), *read_relations("30_households")):
        steps.append(Step(relation.name, relation.stage, relation.sql, relation.reads, grain=_audited(relation)))
    steps.append(person_facts_step(inputs, book.facts.values(), fact_relations()))
    steps.append(household_facts_step(inputs, book.facts.values(), fact_relations()))
    return steps


def _previous_sql(previous: Path | None) -> str:
    if previous is None:
        return literal(PREVIOUS, [])
    return f"SELECT {', '.join(name for name, _ in PREVIOUS)} FROM read_parquet({quoted(previous)})"


def _audited(relation: Relation) -> tuple[str, ...]:
    """The columns a unique grain is checked on; a grain told in prose ('line of the feed') is not."""
    return relation.grain if all("_" in column or column in ("date", "programme") for column in relation.grain) else ()
