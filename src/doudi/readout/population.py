"""人口：一次运行里有哪些户、哪些人，每人在哪一册、户籍在哪、住在哪。

The population of a finished run as frames: its households and members, with what the rolls in force then say of each.
"""

import tempfile
from pathlib import Path
from typing import Final

import polars as pl

from doudi.engine.backends.duckdb import Backend, open_backend, quoted
from doudi.engine.inputs import Inputs
from doudi.engine.landed import landed_steps, monitoring_step
from doudi.engine.relations import fact_relations
from doudi.policy.rule import Book
from doudi.readout.dossier import asked_run
from doudi.readout.runs import FinishedRun

__all__ = ["population_of"]

_MEMORY: Final = "1GB"


def population_of(home: Path, run: FinishedRun) -> tuple[pl.DataFrame, pl.DataFrame]:
    """households.parquet and members.parquet of that run.

    Of members also: `tiers` (ids of those in which the person is enrolled), `male`, `hukou_division` and
    `residence_division`; null where no register tells them.
    """
    asked = asked_run(home, run)
    households = pl.read_parquet(run.folder / "households.parquet")
    members = pl.read_parquet(run.folder / "members.parquet")
    (home / "tmp").mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory(dir=home / "tmp", prefix="population-") as folder,
        open_backend(home, _MEMORY, asked.inputs.folders) as backend,
    ):
        registered = _laid_down(backend, _registered(backend, asked.inputs), Path(folder) / "registered.parquet")
        enrolled = _laid_down(backend, _enrolled(backend, asked.inputs, asked.book), Path(folder) / "enrolled.parquet")
    tiers = enrolled.group_by("person_key").agg(pl.col("tier").sort().alias("tiers"))
    told = members.join(registered, on="person_key", how="left").join(tiers, on="person_key", how="left")
    return households, told


def _laid_down(backend: Backend, text: str, path: Path) -> pl.DataFrame:
    backend.write_parquet(text, path)
    return pl.read_parquet(path)


def _registered(backend: Backend, inputs: Inputs) -> str:
    """Where the police have each person: one row a person, since the roll's key is the person."""
    _read(backend, inputs, "population")
    return (
        "SELECT person_key, any_value(male) AS male, any_value(hukou_division) AS hukou_division, "
        "any_value(live_division) AS residence_division FROM population GROUP BY person_key"
    )


def _enrolled(backend: Backend, inputs: Inputs, book: Book) -> str:
    """One row per person and tier in which he is enrolled."""
    backend.name_view("monitoring", monitoring_step(inputs, None, None).sql)
    relations = {fact: relation for relation in fact_relations() for fact in relation.facts}
    parts, made = [], set[str]()
    for tier in book.tiers:
        if not tier.enrolled:
            continue
        fact = book.by_name[tier.enrolled]
        relation = relations[fact]
        for feed in set(relation.reads) & inputs.feeds.keys() - made:
            _read(backend, inputs, feed)
            made.add(feed)
        if relation.name not in made:
            backend.materialise(relation.name, relation.sql)
            made.add(relation.name)
        parts.append(f"SELECT person_key, {quoted(tier.id)} AS tier FROM {relation.name} WHERE {fact}")  # noqa: S608 - the book's words
    return "\nUNION ALL ".join(parts)


def _read(backend: Backend, inputs: Inputs, feed: str) -> None:
    """The lines of a feed in force, under its name."""
    for step in landed_steps(inputs[feed], inputs.at):
        backend.name_view(step.name, step.sql)
