"""前后脚：一个文件收尾时，后一个已在读，再后面的已在认；次序不变，湖里看不出谁和谁同时。

Overlap between files, which are long waits for the disk and the cipher: the digests of the next ones and the end of the last
one are worked out beside the reading of this one. Their order stays, and so does what is written.
"""

from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Generic, Self, TypeVar

__all__ = ["Following", "Foreseen"]

T = TypeVar("T")
K = TypeVar("K")

_FORESEEN = 3  # files


class Foreseen(Generic[K, T]):
    """Answers that are asked for in the order of `questions`, each worked out a little before it is."""

    def __init__(self, questions: Mapping[K, Callable[[], T]]) -> None:
        self._questions = iter(questions.items())
        self._answers: dict[K, Future[T]] = {}
        self._asked: set[K] = set()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="foreseeing")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._thread.shutdown(cancel_futures=True)

    def of(self, key: K) -> T:
        """The answer, as often as it is asked for; raises what working it out raised."""
        self._asked.add(key)
        while len(self._answers) < len(self._asked) + _FORESEEN and (coming := next(self._questions, None)):
            self._answers[coming[0]] = self._thread.submit(coming[1])
        return self._answers[key].result()


class Following:
    """One piece of work at a time, in the order in which they are begun, beside whoever begins them."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="following")
        self._work: Future[None] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._thread.shutdown()
        if kind is None:
            self.wait()

    def begin(self, work: Callable[[], None]) -> None:
        """Begins the work once the last one is done; raises what that one raised."""
        self.wait()
        self._work = self._thread.submit(work)

    def wait(self) -> None:
        """Returns when all is done that was begun, and raises what it raised."""
        work, self._work = self._work, None
        if work is not None:
            work.result()
