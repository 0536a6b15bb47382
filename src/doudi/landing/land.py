"""入库：把收到的文件一个一个落成批次，每一行都说得清去处；中途被杀，湖要么如前，要么如后。

Landing's front door. One file is one batch and one commit; what was not committed is swept by the next landing.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

from doudi.errors import Refusal
from doudi.landing.desk import Checkpoint, Desk, Opened, Progress
from doudi.landing.durable import only_writer
from doudi.landing.keys import open_keys
from doudi.landing.lake import Lake
from doudi.landing.outcome import FileLanded, FileRefused, Landing
from doudi.landing.prepare import Preparer
from doudi.landing.scrub import without_ids
from doudi.landing.values import Place
from doudi.landing.vault import Vault
from doudi.landing.workers import Ahead, Workers, worth_it

__all__ = ["land"]

_SUFFIXES = {".csv", ".txt", ".tsv", ".xlsx", ".xls", ".parquet"}


def land(
    paths: Sequence[Path],
    *,
    home: Path,
    received_at: str,
    feed: str | None = None,
    month: str | None = None,
    place: Place | None = None,
    progress: Progress | None = None,
    checkpoint: Checkpoint | None = None,
    processes: int | None = None,
) -> Landing:
    """Lands files (of directories, those with a known suffix), each wholly or not at all; a refused one stops no other.

    Those that name people land first; the result is in the order given. `received_at` is an ISO time, of one zone for
    one home; `place` checks division codes against the city's own. `processes` prepare lines ahead of the one writer, and
    change nothing in what is written; unless said, as many as cores where there is much to read, else none.

    Refused as a whole: another landing is running, the key file is lost, a path does not exist.
    """
    received = list(_files(paths))
    done: dict[int, FileLanded | FileRefused] = {}
    opened: dict[int, Opened] = {}
    with only_writer(home), Vault.open(home, new=True) as vault:
        lake = Lake(home)
        vault.sweep(lake.sweep())
        desk = Desk(lake, vault, received_at, feed, month, progress or _unwatched, checkpoint or _undisturbed)
        desk.checkpoint("swept")
        for number, path in enumerate(received):
            try:
                opened[number] = desk.open(path)
            except Refusal as refusal:
                done[number] = _refused(path, refusal)
        turns = sorted(opened, key=lambda number: opened[number].turn)
        if processes is None:
            processes = worth_it(sum(one.path.stat().st_size for one in opened.values()))
        with Workers(Preparer(open_keys(home).token, place or Place()), processes) as workers:
            new = (number for number in turns if lake.record(opened[number].batch) is None)
            ahead = Ahead(workers, ((number, opened[number].known, opened[number].table.pieces) for number in new))
            for number in turns:
                try:
                    done[number] = desk.take(opened[number], ahead.of(number))
                except Refusal as refusal:
                    done[number] = _refused(received[number], refusal)
                except (OSError, sqlite3.OperationalError) as error:  # the disk is full, the file went away
                    done[number] = _refused(received[number], _io_failed(error))
    in_order = [done[number] for number in range(len(received))]
    return Landing(
        tuple(each for each in in_order if isinstance(each, FileLanded)),
        tuple(each for each in in_order if isinstance(each, FileRefused)),
    )


def _io_failed(error: Exception) -> Refusal:
    reason = error.strerror if isinstance(error, OSError) else str(error)
    return Refusal(
        "landing.io_failed", f"读写时出错（{reason}），这个文件没有入库；请检查磁盘空间和文件所在的位置，然后再入一次。"
    )


def _refused(path: Path, refusal: Refusal) -> FileRefused:
    return FileRefused(path.name, refusal.code, without_ids(refusal.sentence))


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(each for each in path.iterdir() if each.suffix.lower() in _SUFFIXES and each.is_file())
        elif path.exists():
            yield path
        else:
            raise Refusal("landing.no_such_file", f"没有 {without_ids(str(path))} 这个文件；请核对路径。")


def _unwatched(file: str, done: int, total: int) -> None:
    """Nobody watches the progress."""


def _undisturbed(moment: str) -> None:
    """Nobody kills this landing."""
