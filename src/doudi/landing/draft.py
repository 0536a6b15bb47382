"""草稿：一批行在成为批次之前的样子，写完、核完、一次换名。

A batch's files on their way: the lines, written block by block, and the keys that are contested. Nobody sees them until
they are published, and they do not count until the record is committed.
"""

from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from doudi.errors import Fault
from doudi.landing.durable import TEMP_SUFFIX, publish

__all__ = ["ROW_GROUP", "RUN", "Draft"]

RUN = 1 << 20  # lines sorted together: what is held until they are full
ROW_GROUP = 1 << 16


class Draft:
    """What one file is made into, under temporary names.

    Lines are written in runs of `RUN`, each in the order of its persons, so that somebody's lines are found by the
    statistics of few row groups. Runs are counted in lines: the same lines make the same bytes on any machine.
    """

    def __init__(self, lines: Path, contested: Path) -> None:
        self._lines = _Pages(lines)
        self._contested = _Pages(contested)
        self._waiting: list[pl.DataFrame] = []

    def add(self, lines: pl.DataFrame) -> None:
        """Takes some lines, be it none; every call with the same columns."""
        self._waiting.append(lines)
        if sum(each.height for each in self._waiting) >= RUN:
            self._write(whole_runs_only=True)

    def _write(self, *, whole_runs_only: bool) -> None:
        lines, self._waiting = pl.concat(self._waiting), []
        while lines.height >= (RUN if whole_runs_only else 1):
            run, lines = lines.head(RUN), lines.slice(RUN)
            run = _by_person(run)  # what it was sorted from is let go before it is written
            self._lines.add(run)
        if whole_runs_only:
            self._waiting = [lines]
        elif not self._lines.begun:
            self._lines.add(lines)

    def complete(self) -> Path:
        """Finishes the lines, still under their temporary name, and gives that name."""
        if self._waiting:
            self._write(whole_runs_only=False)
        self._lines.close()
        if not self._lines.begun:
            raise Fault("landing.draft_empty", f"{self._lines.final.stem} 没有写过任何一块。")
        return self._lines.temp

    def contest(self, keys: pl.Series) -> None:
        """Writes keys that have a rival; unique, and ascending over all calls. There is no file when there are none."""
        if keys.len():
            self._contested.add(keys.to_frame("key_hash"))

    def publish(self) -> None:
        """Gives the files their names. They still do not count until the batch is committed."""
        for pages in (self._contested, self._lines):
            pages.close()
            if pages.begun:
                publish(pages.temp, pages.final)

    def discard(self) -> None:
        """Lets go of what was written."""
        for pages in (self._contested, self._lines):
            pages.close()
            pages.temp.unlink(missing_ok=True)


class _Pages:
    """One Parquet file that begins with the first frame it is given."""

    def __init__(self, final: Path) -> None:
        self.final = final
        self.temp = final.with_name(final.name + TEMP_SUFFIX)
        self._writer: pq.ParquetWriter | None = None

    @property
    def begun(self) -> bool:
        return self._writer is not None

    def add(self, rows: pl.DataFrame) -> None:
        if self._writer is not None and not rows.height:
            return
        # A row group at a time: a whole run is not held a second time in Arrow's form.
        for group in rows.iter_slices(ROW_GROUP) if rows.height else (rows,):
            table = group.to_arrow(compat_level=pl.CompatLevel.oldest())
            if self._writer is None:
                self.final.parent.mkdir(parents=True, exist_ok=True)
                self._writer = pq.ParquetWriter(self.temp, table.schema, store_schema=False, **_packing(table.schema))
            self._writer.write_table(table, row_group_size=ROW_GROUP)

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()


def _by_person(lines: pl.DataFrame) -> pl.DataFrame:
    """The lines, which come in the order of the file, in that of whom they are about; each person's as they came."""
    person = next((name for name in ("person_key", "kin_key") if name in lines.columns), None)
    return lines if person is None else lines.sort(person, maintain_order=True)


def _packing(schema: pa.Schema) -> dict[str, Any]:
    """How each column is written: digests are random and take no packing, sorted keys are small differences."""
    digests = [name for name in schema.names if name.endswith(("_hash", "_token"))]
    numbers = [name for name in schema.names if name == "line" or name.endswith("_key")]
    plain = {*digests, *numbers}
    return {
        "compression": {name: "NONE" if name in digests or name.endswith("_key") else "ZSTD" for name in schema.names},
        "use_dictionary": [name for name in schema.names if name not in plain],
        "column_encoding": dict.fromkeys(numbers, "DELTA_BINARY_PACKED"),
    }
