"""Which columns of the lake a monitoring run reads, and of which files: what the scan floor has to scan.

The plan is told by its texts, and DuckDB's own optimiser tells which columns of a text anything is computed from. So every
text is planned over empty tables with the columns of the lake's files, and the columns that the scans still project or
filter by are collected. Run: `python bench/scale/scanned.py HOME DATE FILE`; FILE is what `floor.py` reads.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from doudi.engine.plan import Plan, plan
from doudi.readout.home import book
from doudi.readout.inputs import read_inputs

__all__ = ["scanned"]

_READ = re.compile(r"read_parquet\(\s*(\[[^\]]*\]|'[^']*')")
_QUOTED = re.compile(r'"([^"]+/[^"]+)"')
_PATH = re.compile(r"'([^']*)'")
# Empty tables must not be optimised away, or nothing would be scanned.
_SETTINGS = (
    "SET disabled_optimizers = 'statistics_propagation,empty_result_pullup'",
    "SET enable_progress_bar = false",
)


def scanned(home: Path, at: date) -> list[dict[str, Any]]:
    """For each folder of the lake that the run reads: `files` and the `columns` named, both in order."""
    lake = (home / "lake").resolve()
    planned = plan(read_inputs(home, at), book())
    files: dict[str, set[str]] = {}
    with duckdb.connect() as database:
        for setting in _SETTINGS:
            database.execute(setting)

        def named(found: re.Match[str]) -> str:
            paths = [Path(path) for path in _PATH.findall(found[1]) if Path(path).resolve().is_relative_to(lake)]
            folder = paths[0].resolve().parent.relative_to(lake).as_posix()
            table = f'"{folder}"'
            if folder not in files:
                database.execute(f"CREATE TABLE {table} AS SELECT * FROM read_parquet('{paths[0]}') LIMIT 0")  # noqa: S608 - our files
            files.setdefault(folder, set()).update(map(str, paths))
            return f"(SELECT *, 0 AS file_index FROM {table}"  # noqa: S608 - a folder of our own lake

        columns = _columns(database, planned, named)
    return [
        {"folder": folder, "files": sorted(files[folder]), "columns": sorted(columns[folder])}
        for folder in sorted(files)
        if columns.get(folder)
    ]


def _columns(
    database: duckdb.DuckDBPyConnection, planned: Plan, named: Callable[[re.Match[str]], str]
) -> dict[str, set[str]]:
    columns: dict[str, set[str]] = {}
    for step in planned.steps:
        text = _READ.sub(named, step.sql)
        if step.stored:
            for folder, names in _read_by(database, text):
                columns.setdefault(folder, set()).update(names)
        database.execute(f"CREATE {'TABLE' if step.stored else 'VIEW'} {step.name} AS {text}")
    return {folder: names & _held(database, folder) for folder, names in columns.items()}


def _held(database: duckdb.DuckDBPyConnection, folder: str) -> set[str]:
    return {row[0] for row in database.execute(f'DESCRIBE "{folder}"').fetchall()}


def _read_by(database: duckdb.DuckDBPyConnection, text: str) -> Iterator[tuple[str, set[str]]]:
    """Every scan of a table of the lake in the optimised text: its name, and the words that it projects and filters by."""
    found = database.execute(f"EXPLAIN (FORMAT json) {text}").fetchone()
    waiting = json.loads(found[1]) if found else []
    while waiting:
        node = waiting.pop()
        waiting += node["children"]
        table = _QUOTED.search(str(node["extra_info"].get("Table", "")))
        if table is not None:
            said = json.dumps([node["extra_info"].get(what, []) for what in ("Projections", "Filters")])
            yield table[1], set(re.findall(r"[a-z_]\w*", said))


if __name__ == "__main__":
    given_home, given_day, target = sys.argv[1:]
    reads = scanned(Path(given_home), date.fromisoformat(given_day))
    Path(target).write_text(json.dumps(reads, indent=1), "utf-8")
