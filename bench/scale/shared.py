"""The engine's part of what the Polars twin computes too: every verdict of the twin's tiers and indicators.

Run: `python bench/scale/shared.py HOME DATE FILE.parquet`. Reads, plans and makes the relations as a run does; makes no alerts,
states no reasons, compares with no earlier run, carries nothing over and hashes nothing, since the twin does none of it. Like the
twin it writes the indicators' rows to FILE.parquet and the tiers' beside it, as FILE.tiers.parquet.
"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

from doudi.engine.backends.duckdb import open_backend
from doudi.readout.home import book
from doudi.readout.inputs import read_inputs
from twin.compare import engine_steps


def make(home: Path, at: date, out: Path) -> None:
    """Makes the relations and writes both files."""
    inputs = read_inputs(home, at)
    with open_backend(home, "2GB", [home / "lake"]) as backend:
        for step in engine_steps(inputs, book()):
            (backend.materialise if step.stored else backend.name_view)(step.name, step.sql)
        hits, tiers = (
            f"SELECT subject_kind, subject_key, {name}, verdict FROM {relation}"  # noqa: S608 - our own names
            for name, relation in (("indicator", "verdicts"), ("tier", "tiers"))
        )
        backend.write_parquet(hits, out)
        backend.write_parquet(tiers, out.with_suffix(".tiers.parquet"))


if __name__ == "__main__":
    make(Path(sys.argv[1]), date.fromisoformat(sys.argv[2]), Path(sys.argv[3]))
