"""办公区的几个进程：数据库、网站、后台办理；一个总管启动、看护、收尾。

The processes of a running office and their one supervisor: database, web, worker. A child that dies is started again.
When the supervisor leaves, by Ctrl-C, by a signal or by kill -9, nothing of it stays.
"""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from doudi.office.config import postgres
from doudi.office.config.inheritance import leave_with_parent
from doudi.office.config.places import places
from doudi.office.config.provision import provision

__all__ = ["DATABASE", "Child", "database", "database_for_a_command", "environment", "keep", "web", "worker"]

DATABASE: Final = "doudi"
SECONDS_TO_LEAVE: Final = 10
_LONGEST_PAUSE: Final = 30.0
_LOOK_EVERY: Final = 0.2


@dataclass
class Child:
    """A program to be kept running. `last_word` is what the kernel tells it when the supervisor is gone without a word."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    last_word: signal.Signals
    shares: tuple[int, ...] = ()
    process: subprocess.Popen[bytes] | None = None
    _deaths: int = field(default=0, repr=False)
    _not_before: float = field(default=0.0, repr=False)

    def look(self, say: Callable[[str], None]) -> None:
        """Starts it when it does not run; one that keeps dying is given longer and longer pauses."""
        if self.process is not None and self.process.poll() is None:
            return
        if self.process is not None:
            self._deaths += 1
            self._not_before = time.monotonic() + min(0.5 * 2**self._deaths, _LONGEST_PAUSE)
            say(f"{self.name}停了（{self.process.returncode}），马上再启动")
            self.process = None
        if time.monotonic() >= self._not_before:
            self.process = subprocess.Popen(  # noqa: S603  # our own programs, and no shell
                self.command,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                pass_fds=self.shares,
                start_new_session=True,
                preexec_fn=leave_with_parent(self.last_word),  # noqa: PLW1509  # nothing but system calls run in it
            )

    def ask_to_leave(self) -> None:
        """The polite signal; it finishes what it has in hand."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def end(self) -> None:
        """Waits for it a little, then ends it and whatever it started."""
        if self.process is None:
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(SECONDS_TO_LEAVE)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def environment(home: Path, **more: str) -> dict[str, str]:
    """What a child is told: where home is. The owner's password stays with whoever migrates."""
    inherited = {name: value for name, value in os.environ.items() if name != "DOUDI_DB_OWNER_PASSWORD"}
    settings = {"DJANGO_SETTINGS_MODULE": "doudi.office.config.settings", "DOUDI_HOME": str(home), "PYTHONUTF8": "1"}
    return {**inherited, **settings, **more}


def web(home: Path, listening: int) -> Child:
    """Gunicorn on a socket that the supervisor holds: whoever calls while it starts waits instead of being refused."""
    options = "--workers 2 --threads 8 --worker-class gthread --timeout 120 --graceful-timeout 8 --keep-alive 30"
    # Not `warning`: it writes down a request line that it cannot read, whole, with whatever was typed into the address.
    quiet = ["--no-control-socket", "--log-level", "error", "--bind", f"fd://{listening}"]
    command = [sys.executable, "-m", "gunicorn", *options.split(), *quiet, "doudi.office.config.wsgi:application"]
    # No page may hold a row for long; what takes longer belongs to the worker.
    limits = "-c statement_timeout=30s -c lock_timeout=10s -c idle_in_transaction_session_timeout=1min"
    return Child("网站", command, environment(home, PGOPTIONS=limits), signal.SIGTERM, (listening,))


def worker(home: Path) -> Child:
    """procrastinate: landing, runs, exports and what is due by the clock. A job that it drops is taken up again."""
    # A landing and a run may be long; the sealer and the reaper go on beside them.
    options = [
        "--concurrency",
        "4",
        "--shutdown-graceful-timeout",
        str(SECONDS_TO_LEAVE - 2),
        "--delete-jobs",
        "successful",
    ]
    command = [sys.executable, "-m", "django", "procrastinate", "worker", *options]
    return Child("后台", command, environment(home), signal.SIGKILL)


class _Embedded:
    """The embedded server as the supervisor keeps it."""

    def __init__(self, home: Path) -> None:
        self._place = places(home)
        self._process = postgres.start(self._place)

    def look(self, say: Callable[[str], None]) -> None:
        if self._process.poll() is not None:
            say(f"数据库停了（{self._process.returncode}），马上再启动")
            self._process = postgres.start(self._place)

    def end(self) -> None:
        postgres.stop(self._process)


@contextlib.contextmanager
def database(home: Path) -> Iterator[Callable[[Callable[[str], None]], None]]:
    """A provisioned database while this lasts; what it gives looks after the server. PGHOST's server is only used."""
    if postgres.external():
        yield lambda _: None
        return
    server = _Embedded(home)
    try:
        provision(postgres.administrator(places(home)), DATABASE)
        yield server.look
    finally:
        server.end()


@contextlib.contextmanager
def database_for_a_command(home: Path) -> Iterator[None]:
    """The running office's database, or one that is started for the command alone."""
    if postgres.external() or postgres.runs(places(home)):
        yield
        return
    with database(home):
        yield


def keep(
    children: Sequence[Child], look_after: Callable[[Callable[[str], None]], None], say: Callable[[str], None]
) -> None:
    """Keeps the children running until a signal ends this; then all of them leave, at once and for certain."""
    try:
        while True:
            look_after(say)
            for child in children:
                child.look(say)
            time.sleep(_LOOK_EVERY)
    finally:
        for child in children:
            child.ask_to_leave()
        for child in children:
            child.end()
