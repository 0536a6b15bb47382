"""入库：把收到的文件一个一个落成批次，每一行都说得清去处；中途被杀，湖要么如前，要么如后。

Landing's front door. One file is one batch and one commit; what was not committed is swept by the next landing.
"""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeVar

from doudi.errors import Refusal
from doudi.landing.desk import Checkpoint, Desk, FileRead, Opened, Progress, Received
from doudi.landing.durable import only_writer
from doudi.landing.keys import open_keys
from doudi.landing.lake import Lake
from doudi.landing.outcome import FileLanded, FileRefused, Landing
from doudi.landing.overlap import Following, Foreseen
from doudi.landing.prepare import Preparer
from doudi.landing.readers import Piece
from doudi.landing.recognise import Recognised
from doudi.landing.scrub import without_ids
from doudi.landing.values import Place
from doudi.landing.vault import Vault
from doudi.landing.workers import Ahead, Workers, worth_it

__all__ = ["land"]

T = TypeVar("T")

_SUFFIXES = {".csv", ".txt", ".tsv", ".xlsx", ".xls", ".parquet"}


def land(  # noqa: PLR0913 - what one landing is told, by name
    paths: Sequence[Path],
    *,
    home: Path,
    received_at: str,
    vault: Vault | None = None,
    feed: str | None = None,
    month: str | None = None,
    place: Place | None = None,
    progress: Progress | None = None,
    checkpoint: Checkpoint | None = None,
    processes: int | None = None,
) -> Landing:
    """Lands files (of directories, those with a known suffix), each wholly or not at all; a refused one stops no other.

    Those that name people land first; the result is in the order given. `received_at` is an ISO time, of one zone for
    one home; `vault` is an opened one of this home, else the command line's; `place` checks division codes against the
    city's own. `processes` prepare lines ahead of the one writer, and change nothing in what is written; unless said, as
    many as cores where there is much to read, else none.

    Refused as a whole: another landing is running, the key file is lost, a path does not exist.
    """
    received = list(_files(paths))
    done: dict[int, FileLanded | FileRefused] = {}
    opened: dict[int, Opened] = {}
    with only_writer(home), nullcontext(vault) if vault is not None else Vault.open(home, new=True) as kept:
        lake = Lake(home)
        kept.sweep(lake.sweep())
        desk = Desk(lake, kept, received_at, feed, month, progress or _unwatched, checkpoint or _undisturbed)
        desk.checkpoint("swept")
        for number, path in enumerate(received):
            try:
                opened[number] = desk.open(path)
            except Refusal as refusal:
                done[number] = _refused(path, refusal)
        turns = sorted(opened, key=lambda number: opened[number].turn)
        if processes is None:
            processes = worth_it(sum(one.path.stat().st_size for one in opened.values()))
        with (
            Foreseen({number: opened[number].received for number in turns}) as receiving,
            Following() as following,
            Workers(Preparer(open_keys(home).token, place or Place()), processes) as workers,
        ):
            ahead = Ahead(workers, _new(turns, receiving, lake))
            landing = _Landing(desk, receiving, ahead, following, done)
            for number in turns:
                landing.land(number, received[number])
    in_order = [done[number] for number in range(len(received))]
    return Landing(
        tuple(each for each in in_order if isinstance(each, FileLanded)),
        tuple(each for each in in_order if isinstance(each, FileRefused)),
    )


@dataclass(frozen=True, slots=True)
class _Landing:
    """Files in their turn: while the next is read, the last one is finished."""

    desk: Desk
    receiving: Foreseen[int, Received]
    ahead: Ahead
    following: Following
    done: dict[int, FileLanded | FileRefused]
    begun: set[str] = field(default_factory=set)  # batches

    def land(self, number: int, path: Path) -> None:
        """Reads a file, and lets it be finished in its turn; what becomes of it stands in `done` then."""
        read = _outcome(path, partial(self._read, number))
        if isinstance(read, FileRead):
            self.following.begin(partial(self._finish, number, path, read))
        else:
            self.done[number] = read

    def _read(self, number: int) -> FileLanded | FileRead:
        received = self.receiving.of(number)
        if received.batch in self.begun:
            self.following.wait()  # the same file twice: it lands before it is seen again
        self.begun.add(received.batch)
        return self.desk.read(received, self.ahead.of(number))

    def _finish(self, number: int, path: Path, read: FileRead) -> None:
        self.done[number] = _outcome(path, partial(self.desk.finish, read))


def _new(
    turns: Sequence[int], receiving: Foreseen[int, Received], lake: Lake
) -> Iterator[tuple[int, Recognised, Callable[[], Iterator[Piece]]]]:
    """The files that did not land before; of one that cannot be received, its turn will tell."""
    for number in turns:
        try:
            received = receiving.of(number)
        except Refusal:
            continue
        if lake.record(received.batch) is None:
            yield number, received.known, received.table.pieces


def _outcome(path: Path, act: Callable[[], T]) -> T | FileRefused:
    """What the act gives, or why the file is refused."""
    try:
        return act()
    except Refusal as refusal:
        return _refused(path, refusal)
    except (OSError, sqlite3.OperationalError) as error:  # the disk is full, the file went away
        return _refused(path, _io_failed(error))


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
