"""Does everything that was fast also say the same? Incremental runs against full ones, the engine against the Polars twin."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from doudi.engine.manifest import WHOLE
from scale.ground import Ground
from scale.made import AT, mirrored, without_runs
from scale.measure import DOUDI, ran
from scale.stages import ENGINE_SAID, MONITOR, TWIN_SAID, by_book

__all__ = ["disagreements", "run_differences", "twin_differences"]


def disagreements(ground: Ground, stages: set[str]) -> Iterator[str]:
    """A sentence for everything that is not equal, of the stages that were measured."""
    for stage, command in (
        ("spread", ("-c", DOUDI)),
        ("clustered", ("-c", DOUDI)),
        ("rule", ("-c", by_book(), str(ground.book))),
    ):
        if stage in stages:
            after = ground.root / f"after {stage}"
            whole = without_runs(mirrored(after, ground.root / "whole"))
            ran(f"{stage} in full", whole, *command, *MONITOR)
            yield from (f"{stage}: {found}" for found in run_differences(after / "runs" / AT, whole / "runs" / AT))
    if {"polars", "shared"} <= stages:
        yield from twin_differences(ground)


def run_differences(one: Path, other: Path) -> list[str]:
    """What two runs of the same day say differently: relations by hash, and the alerts, byte for byte."""
    was, now = (_manifest(folder)["relations"] for folder in (one, other))
    # A run that judged a part again tells of whole relations only; from these all the rest follows.
    both = was.keys() & now.keys()
    found = [f"relation {name} is not equal" for name in sorted(both | set(WHOLE)) if was.get(name) != now.get(name)]
    if not both:
        found.append("no relation was compared")
    written = ("alerts.jsonl", "closed.jsonl", "subjects.jsonl")
    return found + [
        f"{name} is not equal" for name in written if (one / name).read_bytes() != (other / name).read_bytes()
    ]


def _manifest(folder: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((folder / "manifest.json").read_text("utf-8"))
    return told


def twin_differences(ground: Ground) -> list[str]:
    """Where the Polars twin and the engine, in what both wrote, say something else about anybody."""
    said = ground.root / "twins.out"
    files = (str(ground.root / name) for name in (TWIN_SAID, ENGINE_SAID))
    ran("twin against engine", ground.home, "-m", "scale.twins", *files, out=said, quiet=True)
    return said.read_text("utf-8").splitlines()
