"""The pulse of a run: what the worker is at, told while its own transaction is still open; and proof that it lives.

A connection of its own. It holds an advisory lock for as long as the worker lives: whoever can take the lock knows that
nobody is at the run any more. No deadline has to be guessed.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.db import connection, connections

__all__ = ["Pulse", "beating", "is_dead", "one_asks"]

_LOCKS: Final = 0x6D6F6E69  # the first key of the advisory locks of runs
_BETWEEN: Final = 0.5  # seconds: at most two writes each


class Pulse:
    """Tells the steps of one run."""

    def __init__(self, run_id: int) -> None:
        self._run_id = run_id
        self._own = connections["default"].copy("default")
        self._told_at = 0.0
        self._done = 0

    def take(self) -> bool:
        """Takes the run's lock; False: another worker is at it."""
        with self._own.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_LOCKS, self._run_id])
            return bool(cursor.fetchone()[0])

    @contextmanager
    def step(self, what: str) -> Iterator[None]:
        """One act of the run: told when it begins, unless the last was told just now."""
        moment = time.monotonic()
        if moment - self._told_at >= _BETWEEN:
            self._told_at = moment
            with self._own.cursor() as cursor:
                cursor.execute(
                    "UPDATE monitoring_run SET step = %s, steps_done = %s WHERE id = %s",
                    [what[:80], self._done, self._run_id],
                )
        yield
        self._done += 1

    def close(self) -> None:
        """Lets go of the lock and of the connection."""
        self._own.close()


@contextmanager
def beating(run_id: int) -> Iterator[Pulse | None]:
    """A pulse whose lock is held; None when another worker holds it."""
    pulse = Pulse(run_id)
    try:
        yield pulse if pulse.take() else None
    finally:
        pulse.close()


def is_dead(run_id: int) -> bool:
    """Does nobody hold the run's lock? Asked inside a transaction, which holds it until its end if so."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [_LOCKS, run_id])
        return bool(cursor.fetchone()[0])


def one_asks() -> None:
    """Whoever asks for a run waits here for who asks now, until his transaction ends: two make one run and not an error."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, 0)", [_LOCKS])
