"""What one question costs when the program is already warm: one household decided, one household explained.

Run: `python bench/scale/asked.py decide FILE` or `… explain NUMBER`, with DOUDI_HOME set. Prints the median of several
answers after one that is not counted, in milliseconds of wall time, as JSON.

decide: the household is read once; what is timed is the whole answer for programs, from facts to reasons. explain: all that
the command does from a 户号 to the last line, with nowhere to print to.
"""

from __future__ import annotations

import contextlib
import io
import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

from doudi.cli.decide import household_as_json, read_households
from doudi.cli.explain import explain
from doudi.readout.home import book

_TIMES = {"decide": 200, "explain": 3}


def _decided(file: str) -> Callable[[], object]:
    case = read_households(book(), Path(file))[0]
    return lambda: household_as_json(case)


def _explained(number: str) -> Callable[[], object]:
    return lambda: explain(number)


def milliseconds(act: Callable[[], object], times: int) -> float:
    """The median wall time of `times` calls, after one more."""
    act()
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        act()
        taken.append(time.perf_counter() - begun)
    return round(statistics.median(taken) * 1000, 3)


if __name__ == "__main__":
    what, whom = sys.argv[1:]
    act = {"decide": _decided, "explain": _explained}[what](whom)
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        median = milliseconds(act, _TIMES[what])
    print(json.dumps({"ms": median}))
