"""Landings that are killed: `python killed.py HOME FILE TRIALS MOMENT…` copies HOME for each moment and lands FILE there.

A moment is a checkpoint's name, at which the landing kills itself, or a share of a landing's usual time, after which it
is killed from outside. Each landing is a process of its own, forked before any thread was started.
"""

import os
import shutil
import signal
import sys
import time
from pathlib import Path

from doudi.landing.land import land
from landing.homes import RECEIVED


def killed():
    """Nothing is tidied up after this."""
    os.kill(os.getpid(), signal.SIGKILL)


def run(home, path, moment=None):
    """Lands in a process of its own; gives the seconds it took and the signal that ended it, 0 for none."""
    child = os.fork()
    if child == 0:
        land([path], home=home, received_at=RECEIVED, checkpoint=lambda name: name == moment and killed())
        os._exit(0)
    begun = time.monotonic()
    if isinstance(moment, float):
        time.sleep(moment)
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return time.monotonic() - begun, os.WTERMSIG(status)


def main(home, path, trials, *moments):
    """One trial per moment, each in the folder TRIALS/<number>; prints the signal that ended it."""
    shutil.copytree(home, trials / "unharmed")
    usual, _ = run(trials / "unharmed", path)
    for number, moment in enumerate(moments):
        shutil.copytree(home, trials / str(number))
        when = float(moment) * usual if moment[0].isdigit() else moment
        sys.stdout.write(f"{run(trials / str(number), path, when)[1]}\n")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]), *sys.argv[4:])
