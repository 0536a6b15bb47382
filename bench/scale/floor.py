"""The floor under a monitoring run: count, least and greatest of every lake column that it reads, and nothing else.

Run: `python bench/scale/floor.py FILE`, FILE as `scanned.py` writes it. DuckDB with as many threads as the engine has. It may
not answer from the statistics that Parquet files carry about themselves: the columns are read.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import duckdb


def scan(reads: list[dict[str, list[str]]]) -> int:
    """Scans all of them; gives the lines counted."""
    lines = 0
    with duckdb.connect() as database:
        database.execute("SET disabled_optimizers = 'statistics_propagation'")
        for each in reads:
            asked = ", ".join(f"min({column}), max({column})" for column in each["columns"])
            paths = ", ".join(f"'{path}'" for path in each["files"])
            text = f"SELECT count(*), {asked} FROM read_parquet([{paths}])"  # noqa: S608 - our own columns and files
            row = database.execute(text).fetchone()
            lines += row[0] if row else 0
    return lines


if __name__ == "__main__":
    print(scan(json.loads(Path(sys.argv[1]).read_text("utf-8"))))
