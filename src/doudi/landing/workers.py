"""备料的人手：大件多人一起备，小件自己备；备好的按原来的次序交给唯一的写手。

Preparing ahead. Pieces of all files, in the order of landing, are handed to as many processes as there are cores, and
come back in that order: what the writer does is the same whoever prepared. A landing of little has no processes.
"""

import contextlib
import os
import pickle
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Self, TypeAlias

from doudi.errors import Refusal
from doudi.landing.prepare import Prepared, Preparer
from doudi.landing.readers import Piece
from doudi.landing.recognise import Recognised

__all__ = ["Ahead", "Workers", "cores", "worth_it"]

_WORTH_IT = 16 << 20  # bytes of files: below, one process is done before others have begun
_BEGIN = (
    "import pickle, sys; sys.path[:] = pickle.load(sys.stdin.buffer); from doudi.landing.worker import serve; serve()"
)

# Of cores there are as many as processes: threads of its own would only stand in each other's way. Memory that a piece
# needed is kept for the next, which needs as much: to be given it anew by the kernel costs a tenth of the work.
_ALONE = {
    "POLARS_MAX_THREADS": "1",
    "MALLOC_MMAP_THRESHOLD_": str(1 << 30),
    "MALLOC_TRIM_THRESHOLD_": str(1 << 30),
    "_RJEM_MALLOC_CONF": "dirty_decay_ms:10000,muzzy_decay_ms:-1",  # Polars' own
}

_PIPE = 1 << 20  # bytes: an answer has seven times as many, and each filling wakes two processes

_File: TypeAlias = tuple[int, Recognised, Callable[[], Iterator[Piece]]]
_Handed: TypeAlias = tuple[int, Recognised, Piece | None, Callable[[], Prepared]]


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def worth_it(size: int) -> int:
    """How many processes to prepare so many bytes of files with."""
    return cores() if size >= _WORTH_IT and cores() > 1 else 0


class Workers:
    """Processes that prepare pieces, begun when the first is asked for. None of them: the caller's own process does."""

    def __init__(self, preparer: Preparer, processes: int) -> None:
        self._preparer = preparer
        self._processes = processes
        self._mine = threading.local()
        self._begun: list[_Process] = []
        self._threads = ThreadPoolExecutor(max(1, processes), thread_name_prefix="preparing")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)
        for process in self._begun:
            process.end()  # a thread that waits for it is told that it died
        self._threads.shutdown()

    @property
    def at_once(self) -> int:
        """How many pieces to hand out before the first comes back: the bound of the memory. None when nobody helps."""
        return 2 * self._processes + 1 if self._processes else 0

    def prepare(self, piece: Piece, known: Recognised) -> Callable[[], Prepared]:
        """Hands a piece out; gives what waits for it, which refuses what the file deserves."""
        if not self._processes:
            return lambda: self._preparer.prepare(piece, known)
        waiting: Future[Prepared] = self._threads.submit(self._asked, piece, known)
        return waiting.result

    def _asked(self, piece: Piece, known: Recognised) -> Prepared:
        """In one of the threads, each of which speaks to a process of its own."""
        process: _Process | None = getattr(self._mine, "process", None)
        if process is None:
            process = self._mine.process = _Process(self._preparer)
            self._begun.append(process)
        try:
            answer = process.ask(piece, known)
        except (EOFError, OSError, pickle.UnpicklingError) as error:
            self._mine.process = None
            process.end()
            raise Refusal(
                "landing.worker_died",
                "读这个文件的进程中途没了（可能内存不足），这个文件没有入库，别的文件照常；请检查内存，然后再入一次。",
            ) from error
        if isinstance(answer, Refusal):
            raise answer
        return answer


class _Process:
    """A running `worker`."""

    def __init__(self, preparer: Preparer) -> None:
        pipe = subprocess.PIPE
        self._popen = subprocess.Popen(  # noqa: S603  # our own program, and no shell
            [sys.executable, "-I", "-c", _BEGIN],
            stdin=pipe,
            stdout=pipe,
            stderr=subprocess.DEVNULL,
            env=os.environ | _ALONE,
            pipesize=_PIPE,
        )
        self._say(sys.path)
        self._say(preparer)

    def ask(self, piece: Piece, known: Recognised) -> Prepared | Refusal:
        self._say((piece, known))
        if self._popen.stdout is None:
            raise EOFError
        answer: Prepared | Refusal = pickle.load(self._popen.stdout)  # noqa: S301  # from our own child
        return answer

    def end(self) -> None:
        self._popen.kill()
        for stream in (self._popen.stdin, self._popen.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):  # what was not sent is not wanted any more
                    stream.close()
        self._popen.wait()

    def _say(self, what: object) -> None:
        if self._popen.stdin is None:
            raise EOFError
        pickle.dump(what, self._popen.stdin, protocol=pickle.HIGHEST_PROTOCOL)
        self._popen.stdin.flush()


class Ahead:
    """The pieces of one file after another, some of them handed out before they are asked for."""

    def __init__(self, workers: Workers, files: Iterable[_File]) -> None:
        self._workers = workers
        self._handed: deque[_Handed] = deque()
        self._asked_for: list[int] = []
        self._coming = self._all(files)

    def of(self, number: int) -> Iterator[tuple[int, Prepared]]:
        """What was prepared of file `number`, piece by piece in its order, with the size of each; refuses as it deserves.

        Files are asked for in the order in which they were given, each once; one may be left before its end.
        """
        self._asked_for.append(number)
        handed = self._next()
        while handed is not None and handed[0] != number:  # of a file that was left before its end
            handed = self._next()
        rest = b""
        while handed is not None:
            _, known, piece, prepared = handed
            if rest and piece is not None:
                prepared = self._workers.prepare(piece.after(rest), known)
            found = prepared()
            rest = found.rest
            yield piece.size if piece is not None else 0, found
            handed = self._next(only=number)

    def _next(self, only: int | None = None) -> _Handed | None:
        while len(self._handed) <= self._workers.at_once and (coming := next(self._coming, None)):
            self._handed.append(coming)
        if not self._handed or only not in (None, self._handed[0][0]):
            return None
        return self._handed.popleft()

    def _all(self, files: Iterable[_File]) -> Iterator[_Handed]:
        for number, known, pieces in files:
            try:
                for piece in pieces():
                    yield number, known, piece, self._workers.prepare(piece, known)
                    if number in self._asked_for[:-1]:  # it was left
                        break
            except (Refusal, OSError) as error:  # of the reading, to be met when the file's turn comes
                yield number, known, None, _raising(error)


def _raising(error: Exception) -> Callable[[], Prepared]:
    def refuse() -> Prepared:
        raise error

    return refuse
