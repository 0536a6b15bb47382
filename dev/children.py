"""Programs that the launcher starts: each in a process group of its own, and none outlives the launcher."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import places
from telling import StepFailedError

SECONDS_TO_LEAVE = 30  # the office finishes what it has in hand
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def leave_with_parent() -> None:
    """In the child: end when this launcher ends, even by kill -9. Linux only; elsewhere the signal handlers remain."""
    if sys.platform == "linux":
        pr_set_pdeathsig = 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGTERM)


def leave_on_signals() -> None:
    """In the launcher: a signal unwinds it, so that every block that started something ends it."""
    for number in ENDING:
        signal.signal(number, lambda received, _: sys.exit(128 + received))


def end_group(child: subprocess.Popen[str]) -> None:
    """Ask the child's whole process group to leave, then make it."""
    for number in ENDING:
        signal.signal(number, signal.SIG_IGN)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(SECONDS_TO_LEAVE)
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def launched(*command: str | Path, capture: bool = False, **env: str) -> subprocess.Popen[str]:
    """Start one command in a process group of its own, which ends with this launcher."""
    return subprocess.Popen(
        [str(part) for part in command],
        cwd=places.ROOT,
        env={**os.environ, "PYTHONUTF8": "1", **env},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE if capture else None,
        text=True,
        start_new_session=True,
        preexec_fn=leave_with_parent,  # noqa: PLW1509 - this launcher has no threads
    )


@contextlib.contextmanager
def started(*command: str | Path, **env: str) -> Iterator[subprocess.Popen[str]]:
    """A command that runs beside others and ends with the block."""
    child = launched(*command, **env)
    try:
        yield child
    finally:
        end_group(child)


def call(*command: str | Path, capture: bool = False, **env: str) -> tuple[int, str]:
    """Run one command in a process group of its own; its exit code (128 + signal) and captured output."""
    child = launched(*command, capture=capture, **env)
    try:
        out, _ = child.communicate()
    except BaseException:
        end_group(child)
        raise
    return child.returncode if child.returncode >= 0 else 128 - child.returncode, out or ""


def must(*command: str | Path, otherwise: str, **env: str) -> None:
    """Run one command to its good end. StepFailedError: it has none."""
    code, _ = call(*command, **env)
    if code:
        raise StepFailedError(otherwise)
