"""运行：照计划把关系做出来，查，比，说明理由，写下运行单。

`run` is the engine's one act. It opens a temporary database, executes the plan, audits every stored relation, compares
with the run before, explains the alerts, and writes `runs/<name>/`, which appears whole or not at all. Nothing here
decides anything: the plan and the book do.
"""

import json
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
from doudi.engine.carried import open_carried
from doudi.engine.execute import How, Progress, execute
from doudi.engine.inputs import Inputs
from doudi.engine.manifest import Manifest, counted, demo_settings, inputs_told
from doudi.engine.plan import plan
from doudi.engine.previous import Previous
from doudi.engine.subjects import Refs
from doudi.engine.unknowns import cannot_tell
from doudi.policy.rule import Book

__all__ = ["Run", "Settings", "run", "run_name"]

# Who was known and with whom he lived: the next run continues household keys from it, and one household is explained by it.
MEMBERS_KEPT = """SELECT members.*, persons.county, persons.name_token, persons.birth, persons.registered
FROM members JOIN persons ON persons.person_key = members.person_key
ORDER BY members.household_key, members.person_key"""


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
    """A finished run: where it lies, what it says of itself, and how each relation came about."""

    folder: Path
    manifest: Manifest
    how: Mapping[str, How]


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

    Same inputs, book and previous run: equal hashes and byte-equal alerts.jsonl. Raises a Fault when an audit fails
    or the two readers disagree about an alert; then no run is left behind.
    """
    settings = settings or Settings()
    members = previous.members if previous else None
    open_before = previous.standing if previous else ()
    planned = plan(inputs, book, production=settings.production, previous=members, standing=open_before)
    made = inputs.home / "tmp" / f"making-{run_name(inputs)}"
    shutil.rmtree(made, ignore_errors=True)
    readable = [*inputs.folders, inputs.home / "cache", *([previous.folder] if previous else [])]
    with (
        open_carried(inputs.home, afresh=settings.afresh) as carried,
        open_backend(inputs.home, settings.memory, readable) as backend,
    ):
        made_of = execute(backend, planned, inputs, settings.progress, carried)
        relations = {name: each.told() for name, each in made_of.items()}
        people = audit_people(backend, {name: each.rows for name, each in made_of.items()})
        with settings.progress("说明理由"):
            city = City(backend, inputs, book, planned.views, refs, previous)
            told, unknown = alerts_of(city), cannot_tell(city)
        households = relations["households"]["rows"]
        standing = sum(1 for alert in told.alerts if alert["status"] != "cleared")
        manifest = Manifest(
            at=inputs.at.isoformat(),
            known=inputs.known,
            version=doudi.__version__,
            book=book.hash,
            production=settings.production,
            memory=settings.memory,
            previous=previous.folder.name if previous else None,
            inputs=inputs_told(inputs),
            people=people,
            households=households,
            alerts=standing,
            alerts_per_1000_households=_per_thousand(standing, households),
            counts=counted(told.alerts),
            cannot_tell=unknown,
            demo_parameters=demo_settings(book, planned.views),
            relations=relations,
        )
        backend.write_parquet(MEMBERS_KEPT, made / "members.parquet")
        backend.write_parquet("SELECT * FROM households ORDER BY household_key", made / "households.parquet")
    _write_lines(made / "alerts.jsonl", told.alerts)
    _write_lines(made / "closed.jsonl", told.closed)
    _write_lines(made / "subjects.jsonl", told.subjects)
    (made / "plan.txt").write_text(f"{planned}\n", encoding="utf-8")
    (made / "book.json").write_text(book.canonical, encoding="utf-8")
    (made / "manifest.json").write_text(manifest.as_json(), encoding="utf-8")
    how = {name: each.how for name, each in made_of.items()}
    return Run(_publish(made, folder or inputs.home / "runs" / run_name(inputs)), manifest, how)


def _publish(made: Path, folder: Path) -> Path:
    """The finished folder under its name, in the place of an earlier run of the same day: never a mixture of two."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    former = made.with_name(f"former-{folder.name}")
    shutil.rmtree(former, ignore_errors=True)
    if folder.exists():
        folder.rename(former)
    made.rename(folder)
    shutil.rmtree(former, ignore_errors=True)
    return folder


def _per_thousand(alerts: int, households: int) -> str:
    """Alerts per 1,000 households with one decimal, exactly, rounded half up."""
    tenths = (2 * alerts * 10_000 + households) // (2 * households) if households else 0
    return f"{tenths // 10}.{tenths % 10}"


def _write_lines(path: Path, entries: Sequence[Mapping[str, Any]]) -> None:
    path.write_text(
        "".join(json.dumps(entry, ensure_ascii=False, sort_keys=True) + "\n" for entry in entries), encoding="utf-8"
    )
