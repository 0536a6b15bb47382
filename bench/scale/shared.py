"""The engine's part of what the Polars twin computes too: the tiers' words and the twin's indicators, made and counted.

Run: `python bench/scale/shared.py HOME DATE`. Reads, plans and makes the relations as a run does, for a book that has only
the twin's indicators; makes no alerts, states no reasons, compares with no earlier run and hashes nothing, since the twin does
none of it.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

from doudi.cli.glue import read_inputs
from doudi.cli.home import book
from doudi.engine.backends.duckdb import open_backend
from doudi.engine.plan import plan
from twin import TWIN_INDICATORS


def made(home: Path, at: date) -> list[tuple[object, ...]]:
    """The number of subjects by indicator and verdict."""
    whole = book()
    few = replace(whole, indicators=tuple(each for each in whole.indicators if each.id in TWIN_INDICATORS))
    inputs = read_inputs(home, at)

    with open_backend(home, "2GB", [home / "lake"]) as backend:
        for step in plan(inputs, few).steps:
            (backend.materialise if step.stored else backend.name_view)(step.name, step.sql)
        return backend.rows("SELECT indicator, verdict, count(*) FROM verdicts GROUP BY ALL ORDER BY ALL")


if __name__ == "__main__":
    for row in made(Path(sys.argv[1]), date.fromisoformat(sys.argv[2])):
        print(*row)
