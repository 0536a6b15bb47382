"""A whole city, landed, monitored and monitored again: CPU, wall, memory, and the ratios that the program is held to.

Run: `python bench/city.py --persons 2200000 --json FILE`. Makes the city once (32 feeds, 3.6 settlements per person, twelve
months of events in mixed formats), then measures in rounds, every stage the command that users type, in a process of its own;
CPU seconds are user + system of all its processes, imports included. What is fast must also be right: incremental runs are
compared with full ones and the engine with the Polars twin, row by row; exits 1 where they differ. Wall seconds and everything
per second tell of the neighbours too: keep the machine idle. 2.2 million persons need some 10 GB of disk (TMPDIR, or --keep).

Stages of a round: land (settlements and contributions of twelve months as GB18030 CSV, into a home where population, rolls and
the smaller events have landed), floor (least and greatest of every lake column that a run reads), monitor (in full: nothing
kept from before, all that the next night needs left behind), polars (the twin), shared (the engine's part of what the twin
computes), spread and clustered (monitor the same day after one line in a hundred was corrected, of everybody or of one
county), rule (after one threshold was edited),
decide and explain (the commands), warm decide and warm explain (one more answer of a program that is already running).
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from scale.agree import disagreements
from scale.ground import Ground
from scale.measure import Stage
from scale.report import KEYS, figures, ratio_table, stage_table
from scale.stages import STAGES, landed_lines, milliseconds


def measured(ground: Ground, names: list[str], rounds: int) -> tuple[dict[str, list[Stage]], dict[str, list[float]]]:
    """The stages, round by round, and the milliseconds of the warm ones."""
    stages: dict[str, list[Stage]] = {name: [] for name in names}
    warm: dict[str, list[float]] = {name: [] for name in names if name.startswith("warm")}
    for number in range(1, rounds + 1):
        print(f"round {number} of {rounds}", flush=True)
        for name in names:
            stages[name].append(STAGES[name](ground))
            if name in warm:
                warm[name].append(milliseconds(ground, name))
    return stages, warm


def bench(ground: Ground, names: list[str], rounds: int) -> tuple[dict[str, float | None], list[str]]:
    """All figures, and what was found to disagree; prints the tables."""
    stages, warm = measured(ground, names, rounds)
    wrong = list(disagreements(ground, set(names)))
    lines: dict[str, float] = {"land city": ground.lines}
    if "land" in names:
        lines["land"] = landed_lines(ground)
    if (city := ground.cost("land city")) is not None:
        stages = {"land city": [city]} | stages
    found = figures(ground.persons, stages, warm, lines)
    counted = ", ".join(f"{name} {count:,.0f} lines" for name, count in lines.items())
    print(f"\n{ground.persons:,} persons; {counted}; {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}\n")
    print("\n".join([*stage_table(stages), "", *ratio_table(found), ""]))
    return found, wrong


@contextlib.contextmanager
def folder(keep: Path | None) -> Iterator[Path]:
    """Where everything is made: a folder that stays, or one that is gone at the end."""
    if keep is None:
        with tempfile.TemporaryDirectory(prefix="doudi-city-") as made:
            yield Path(made)
    else:
        keep.mkdir(parents=True, exist_ok=True)
        yield keep.resolve()


def parsed() -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--persons", type=int, default=2_200_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path, metavar="FILE")
    parser.add_argument(
        "--keep",
        type=Path,
        metavar="DIR",
        help="make everything there, use what an earlier bench of the same program left there, leave it there",
    )
    parser.add_argument("--city", type=Path, metavar="DIR", help="a city made by this bench before, of as many persons")
    parser.add_argument("--only", metavar="STAGE,…", help=f"some of: {', '.join(STAGES)}")
    asked = parser.parse_args()
    asked.only = asked.only.split(",") if asked.only else list(STAGES)
    if unknown := [name for name in asked.only if name not in STAGES]:
        parser.error(f"no such stage: {', '.join(unknown)}")
    return asked


def main() -> int:
    """Measure, print, write as JSON where asked; 1 when something fast was not right."""
    asked = parsed()
    with folder(asked.keep) as root:
        ground = Ground(root, (asked.city or root / "city").resolve(), asked.persons)
        found, wrong = bench(ground, [name for name in STAGES if name in asked.only], asked.rounds)
    if asked.json:
        asked.json.write_text(json.dumps({key: found[key] for key in KEYS}, indent=1) + "\n", "utf-8")
    print("\n".join(wrong) if wrong else "what was fast said the same as what was slow")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
