"""What the bench measures on: the city's files, its bulk feeds as GB18030 CSV, homes, and cheap copies of homes.

A copy shares with its original only what nobody ever writes in place: the lake's Parquet files and the sealed
originals. Everything else (the vault's database, records, runs, whatever the engine keeps) is copied.
"""

from __future__ import annotations

import codecs
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from doudi.demo import build_city

__all__ = [
    "AT",
    "BULK",
    "MONTH",
    "build",
    "bulk_csv",
    "department_files",
    "mirrored",
    "without_batches",
    "without_runs",
]

MONTH, AT, SEED, VISITS = "2026-06", "2026-06-30", 7, 3600
BULK = ("medical_settlement", "social_insurance")  # whose lines of twelve months are most of the lake
_SHARED = ("lake/lines", "lake/contested", "vault/originals")
_KEPT_BY_RUNS = ("runs", "cache", "tmp")
_CHUNK = 1 << 22


def build(out: Path, persons: int) -> None:
    """The city: rolls of one month, events of twelve; some 3.6 settlements per person, 32 feeds, mixed formats.

    Written under another name first, so that a city that is there is a whole one.
    """
    unfinished = out.with_name(f"{out.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    build_city(unfinished, persons=persons, seed=SEED, month=MONTH, months=1, visits=VISITS)
    unfinished.rename(out)


def department_files(city: Path, *feeds: str) -> list[Path]:
    """The files of a city, those of some feeds or all, by name."""
    files = sorted(path for path in city.glob("????-??/*") if path.is_file())
    return [path for path in files if not feeds or path.name.startswith(tuple(f"{feed}_2" for feed in feeds))]


def bulk_csv(city: Path, out: Path) -> list[Path]:
    """The bulk feeds' files once more, each as GB18030 CSV, whatever the department sent."""
    made = []
    for source in department_files(city, *BULK):
        target = out / source.parent.name / f"{source.stem}.csv"
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.suffix == ".parquet":
            target.write_bytes(pl.read_parquet(source).write_csv(line_terminator="\r\n").encode("gb18030"))
        elif source.suffix == ".csv":
            _recoded(source, target)
        else:
            raise SystemExit(f"{source.name}: a workbook; below 20,000 persons bulk feeds come as workbooks")
        made.append(target)
    return made


def _recoded(source: Path, target: Path) -> None:
    encoding = _encoding(source)
    with source.open("r", encoding=encoding, newline="") as text, target.open("wb") as out:
        while chunk := text.read(_CHUNK):
            out.write(chunk.encode("gb18030"))


def _encoding(source: Path) -> str:
    """UTF-8 with or without its mark, or GB18030, judged by the header, which is Chinese."""
    with source.open("rb") as file:
        head = file.read(4096).splitlines()[0]
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    try:
        head.decode("utf-8")
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8"


def mirrored(home: Path, copy: Path) -> Path:
    """A copy of a home in which one may land and run; made anew where one stood."""
    shutil.rmtree(copy, ignore_errors=True)
    copy.mkdir(parents=True)
    for source in _files(home):
        inside = source.relative_to(home)
        target = copy / inside
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if inside.as_posix().startswith(_SHARED):
            os.link(source, target)
        else:
            shutil.copy2(source, target)
    return copy


def _files(home: Path) -> Iterator[Path]:
    for path in sorted(home.rglob("*")):
        if path.is_file() and not path.relative_to(home).as_posix().startswith("tmp/"):
            yield path


def without_runs(home: Path) -> Path:
    """The same home as if it had never monitored: no runs, nothing kept for the next one."""
    for name in _KEPT_BY_RUNS:
        shutil.rmtree(home / name, ignore_errors=True)
    return home


def without_batches(home: Path, *feeds: str) -> Path:
    """The same home as if these feeds had never landed; who is known to its vault stays known, as that never shrinks."""
    for feed in feeds:
        for record in (home / "lake" / "batches").glob(f"{feed}_2*.json"):
            record.unlink()
            for path in (home / "lake").glob(f"*/{feed}/{record.stem}.parquet"):
                path.unlink()
            (home / "vault" / "originals" / f"{record.stem}.sm4").unlink()
    return home


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["city", out, persons]:
            build(Path(out), int(persons))
        case ["bulk", city, out]:
            bulk_csv(Path(city), Path(out))
