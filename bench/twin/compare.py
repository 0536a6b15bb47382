"""Twin and engine row by row. The only room here that knows the engine: it asks it for the same words and indicators."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl

from doudi.cli.glue import read_inputs
from doudi.cli.home import book
from doudi.engine.backends.duckdb import open_backend
from doudi.engine.compile import compile_book
from doudi.engine.inputs import Inputs
from doudi.engine.plan import plan
from doudi.engine.step import Step
from doudi.policy.rule import Book
from twin.names import TWIN_INDICATORS, TWIN_TIERS
from twin.whole import verdicts

Verdicts = tuple[pl.DataFrame, pl.DataFrame]
COMPILED = ("40_indicators", "50_alerts")
SHOWN = 5


def differences(home: Path, at: date) -> list[str]:
    """What twin and engine say differently of the city landed in `home`; empty = nothing."""
    return row_differences(verdicts(home, at), engine_verdicts(home, at))


def row_differences(twin: Verdicts, engine: Verdicts) -> list[str]:
    """A sentence for each tier or indicator with rows that only one has, or with another verdict; some subjects named."""
    return [
        sentence
        for ours, theirs, name in zip(twin, engine, ("tier", "indicator"), strict=True)
        for sentence in _differing(ours, theirs, name)
    ]


def _differing(ours: pl.DataFrame, theirs: pl.DataFrame, name: str) -> list[str]:
    key = ["subject_kind", "subject_key", name]
    missing = pl.lit("no row")
    said = pl.col("verdict").cast(pl.String).fill_null("unknown")
    both = ours.select(*key, twin=said).join(theirs.select(*key, engine=said), on=key, how="full", coalesce=True)
    apart = both.with_columns(pl.col("twin", "engine").fill_null(missing)).filter(pl.col("twin") != pl.col("engine"))
    grouped = apart.group_by(name, "subject_kind", "twin", "engine").agg(
        pl.len().alias("rows"), pl.col("subject_key").sort().head(SHOWN).alias("some")
    )
    return [
        f"{row[name]}: {row['rows']} {row['subject_kind']} rows, twin {row['twin']}, engine {row['engine']}, as {row['some']}"
        for row in grouped.sort(name, "twin", "engine").iter_rows(named=True)
    ]


def engine_steps(inputs: Inputs, whole: Book) -> tuple[Step, ...]:
    """The engine's plan for what the twin answers: its indicators, and the tiers' words in the last stage of each grain."""
    few = replace(whole, indicators=tuple(one for one in whole.indicators if one.id in TWIN_INDICATORS))
    planned = plan(inputs, few).steps
    words = [word for tier in TWIN_TIERS.values() for word in tier]
    compiled = compile_book(few, words)
    facts = [step for step in planned if step.stage not in COMPILED]
    stages = [
        Step(stage.name, COMPILED[0], stage.sql, stage.reads, grain=(f"{stage.grain}_key",))
        for stage in compiled.stages
    ]
    rows = "\nUNION ALL ".join(
        f"SELECT * FROM (\n{hit.sql}\n) AS hit"  # noqa: S608  # the engine's own text
        for hit in compiled.hits
    )
    reads = tuple(dict.fromkeys(name for hit in compiled.hits for name in hit.reads))
    last = {stage.grain: stage.name for stage in compiled.stages}
    tiers = "\nUNION ALL ".join(
        f"SELECT '{kind}' AS subject_kind, {kind}_key AS subject_key, '{word}' AS tier, {word} AS verdict "  # noqa: S608  # the book's checked words
        f"FROM {last[kind]}"
        for kind, tier in TWIN_TIERS.items()
        for word in tier
    )
    return (
        *facts, *stages, Step("verdicts", COMPILED[0], rows, reads, stored=False),
        Step("tiers", COMPILED[0], tiers, tuple(last.values()), stored=False),
    )  # fmt: skip


def engine_verdicts(home: Path, at: date) -> Verdicts:
    """The engine's tiers and hits of the city, in the twin's form; nothing carried over from an earlier run."""
    inputs = read_inputs(home, at)
    with open_backend(home, "2GB", [home / "lake"]) as backend:
        for step in engine_steps(inputs, book()):
            (backend.materialise if step.stored else backend.name_view)(step.name, step.sql)
        tiers = backend.rows("SELECT subject_kind, subject_key, tier, verdict FROM tiers")
        hits = backend.rows("SELECT subject_kind, subject_key, indicator, verdict FROM verdicts")
    shape = {"subject_kind": pl.String, "subject_key": pl.Int64}
    return (
        pl.DataFrame(tiers, schema=shape | {"tier": pl.String, "verdict": pl.Boolean}, orient="row"),
        pl.DataFrame(hits, schema=shape | {"indicator": pl.String, "verdict": pl.Boolean}, orient="row"),
    )
