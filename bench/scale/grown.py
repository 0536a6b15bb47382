"""A landed city several times over, without making and landing it: the same people again under other keys and tokens.

Copy c of a person has his key + c × stride, the stride above every key given, so that keys stay dense within a copy and copies
follow each other. Tokens and hashes, which are random 64 bits, are combined (XOR) with a number of their copy: as distinct, and as
equal to each other, as they were. Divisions, dates, codes and amounts stay. Batches keep their names and grow: k times the lines.

What is not grown: names, labels and originals, which monitoring never opens. Every person of a copy has a row in the vault, since
alerts are named by it, with a made-up reference and no id.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow.parquet as pq

from doudi.landing.account import Account
from doudi.landing.draft import Draft

__all__ = ["grown"]

_COUNTS = (*Account().as_dict(), "conflicts", "contested")
_GOLDEN = 0x9E3779B97F4A7C15
_MASK, _SIGN = (1 << 64) - 1, 1 << 63
_ROOMY = "PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA cache_size = -524288"
# `||` makes text of bytes, which must not be: a reference is a BLOB to whoever reads it.
_AGAIN = """
INSERT INTO persons (person_key, ref, id)
SELECT person_key + ?, CAST(substr(ref, 1, length(ref) - 4) || ? AS BLOB), X'00' FROM persons WHERE person_key < ?
"""


def grown(home: Path, out: Path, times: int) -> Path:
    """The city of `home` `times` over, in a home of its own at `out`, ready to be monitored."""
    out.mkdir(parents=True)
    shutil.copytree(home / "keys", out / "keys")
    stride = _vault(home, out, times)
    for record in sorted((home / "lake" / "batches").glob("*.json")):
        told = json.loads(record.read_text("utf-8"))
        feed = told["feed"]
        lines, contested = (Path("lake") / room / feed / f"{record.stem}.parquet" for room in ("lines", "contested"))
        draft = Draft(out / lines, out / contested)
        (out / lines).parent.mkdir(parents=True, exist_ok=True)
        for block in _copies(home / lines, times, stride):
            draft.add(block)
        if (home / contested).exists():
            draft.contest(pl.concat(_copies(home / contested, times, stride))["key_hash"].sort())
        draft.complete()
        draft.publish()
        (out / "lake" / "batches").mkdir(parents=True, exist_ok=True)
        (out / "lake" / "batches" / record.name).write_text(json.dumps(_counted(told, times)), "utf-8")
    for accepted in (home / "lake" / "accepted").glob("*.json"):
        (out / "lake" / "accepted").mkdir(exist_ok=True)
        shutil.copy2(accepted, out / "lake" / "accepted" / accepted.name)
    return out


def _copies(path: Path, times: int, stride: int) -> Iterator[pl.DataFrame]:
    """The file's rows, row group by row group, copy after copy."""
    file = pq.ParquetFile(path)
    lines = file.metadata.num_rows
    for copy in range(times):
        for number in range(file.num_row_groups):
            rows = pl.DataFrame(file.read_row_group(number))
            yield rows.with_columns(*(_shifted(column, copy, stride, lines) for column in rows.columns))


def _shifted(column: str, copy: int, stride: int, lines: int) -> pl.Expr:
    if column == "line":
        return (pl.col(column) + copy * 2 * (lines + 16)).cast(pl.Int32)  # lines left out are few: no two copies meet
    if column.endswith("_key"):
        return pl.col(column) + copy * stride
    if column.endswith(("_token", "_hash")):
        return pl.col(column) ^ pl.lit(_number(copy), dtype=pl.Int64)
    return pl.col(column)


def _number(copy: int) -> int:
    """64 bits of a copy, as a signed number; 0 for the first, which stays as it is."""
    state = copy * _GOLDEN & _MASK
    return (state ^ _SIGN) - _SIGN


def _counted(record: dict[str, Any], times: int) -> dict[str, Any]:
    many = record | {name: record[name] * times for name in _COUNTS if name in record}
    for name in ("scopes", "invalid_enrolled"):
        many[name] = [entry | {"lines": entry["lines"] * times} for entry in record[name]]
    return many


def _vault(home: Path, out: Path, times: int) -> int:
    """The vault of the grown home; gives the stride, the number of the first key never given."""
    (out / "vault").mkdir(mode=0o700)
    given = "SELECT value FROM counters WHERE name = 'next_person_key'"
    with (
        closing(sqlite3.connect(home / "vault" / "vault.db")) as source,
        closing(sqlite3.connect(out / "vault" / "vault.db", isolation_level=None)) as target,
    ):
        source.backup(target)
        target.executescript(_ROOMY)
        (stride,) = target.execute(given).fetchone()
        target.execute("BEGIN")
        for copy in range(1, times):
            target.execute(_AGAIN, (copy * stride, copy.to_bytes(4, "big"), stride))
        target.execute("UPDATE counters SET value = ? WHERE name = 'next_person_key'", (stride * times,))
        target.execute("COMMIT")
    return int(stride)
