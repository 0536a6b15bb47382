"""One process measured to its end: CPU seconds of all its processes, wall seconds, peak memory of the whole tree.

CPU seconds are user + system as the kernel counted them, imports included; a grandchild that outlives its parent is
adopted, waited for and counted too. Memory is the largest sum of the tree's proportional shares seen (pages that two
processes share count once), and never less than the largest single process.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

__all__ = ["DOUDI", "Stage", "ran"]

DOUDI = "from doudi.cli import app; app()"
_BENCH = Path(__file__).resolve().parents[1]
_LOOKS_EVERY = 0.05  # seconds between two looks at the tree's memory
_PR_SET_CHILD_SUBREAPER = 36


@dataclass(frozen=True)
class Stage:
    """One process that ran to its end."""

    name: str
    cpu_seconds: float
    wall_seconds: float
    peak_mib: int


def ran(name: str, home: Path, *command: str, out: Path | None = None, quiet: bool = False) -> Stage:
    """Runs Python with `command` in `home` and measures it; what it prints goes to `out`. Ends the bench if it fails."""
    out = out or home.parent / f"{name}.out"
    _adopt_orphans()
    begun = time.monotonic()
    with out.open("wb") as said:
        paths = os.pathsep.join(filter(None, (str(_BENCH), os.environ.get("PYTHONPATH"))))
        environment = os.environ | {"DOUDI_HOME": str(home), "PYTHONUTF8": "1", "PYTHONPATH": paths}
        process = subprocess.Popen([sys.executable, *command], stdout=said, env=environment)
        with _watched(process.pid) as shares:
            cpu_seconds, largest = _ended(process)
    if process.returncode:
        raise SystemExit(f"{name}: exit code {process.returncode}; what it said stands in {out}")
    wall_seconds = time.monotonic() - begun
    stage = Stage(name, round(cpu_seconds, 3), round(wall_seconds, 3), max(largest, shares[0]) // 1024)
    if not quiet:
        print(
            f"{name:<22} {stage.cpu_seconds:>9.2f} s CPU {stage.wall_seconds:>9.2f} s wall {stage.peak_mib:>7,} MiB",
            flush=True,
        )
    return stage


def _ended(process: subprocess.Popen[bytes]) -> tuple[float, int]:
    """CPU seconds of the process and of all that it left behind, and the KiB of the largest of them."""
    cpu_seconds, largest = 0.0, 0
    try:
        while True:
            pid, status, used = os.wait4(-1, 0)
            cpu_seconds += used.ru_utime + used.ru_stime
            largest = max(largest, used.ru_maxrss)
            if pid == process.pid:
                process.returncode = os.waitstatus_to_exitcode(status)
    except ChildProcessError:  # nobody is left
        return cpu_seconds, largest
    except BaseException:
        process.kill()
        raise


def _adopt_orphans() -> None:
    """A process whose parent ended becomes ours, so that it can be waited for. Linux only; elsewhere it goes uncounted."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1)


@contextlib.contextmanager
def _watched(root: int) -> Iterator[list[int]]:
    """A list whose only entry is the largest sum of KiB seen so far."""
    shares = [0]
    ended = threading.Event()

    def look() -> None:
        while not ended.wait(_LOOKS_EVERY):
            tree = _tree(root)
            if len(tree) > 1:  # of a single process the kernel itself remembers the peak, at no cost
                shares[0] = max(shares[0], sum(_share(pid) for pid in tree))

    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    try:
        yield shares
    finally:
        ended.set()
        watcher.join()


def _tree(root: int) -> list[int]:
    """The process and all below it; those that end while one looks are left out."""
    found, waiting = [], [root]
    while waiting:
        pid = waiting.pop()
        found.append(pid)
        for task in Path(f"/proc/{pid}/task").glob("*/children"):
            with contextlib.suppress(OSError):
                waiting += map(int, task.read_text().split())
    return found


def _share(pid: int) -> int:
    """KiB of memory that the process answers for: its own pages, and its part of those that it shares. 0 when it ended."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    return 0
