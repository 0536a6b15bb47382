"""计划：先写出全部关系，再执行。纯函数，可打印。

Everything a run will execute, as a tuple of steps in order. Nothing here touches the lake: the same inputs, book and
previous members give the same texts.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from doudi.engine.backends.duckdb import quoted
from doudi.engine.compile import Stage, compile_book
from doudi.engine.facts import (
    blind_step,
    constant_facts,
    exact_facts,
    household_records_step,
    person_records_steps,
)
from doudi.engine.inputs import Inputs
from doudi.engine.kept import KEPT_HOUSEHOLDS, KEPT_PERSONS, kept_everybody, sieve_steps
from doudi.engine.landed import conflict_step, delivery_step, landed_steps, literal, monitoring_step, silence_step
from doudi.engine.lineage import with_columns
from doudi.engine.meaning import Given
from doudi.engine.narrow import narrowed_steps
from doudi.engine.receipts import event_words, from_assistance, receipt_steps, renamed
from doudi.engine.relations import fact_relations, read_relations
from doudi.engine.settings import common_settings, parameter_table
from doudi.engine.step import Step, in_order
from doudi.engine.subjects import facts_for
from doudi.policy.expr import Name
from doudi.policy.rule import Book, Fact
from doudi.policy.view import View, view

__all__ = ["Plan", "city_code", "county_views", "fact_relations", "plan", "plan_facts", "plan_households"]

PREVIOUS = (("household_key", "BIGINT"), ("person_key", "BIGINT"), ("is_head", "BOOLEAN"))
VERDICTS = (
    ("subject_kind", "VARCHAR"), ("subject_key", "BIGINT"), ("indicator", "VARCHAR"), ("verdict", "BOOLEAN"),
    ("red", "BOOLEAN"), ("distance", "BIGINT"),
)  # fmt: skip
# What a run, and the reasons of its alerts, read; relations that nothing of this stands on are not made.
TARGETS = ("delivery_facts", "household_facts", "person_facts", "parents", "hits", "cannot_tell", "doubtful")
TARGETS_OF_SOME = ("household_facts", "person_facts", "parents", "members", "assistance", "monitoring")
NOWHERE = 0  # the county of those whom no county of the city claims


@dataclass(frozen=True)
class Plan:
    """Steps in the order of execution, and the book as it stands in each county on the day."""

    steps: tuple[Step, ...]
    views: Mapping[int, View]

    def __str__(self) -> str:
        lines, stage = [], ""
        for step in self.steps:
            if step.stage != stage:
                stage = step.stage
                lines.append(stage)
            mark = "表" if step.stored else "视图"
            reads = f"  ← {', '.join(step.reads)}" if step.reads else ""
            if step.lake and step.lake.columns:
                reads = f"  ← 湖 {len(step.lake.batches)} 批：{', '.join(step.lake.columns)}"
            lines.append(f"  {mark} {step.name}{reads}")
        return "\n".join(lines)


def city_code(inputs: Inputs) -> str:
    """The city that the counties lie in, as the book writes regions; the nation when no county is known."""
    return f"{inputs.counties[0] // 100}00" if inputs.counties else "000000"


def county_views(inputs: Inputs, book: Book, *, production: bool) -> dict[int, View]:
    """The book in every county of the city on the day, and in none of them (key 0: the city's own values)."""
    regions = {NOWHERE: city_code(inputs)} | {county: f"{county:06d}" for county in inputs.counties}
    return {county: view(book, inputs.at, region, production=production) for county, region in regions.items()}


def plan(
    inputs: Inputs,
    book: Book,
    *,
    production: bool = False,
    previous: Path | None = None,
    standing: Iterable[tuple[str, int]] = (),
    words: Iterable[str] = (),
    everybody: bool = False,
) -> Plan:
    """From the lake to `hits` and `cannot_tell`. `production` refuses 示范参数: they become unknown.

    `previous` is the members' file of the run before, for household keys that continue; `standing` the persons and
    households (kind, key) of its open alerts, whose facts are needed whatever becomes of them. `words`: derived words
    wanted in the last stages though no indicator reads them; `everybody`: no sieve, all households are worked out.
    """
    views = county_views(inputs, book, production=production)
    given, asked = _given(book, views), tuple(words)
    needed = _facts_needed(book, asked)
    steps = plan_facts(inputs, book, views[NOWHERE], previous, needed)
    steps += kept_everybody() if everybody else sieve_steps(inputs, book, given, standing)
    steps += _receipts(inputs, _with_receipts(book, needed), given, views)
    compiled = compile_book(book, asked, given=given)
    steps += [
        Step(stage.name, "40_indicators", stage.sql, stage.reads, grain=(f"{stage.grain}_key",))
        for stage in compiled.stages
    ]
    parts = [
        f"SELECT subject_kind, subject_key, indicator, verdict, red, distance FROM (\n{hit.sql}\n) AS hit"
        for hit in compiled.hits
    ]
    reads = dict.fromkeys(name for hit in compiled.hits for name in hit.reads)
    none = literal(VERDICTS, [])  # a book whose indicators are all off
    steps.append(Step("verdicts", "40_indicators", "\nUNION ALL ".join(parts) or none, tuple(reads)))
    for relation in read_relations("50_alerts"):
        steps.append(Step(relation.name, relation.stage, relation.sql, relation.reads, grain=relation.grain))
    last = [stage.name for stage in compiled.stages if asked and stage.grain != "delivery"][-2:]
    narrow = narrowed_steps(in_order(steps, (*TARGETS, *last)), KEPT_PERSONS)
    return Plan(with_columns(in_order(narrow, (*TARGETS, *last))), views)


def _facts_needed(book: Book, words: Iterable[str]) -> frozenset[str]:
    """The facts that the rules of this run read, that its alerts' reasons tell, and that payments' due dates rest on."""
    active = [indicator for indicator in book.indicators if not indicator.off]
    parts = [node for one in active for node in (one.red_when, one.distance)]
    named = [Name(word, book.words[word].type) for word in (*words, *event_words(book))]
    return facts_for(book, active) | (book.rests_on(*parts, *named) & book.facts.keys())


def _with_receipts(book: Book, needed: frozenset[str]) -> Book:
    """The book with only those programmes whose payment somebody asks about."""
    asked = tuple(one for one in book.programmes if f"recorded_{one.id}" in needed)
    return replace(book, programmes=asked)


def plan_households(inputs: Inputs, book: Book, given: Iterable[Step], *, production: bool) -> Plan:
    """From the lake to the facts of some households and what their evidence needs. `given` are steps that stand in the
    place of those of the same name: who is kept, and who lives with whom.
    """
    views = county_views(inputs, book, production=production)
    steps = plan_facts(inputs, book, views[NOWHERE])
    steps += _receipts(inputs, book, _given(book, views), views)
    known = {step.name: step for step in (*steps, *given)}
    evidence = {one.relation for relation in fact_relations() for one in relation.evidence}
    return Plan(in_order(known.values(), sorted({*TARGETS_OF_SOME, *evidence & known.keys()})), views)


def _given(book: Book, views: Mapping[int, View]) -> Given:
    told = _told_facts(book)
    settings = common_settings(*parameter_table(views))
    return Given(constant_facts(told, fact_relations()), settings, exact_facts(told, fact_relations()))


def _receipts(inputs: Inputs, book: Book, given: Given, views: Mapping[int, View]) -> list[Step]:
    """The settings, the dates that payments are due on, and what was paid since: the facts are complete then."""
    steps = [Step("parameters", "30_households", literal(*parameter_table(views)), ())]
    words = event_words(book)
    early = compile_book(replace(book, indicators=()), words, given=given).stages if words else ()
    names = [stage.name for stage in early]
    steps += [_early_step(stage, names) for stage in early]
    return steps + receipt_steps(inputs, book, {stage.grain: f"early_{stage.name}" for stage in early})


def _early_step(stage: Stage, names: list[str]) -> Step:
    """Event dates are needed before the receipts, and the receipts before the facts are complete."""
    reads = tuple(renamed(name, names) for name in stage.reads)
    return Step(
        f"early_{stage.name}", "30_households", renamed(stage.sql, names), reads, stored=stage.grain != "delivery"
    )


def _setting(city: View, name: str) -> int | None:
    value = city.settings.get(name)
    return int(value) if isinstance(value, Fraction) else None


def plan_facts(
    inputs: Inputs, book: Book, city: View, previous: Path | None = None, needed: frozenset[str] | None = None
) -> list[Step]:
    """The steps from the lake to `person_records`, `household_records` and `delivery_facts`; not in order yet.

    The records tell the facts `needed`, or all.
    """
    feeds = [inputs.feeds[name] for name in sorted(inputs.feeds)]
    monitoring = monitoring_step(inputs, _setting(city, "wage_running_months"), _setting(city, "largest_household"))
    steps = [monitoring, silence_step(inputs), delivery_step(inputs)]
    for feed in feeds:
        steps += landed_steps(feed, inputs.at)
    steps += [conflict_step(feeds), blind_step(inputs)]
    steps.append(Step("previous_members", "30_households", _previous_sql(previous), (), stored=False))
    for relation in (*read_relations("20_persons"), *read_relations("30_households")):
        steps.append(
            Step(
                relation.name, relation.stage, relation.sql, relation.reads, relation.stored, relation.audited,
                shard=relation.shard if relation.stage == "20_persons" else "none",
            )
        )  # fmt: skip
    told = [fact for fact in _told_facts(book) if needed is None or fact.id in needed]
    return [
        *steps,
        *person_records_steps(inputs, told, fact_relations(), of=KEPT_PERSONS),
        household_records_step(inputs, told, fact_relations(), of=KEPT_HOUSEHOLDS),
    ]


def _told_facts(book: Book) -> list[Fact]:
    """The facts that registers tell; receipts are worked out from payments and due dates."""
    receipts = {f"recorded_{programme.id}" for programme in from_assistance(book)}
    return [fact for fact in book.facts.values() if fact.id not in receipts]


def _previous_sql(previous: Path | None) -> str:
    if previous is None:
        return literal(PREVIOUS, [])
    return f"SELECT {', '.join(name for name, _ in PREVIOUS)} FROM read_parquet({quoted(previous)})"
