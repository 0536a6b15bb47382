"""运行：照计划把关系做出来，查，比，说明理由，写下运行单。

`run` is the engine's one act. It opens a temporary database, executes the plan, audits every stored relation, compares
with the run before, explains the alerts, and writes `runs/<name>/`, which appears whole or not at all. Nothing here
decides anything: the plan and the book do.
"""

import shutil
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import doudi
from doudi.engine.alerts import City, alerts_of
from doudi.engine.audits import audit_people
from doudi.engine.backends.duckdb import open_backend
from doudi.engine.basis import BASIS, basis_of
from doudi.engine.carried import open_carried
from doudi.engine.execute import How, Progress, execute
from doudi.engine.inputs import Inputs
from doudi.engine.manifest import WHOLE, Manifest, counted, demo_settings, inputs_told
from doudi.engine.outcome import publish, read_outcome, write_entries, write_relations
from doudi.engine.part import Part, part_of
from doudi.engine.part_steps import PART_PERSONS
from doudi.engine.plan import plan
from doudi.engine.previous import Previous
from doudi.engine.subjects import Refs
from doudi.engine.unknowns import cannot_tell
from doudi.policy.rule import Book

__all__ = ["Run", "Settings", "run", "run_name"]


@dataclass(frozen=True)
class Settings:
    """How a run is made. `afresh`: nothing of an earlier run is carried over, which changes the time and no row.

    `progress(what)` is entered around each act that may take more than a second.
    """

    memory: str = "1GB"
    production: bool = False
    afresh: bool = False
    progress: Progress = lambda _: nullcontext()


@dataclass(frozen=True)
class Run:
    """A finished run: where it lies, what it says of itself, how each relation came about, and, where only a part was
    judged again, which.
    """

    folder: Path
    manifest: Manifest
    how: Mapping[str, How]
    part: Part | None = None


def run_name(inputs: Inputs) -> str:
    """A run's folder: one per monitoring date, and per horizon of knowledge where that was limited."""
    known = "".join(c for c in inputs.known or "" if c.isalnum())
    return inputs.at.isoformat() + (f"_known-{known}" if known else "")


def run(  # each is one word of the sentence: run these inputs by this book after that run into there
    inputs: Inputs,
    book: Book,
    refs: Refs,
    *,
    previous: Previous | None = None,
    folder: Path | None = None,
    settings: Settings | None = None,
) -> Run:
    """Monitor the city at `inputs.at`. `refs` gives persons' refs by key; `previous` is the run that `diff` compares with.

    Where `folder` holds a run of the same day, only what has changed since is judged again. Same inputs, book and previous
    run: equal relations and byte-equal alerts.jsonl, however they came about. Raises a Fault when an audit fails or the
    two readers disagree about an alert; then no run is left behind.
    """
    settings = settings or Settings()
    folder = folder or inputs.home / "runs" / run_name(inputs)
    made = inputs.home / "tmp" / f"making-{run_name(inputs)}"
    shutil.rmtree(made, ignore_errors=True)
    readable = [*inputs.folders, inputs.home / "cache", folder, *([previous.folder] if previous else [])]
    with (
        open_carried(inputs.home, afresh=settings.afresh) as carried,
        open_backend(inputs.home, settings.memory, readable) as backend,
    ):
        basis = basis_of(inputs, book, previous, production=settings.production)
        with settings.progress("看哪些变了"):
            before = None if settings.afresh else read_outcome(folder)
            if carried is not None:
                carried.lines = basis.lines
            part = part_of(backend, inputs, before, basis, carried) if before else None
        if part is not None and part.is_empty:
            return Run(folder, part.before.manifest, {}, part)
        planned = plan(
            inputs, book, production=settings.production, previous=previous.members if previous else None,
            standing=_standing(previous, part), part=part,
        )  # fmt: skip
        made_of = execute(backend, planned, inputs, settings.progress, carried, part=part)
        relations = {name: each.told() for name, each in made_of.items()}
        if part is not None:
            relations = {name: relations.get(name) or dict(part.before.manifest.relations[name]) for name in WHOLE}
        rows = {name: each.rows for name, each in made_of.items()} | {n: told["rows"] for n, told in relations.items()}
        audit_people(backend, rows, PART_PERSONS if part and not part.of_rules else "members")
        with settings.progress("说明理由"):
            city = City(backend, inputs, book, planned.views, refs, previous, part)
            told, unknown = alerts_of(city), cannot_tell(city)
        with settings.progress("写下结果"):
            write_relations(backend, made, folder if part and "members" not in made_of else None)
    manifest = _manifest(city, told.alerts, unknown, relations, settings)
    for name in ("alerts", "closed", "subjects"):
        write_entries(made / f"{name}.jsonl", getattr(told, name))
    texts = {
        "plan.txt": f"{planned}\n", "book.json": book.canonical, "manifest.json": manifest.as_json(), BASIS: basis.as_json()
    }  # fmt: skip
    for name, text in texts.items():
        (made / name).write_text(text, encoding="utf-8")
    how = {name: each.how for name, each in made_of.items()}
    return Run(publish(made, folder), manifest, how, part)


def _manifest(
    city: City,
    alerts: Sequence[Mapping[str, Any]],
    unknown: Mapping[str, Mapping[str, Any]],
    relations: Mapping[str, Mapping[str, Any]],
    settings: Settings,
) -> Manifest:
    households = relations["households"]["rows"]
    standing = sum(1 for alert in alerts if alert["status"] != "cleared")
    if city.part is not None and city.part.of_rules:
        unknown = {**city.part.unknowns_of_others(city.book), **unknown}
    return Manifest(
        at=city.inputs.at.isoformat(),
        known=city.inputs.known,
        version=doudi.__version__,
        book=city.book.hash,
        production=settings.production,
        memory=settings.memory,
        previous=city.previous.folder.name if city.previous else None,
        inputs=inputs_told(city.inputs),
        people=relations["persons"]["rows"],
        households=households,
        alerts=standing,
        alerts_per_1000_households=_per_thousand(standing, households),
        counts=counted(alerts),
        cannot_tell=unknown,
        demo_parameters=demo_settings(city.book, city.views),
        relations=relations,
    )


def _standing(previous: Previous | None, part: Part | None) -> list[tuple[str, int]]:
    """The subjects of the open alerts that this run answers for; of a part by households, the plan itself picks them out."""
    if previous is None:
        return []
    return previous.standing(part.indicators if part and part.of_rules else None)


def _per_thousand(alerts: int, households: int) -> str:
    """Alerts per 1,000 households with one decimal, exactly, rounded half up."""
    tenths = (2 * alerts * 10_000 + households) // (2 * households) if households else 0
    return f"{tenths // 10}.{tenths % 10}"
