"""Twin and engine row by row. The only room here that knows the engine: it asks it for the same words and indicators."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl

from doudi.engine.backends.duckdb import open_backend
from doudi.engine.inputs import Inputs
from doudi.engine.plan import plan
from doudi.engine.step import Step
from doudi.policy.rule import Book
from doudi.readout.home import book
from doudi.readout.inputs import read_inputs
from twin.names import TWIN_INDICATORS, TWIN_TIERS
from twin.whole import verdicts

Verdicts = tuple[pl.DataFrame, pl.DataFrame]
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


def engine_steps(inputs: Inputs, whole: Book, *, everybody: bool = True) -> tuple[Step, ...]:
    """The engine's plan for what the twin answers: its indicators, and the tiers' words in the last stage of each grain.

    A monitoring run asks further only about households in which some indicator may hold. `everybody`: nobody is left out,
    for the twin tells the tiers of all; otherwise `tiers` has rows of those only, and `verdicts` the same rows.
    """
    few = replace(whole, indicators=tuple(one for one in whole.indicators if one.id in TWIN_INDICATORS))
    words = [word for tier in TWIN_TIERS.values() for word in tier]
    planned = plan(inputs, few, words=words, everybody=everybody).steps
    last = {kind: max(step.name for step in planned if re.fullmatch(rf"{kind}s_\d", step.name)) for kind in TWIN_TIERS}
    tiers = "\nUNION ALL ".join(
        f"SELECT '{kind}' AS subject_kind, {kind}_key AS subject_key, '{word}' AS tier, {word} AS verdict "  # noqa: S608  # the book's checked words
        f"FROM {last[kind]}"
        for kind, tier in TWIN_TIERS.items()
        for word in tier
    )
    return *planned, Step("tiers", "50_alerts", tiers, tuple(last.values()), stored=False)


def engine_verdicts(home: Path, at: date) -> Verdicts:
    """The engine's tiers and hits of the city, in the twin's form; nothing carried over from an earlier run.

    Tiers are told of everybody, hits as a monitoring run finds them.
    """
    inputs, whole = read_inputs(home, at), book()
    tiers = _asked(inputs, whole, "tier", everybody=True)
    return tiers, _asked(inputs, whole, "indicator", everybody=False)


def _asked(inputs: Inputs, whole: Book, name: str, *, everybody: bool) -> pl.DataFrame:
    relation = {"tier": "tiers", "indicator": "verdicts"}[name]
    with open_backend(inputs.home, "2GB", [inputs.home / "lake"]) as backend:
        for step in engine_steps(inputs, whole, everybody=everybody):
            (backend.materialise if step.stored else backend.name_view)(step.name, step.sql)
        rows = backend.rows(f"SELECT subject_kind, subject_key, {name}, verdict FROM {relation}")  # noqa: S608  # two names of ours
    shape = {"subject_kind": pl.String, "subject_key": pl.Int64, name: pl.String, "verdict": pl.Boolean}
    return pl.DataFrame(rows, schema=shape, orient="row")
