"""The measured stages: each a command as users type it, in a process of its own, from the same start every round."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from scale.ground import Ground, lines_of
from scale.made import AT, mirrored, without_runs
from scale.measure import DOUDI, Stage, ran

__all__ = ["ENGINE_SAID", "MONITOR", "STAGES", "TWIN_SAID", "by_book", "landed_lines", "milliseconds"]

HERE = Path(__file__).resolve().parent
# The command with another policy book, given as the first word: the program itself only knows its installation's.
_WITH_BOOK = (
    "import sys; from pathlib import Path; import doudi.readout.home as home; book = Path(sys.argv.pop(1)); "
    "home.policybook_dir = lambda: book; "
)
MONITOR = ("monitor", "--at", AT)
TWIN_SAID, ENGINE_SAID = "twin.parquet", "engine.parquet"


def _landed(ground: Ground) -> Stage:
    work = mirrored(ground.base, ground.root / "work")
    account = ground.root / "bulk account.json"
    return ran("land", work, "-c", DOUDI, "land", str(ground.bulk), "--json", out=account)


def _full(ground: Ground) -> Stage:
    work = without_runs(mirrored(ground.home, ground.root / "full"))
    return ran("monitor", work, "-c", DOUDI, *MONITOR)


def _floor(ground: Ground) -> Stage:
    return ran("floor", ground.home, "-m", "scale.floor", str(ground.reads))


def _polars(ground: Ground) -> Stage:
    out = ground.root / TWIN_SAID
    twin = str(HERE.parent / "twin" / "run.py")
    return ran("polars", ground.home, twin, "--home", str(ground.home), "--at", AT, "--out", str(out))


def _shared(ground: Ground) -> Stage:
    return ran("shared", ground.home, "-m", "scale.shared", str(ground.home), AT, str(ground.root / ENGINE_SAID))


def _spread(ground: Ground) -> Stage:
    return ran("spread", mirrored(ground.spread, ground.root / "after spread"), "-c", DOUDI, *MONITOR)


def _clustered(ground: Ground) -> Stage:
    return ran("clustered", mirrored(ground.clustered, ground.root / "after clustered"), "-c", DOUDI, *MONITOR)


def _rule(ground: Ground) -> Stage:
    work = mirrored(ground.state, ground.root / "after rule")
    return ran("rule", work, "-c", by_book(), str(ground.book), *MONITOR)


def by_book() -> str:
    """The program that takes the folder of a policy book as its first word."""
    return _WITH_BOOK + DOUDI


def _decide(ground: Ground) -> Stage:
    return ran("decide", ground.state, "-c", DOUDI, "decide", str(HERE / "household.yaml"))


def _explain(ground: Ground) -> Stage:
    return ran("explain", ground.state, "-c", DOUDI, "explain", ground.household_no)


def _warm_decide(ground: Ground) -> Stage:
    return ran("warm decide", ground.state, "-m", "scale.asked", "decide", str(HERE / "household.yaml"))


def _warm_explain(ground: Ground) -> Stage:
    return ran("warm explain", ground.state, "-m", "scale.asked", "explain", ground.household_no)


# In the order of a round: rivals stand beside each other.
STAGES: dict[str, Callable[[Ground], Stage]] = {
    "land": _landed,
    "floor": _floor,
    "monitor": _full,
    "polars": _polars,
    "shared": _shared,
    "spread": _spread,
    "clustered": _clustered,
    "rule": _rule,
    "decide": _decide,
    "explain": _explain,
    "warm decide": _warm_decide,
    "warm explain": _warm_explain,
}


def milliseconds(ground: Ground, stage: str) -> float:
    """What a warm stage said that one answer took."""
    return float(json.loads((ground.root / f"{stage}.out").read_text("utf-8"))["ms"])


def landed_lines(ground: Ground) -> int:
    """How many lines the landing of the bulk feeds accounted for."""
    return lines_of(ground.root / "bulk account.json")
