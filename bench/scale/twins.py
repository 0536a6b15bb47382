"""Twin and engine row by row, from the files that both wrote, one tier or indicator at a time so that a whole city fits.

Run: `python bench/scale/twins.py TWIN.parquet ENGINE.parquet`. Prints a sentence for each difference, and nothing when there is
none.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from twin.compare import row_differences
from twin.names import TWIN_INDICATORS, TWIN_TIERS


def differences(twin: Path, engine: Path) -> Iterator[str]:
    """What the two say differently. That one of them says nothing at all of a tier is a difference too."""
    for tier in (word for words in TWIN_TIERS.values() for word in words):
        ours, theirs = (_rows(path.with_suffix(".tiers.parquet"), "tier", tier) for path in (twin, engine))
        if ours.is_empty() or theirs.is_empty():
            yield f"{tier}: twin {len(ours)} rows, engine {len(theirs)}"
        yield from row_differences((ours, _NO_HITS), (theirs, _NO_HITS))
    for indicator in TWIN_INDICATORS:
        ours, theirs = (_rows(path, "indicator", indicator) for path in (twin, engine))
        yield from row_differences((_NO_TIERS, ours), (_NO_TIERS, theirs))


def _rows(path: Path, name: str, word: str) -> pl.DataFrame:
    return pl.scan_parquet(path).filter(pl.col(name) == word).collect()


def _none(name: str) -> pl.DataFrame:
    return pl.DataFrame(
        schema={"subject_kind": pl.String, "subject_key": pl.Int64, name: pl.String, "verdict": pl.Boolean}
    )


_NO_HITS, _NO_TIERS = _none("indicator"), _none("tier")

if __name__ == "__main__":
    for sentence in differences(Path(sys.argv[1]), Path(sys.argv[2])):
        print(sentence)
