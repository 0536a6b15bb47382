"""Monitor a landed city with the Polars twin: verdicts of the tiers and of fifteen indicators.

Run: `python bench/twin/run.py --home HOME --at 2026-06-30 [--out FILE.parquet]`. Prints the counts; `--out` writes the
indicators' rows there and the tiers' beside it, as FILE.tiers.parquet.
"""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import polars as pl  # the path comes first: this file is a script beside the package that it starts

from twin.whole import verdicts


def main() -> None:
    """One run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--at", type=date.fromisoformat, required=True)
    parser.add_argument("--out", type=Path, metavar="FILE.parquet")
    asked = parser.parse_args()
    tiers, hits = verdicts(asked.home, asked.at)
    for told, name in ((tiers, "tier"), (hits, "indicator")):
        verdict = pl.col("verdict")
        counts = (
            told.group_by(name).agg(yes=verdict.sum(), no=(~verdict).sum(), unknown=verdict.null_count()).sort(name)
        )
        for row in counts.iter_rows():
            print(f"{row[0]:<34} yes {row[1]:>8,} no {row[2]:>10,} unknown {row[3]:>10,}")
    if asked.out:
        hits.write_parquet(asked.out)
        tiers.write_parquet(asked.out.with_suffix(".tiers.parquet"))


if __name__ == "__main__":
    main()
