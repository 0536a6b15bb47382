"""父死子随：启动者没了，它启动的程序也不留下。

A child ends with whoever started it, even by kill -9. Linux's kernel sees to it; elsewhere signal handlers and the next
start's look at what was left remain.
"""

import ctypes
import os
import signal
import sys
from collections.abc import Callable
from typing import Final

__all__ = ["leave_with_parent"]

_PR_SET_PDEATHSIG: Final = 1
# Loaded before any fork: between fork and exec a child of a threaded process may not take a lock.
_LIBC: Final = ctypes.CDLL(None) if sys.platform == "linux" else None


def leave_with_parent(number: signal.Signals = signal.SIGTERM) -> Callable[[], None]:
    """What a child does first (`preexec_fn`): asks the kernel for the signal `number` when its parent's thread ends."""
    parent = os.getpid()

    def ask() -> None:
        if _LIBC is not None:
            _LIBC.prctl(_PR_SET_PDEATHSIG, int(number))
            if os.getppid() != parent:  # it ended before we asked
                os.kill(os.getpid(), number)

    return ask
