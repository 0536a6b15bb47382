"""计划：先写出全部关系，再执行。纯函数，可打印。

Everything a run will execute, as a tuple of steps in order. Nothing here touches the lake: the same inputs, book and
previous members give the same texts.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from doudi.engine.backends.duckdb import quoted
from doudi.engine.compile import Stage, compile_book
from doudi.engine.counties import NOWHERE, county_views, monitored
from doudi.engine.facts import (
    blind_step,
    constant_facts,
    exact_facts,
    household_records_step,
    person_records_steps,
)
from doudi.engine.inputs import Inputs
from doudi.engine.kept import EVERYBODY, KEPT_HOUSEHOLDS, KEPT_PERSONS, kept_everybody, sieve_steps
from doudi.engine.landed import conflict_step, delivery_step, landed_steps, literal, silence_step
from doudi.engine.lineage import with_columns
from doudi.engine.meaning import Given
from doudi.engine.narrow import narrowed_steps
from doudi.engine.part import Part
from doudi.engine.part_steps import PART_HOUSEHOLDS, PART_PERSONS, outcome_steps, part_steps, taken_steps
from doudi.engine.receipts import event_words, from_assistance, receipt_steps, renamed
from doudi.engine.relations import fact_relations, read_relations
from doudi.engine.settings import common_settings, parameter_table
from doudi.engine.sieve import generations
from doudi.engine.step import Step, in_order
from doudi.engine.subjects import facts_for
from doudi.policy.expr import Name
from doudi.policy.rule import Book, Fact
from doudi.policy.view import View

__all__ = ["Plan", "fact_relations", "plan", "plan_facts", "plan_households"]

PREVIOUS = (("household_key", "BIGINT"), ("person_key", "BIGINT"), ("is_head", "BOOLEAN"))
VERDICTS = (
    ("subject_kind", "VARCHAR"), ("subject_key", "BIGINT"), ("indicator", "VARCHAR"), ("verdict", "BOOLEAN"),
    ("red", "BOOLEAN"), ("distance", "BIGINT"),
)  # fmt: skip
# What a run, and the reasons of its alerts, read; relations that nothing of this stands on are not made.
TARGETS = (
    "delivery_facts",
    "household_facts",
    "person_facts",
    "parents",
    "verdicts",
    "hits",
    "cannot_tell",
    "doubtful",
)
TARGETS_OF_SOME = ("household_facts", "person_facts", "parents", "members", "assistance", "monitoring")


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


def plan(
    inputs: Inputs,
    book: Book,
    *,
    production: bool = False,
    previous: Path | None = None,
    standing: Iterable[tuple[str, int]] = (),
    words: Iterable[str] = (),
    everybody: bool = False,
    part: Part | None = None,
) -> Plan:
    """From the lake to `hits` and `cannot_tell`. `production` refuses 示范参数: they become unknown.

    `previous` is the members' file of the run before, for household keys that continue; `standing` the persons and
    households (kind, key) of its open alerts, whose facts are needed whatever becomes of them. `words`: derived words
    wanted in the last stages though no indicator reads them; `everybody`: no sieve, all households are worked out.
    `part`: only what changed since an earlier run of the day is judged again, by `judged`.
    """
    views = county_views(inputs, book, production=production)
    if part is not None and part.of_rules:
        book = replace(book, indicators=tuple(one for one in book.indicators if one.id in part.indicators))
    given, asked = _given(book, views), tuple(words)
    needed = _facts_needed(book, asked)
    steps = plan_facts(inputs, book, views[NOWHERE], previous, needed)
    of = EVERYBODY
    if part is not None:
        steps, of = _of_part(steps, part, book, given)
    steps += (
        kept_everybody() if everybody else sieve_steps(inputs, book, given, standing, of, part.looked if part else None)
    )
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
    judged = "judged" if part else "verdicts"
    steps.append(Step(judged, "40_indicators", "\nUNION ALL ".join(parts) or none, tuple(reads)))
    if part is not None:
        steps += outcome_steps(part, [name for name, _ in VERDICTS])
    steps += _alert_steps(part)
    last = [stage.name for stage in compiled.stages if asked and stage.grain != "delivery"][-2:]
    targets = (*TARGETS, *last, *(name for name in (*EVERYBODY, "persons") if part))
    narrow = narrowed_steps(in_order(steps, targets), KEPT_PERSONS, "" if of == EVERYBODY else of[0])
    return Plan(with_columns(in_order(narrow, targets)), views)


def _of_part(steps: list[Step], part: Part, book: Book, given: Given) -> tuple[list[Step], tuple[str, str]]:
    """The steps, with who lives with whom taken from the earlier run where no moved feed tells of it; and whom they are for."""
    taken = {step.name: step for step in taken_steps(steps, part)}
    steps = [taken.get(step.name, step) for step in steps]
    if part.of_rules:
        return steps, EVERYBODY
    return [*steps, *part_steps(part, generations(book, given), formed_anew=not taken)], (PART_PERSONS, PART_HOUSEHOLDS)


def _alert_steps(part: Part | None) -> Iterator[Step]:
    """From the verdicts to hits and doubts. Of some rules, only their own doubts can be looked into."""
    for relation in read_relations("50_alerts"):
        sql, reads = relation.sql, relation.reads
        if part is not None and (part.of_rules or relation.name == "hits"):
            sql, reads = sql.replace("FROM verdicts", "FROM answered"), ("answered",)
        yield Step(relation.name, relation.stage, sql, reads, grain=relation.grain)


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


def plan_facts(
    inputs: Inputs, book: Book, city: View, previous: Path | None = None, needed: frozenset[str] | None = None
) -> list[Step]:
    """The steps from the lake to `person_records`, `household_records` and `delivery_facts`; not in order yet.

    The records tell the facts `needed`, or all.
    """
    feeds = [inputs.feeds[name] for name in sorted(inputs.feeds)]
    steps = [monitored(inputs, city), silence_step(inputs), delivery_step(inputs)]
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
