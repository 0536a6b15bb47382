"""草稿：一批行在成为批次之前的样子，写完、核完、一次换名。

A batch's files on their way: the lines, written block by block, and the keys that are contested. Nobody sees them until
they are published, and they do not count until the record is committed.
"""

from pathlib import Path

import polars as pl
import pyarrow.parquet as pq

from doudi.errors import Fault
from doudi.landing.durable import TEMP_SUFFIX, publish

__all__ = ["Draft"]


class Draft:
    """What one file is made into, under temporary names."""

    def __init__(self, lines: Path, contested: Path) -> None:
        self._lines = _Pages(lines)
        self._contested = _Pages(contested)

    def add(self, lines: pl.DataFrame) -> None:
        """Writes some lines, be it none; every call with the same columns."""
        self._lines.add(lines)

    def complete(self) -> Path:
        """Finishes the lines, still under their temporary name, and gives that name."""
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
        table = rows.to_arrow(compat_level=pl.CompatLevel.oldest())
        if self._writer is None:
            self.final.parent.mkdir(parents=True, exist_ok=True)
            self._writer = pq.ParquetWriter(self.temp, table.schema, compression="zstd", store_schema=False)
        self._writer.write_table(table)

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()
