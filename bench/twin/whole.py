"""The whole twin: from the lake's lines in force to the verdicts of tiers and indicators, stage by stage."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl

from doudi import policybook_dir
from doudi.policy.load import load_book
from twin import alerts, families, floors, money, parents, people, registers, tiers
from twin.beside import gathered, with_home
from twin.homes import Rolls, households, read_rolls
from twin.lake import Lake
from twin.names import TWIN_TIERS
from twin.settings import Settings, read_settings
from twin.sources import first_of

YEAR = 12


def verdicts(home: Path, at: date) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Tiers and hits of the city landed in `home`, on the day.

    tiers: subject_kind, subject_key, tier (word id), verdict: one row for each person or household.
    hits: subject_kind, subject_key, indicator, verdict; only yes and unknown (null) rows.
    """
    lake = Lake.open(home, at)
    settings = read_settings(load_book(policybook_dir()), at, lake.counties)
    rolls = read_rolls(lake)
    living = households(lake, rolls, settings)
    everybody = _everybody(lake, rolls, living, settings)
    homes = _homes(everybody, settings)
    everybody, homes = _tiers(everybody, homes, settings)
    return _told(everybody, homes), _hits(everybody, homes, lake, settings)


def _steps(frame: pl.LazyFrame, *steps: list[pl.Expr]) -> pl.LazyFrame:
    for step in steps:
        frame = frame.with_columns(step)
    return frame


def _everybody(lake: Lake, rolls: Rolls, living: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """One row per person with all his words that ask nobody else."""
    at, year = lake.at, lake.from_month(YEAR)
    running = settings.whole("wage_running_months")
    running_from = None if running is None else first_of(at.year * 12 + at.month - 1 - running)
    tables = [
        *registers.enrolment(rolls, at),
        registers.custody(lake, at),
        *registers.health(lake),
        *registers.schooling(lake),
        *registers.work(lake, lake.from_month(2 * YEAR), at),
        *registers.hardship(lake, year),
        money.medical(lake, year),
        *money.taxed(lake, year, running_from),
        money.pensions(lake),
        *money.property_on_record(lake),
    ]
    frame = gathered(living, [*tables, lake.doubtful()]).lazy()
    doubted = lake.doubts("assistance").alias("aid_doubted")
    frame = _steps(
        frame, [*people.believed(lake), *floors.recorded(lake), doubted], *people.derived(settings),
        *floors.earned(settings), *floors.owned(settings), *tiers.obligors(settings),
    )  # fmt: skip
    own = pl.col("running") * YEAR >= YEAR * pl.col("std_hi")
    hardship = pl.col("fresh_ill") | pl.col("fresh_severe") | pl.col("destroyed")
    benefit = pl.col("dibao") | (pl.col("tekun") & pl.col("scattered"))
    frame = frame.with_columns(
        own.fill_null(value=False).alias("own_income_over"),
        hardship.alias("fresh_hardship"),
        benefit.alias("on_benefit"),
    )
    told = frame.collect()
    minors = parents.of_minors(told.lazy(), rolls.kin, settings).collect()
    return gathered(told, [minors]).lazy().with_columns(parents.child_words()).collect()


def _homes(everybody: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    homes = _steps(families.households(everybody.lazy()), *tiers.household_words(settings))
    col = pl.col
    return (
        homes.with_columns(
            surely_not_rigid=col("surely_over_disposable") | col("rigid_property_over"),
            surely_not_margin=col("surely_over_margin") | col("margin_property_over"),
        )
        .sort("home")
        .collect()
    )


def _tiers(everybody: pl.DataFrame, homes: pl.DataFrame, settings: Settings) -> tuple[pl.DataFrame, pl.DataFrame]:
    """特困 first, for it decides who is left to be 低保; 单人保 after the households'."""
    col = pl.col
    persons = tiers.tekun(with_home(everybody, homes, "able_lo", "able_hi").lazy()).collect()
    not_tekun = (col("core") & ~col("assessed_tekun")).fill_null(value=False)
    surely = (~col("possible") | col("assessed_tekun")).fill_null(value=False)
    every = (
        persons.lazy()
        .select("home", no=not_tekun, yes=surely)
        .group_by("home")
        .agg(col("no").any(), col("yes").all())
        .select("home", every_tekun=pl.when("no").then(statement=False).when("yes").then(statement=True))
    )
    assessed = _steps(homes.lazy().join(every, on="home"), *tiers.household_tiers(settings)).sort("home").collect()
    told = with_home(persons, assessed, "net_over_single", "margin_property_over", "assessed_dibao")
    return tiers.single(told.lazy()).collect(), assessed


def _told(everybody: pl.DataFrame, homes: pl.DataFrame) -> pl.DataFrame:
    frames = {"person": everybody, "household": homes}
    return pl.concat(
        [
            frames[kind].select(
                pl.lit(kind).alias("subject_kind"),
                pl.col(f"{kind}_key").alias("subject_key"),
                pl.lit(tier).alias("tier"),
                pl.col(tier).alias("verdict"),
            )
            for kind, words in TWIN_TIERS.items()
            for tier in words
        ]
    )


def _hits(everybody: pl.DataFrame, homes: pl.DataFrame, lake: Lake, settings: Settings) -> pl.DataFrame:
    persons, houses = everybody.lazy(), homes.lazy()
    parts = [*alerts.of_persons(persons, houses, settings), *alerts.of_households(persons, houses, lake, settings)]
    return pl.concat(pl.collect_all(parts))
