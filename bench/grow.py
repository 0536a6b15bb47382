"""How the cost of monitoring grows: a landed city several times over, monitored in full, beside its scan floor.

Run: `python bench/grow.py HOME --times 1,2,10 --memory 1600MB`. HOME is one that landed and is left as it is, such as
`DIR/home` of `bench/city.py --keep DIR`. Keys and tokens are shifted from copy to copy (`scale/grown.py`), so the lake is as large
and as varied as k such cities; the files are as many as before and k times as long.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path

from scale.grown import grown
from scale.made import AT, without_runs
from scale.measure import DOUDI, Stage, ran


def measured(home: Path, times: int, memory: str, rounds: int, root: Path) -> dict[str, float]:
    """One size: the grown home is made below `root`, which the caller removes."""
    larger = grown(home, root / "home", times)
    reads = root / "reads.json"
    ran("list reads", larger, "-m", "scale.scanned", str(larger), AT, str(reads), quiet=True)
    floors, runs = list[Stage](), list[Stage]()
    for _ in range(rounds):
        floors.append(ran("floor", larger, "-m", "scale.floor", str(reads)))
        runs.append(ran("monitor", without_runs(larger), "-c", DOUDI, "monitor", "--at", AT, "--memory", memory))
    told = json.loads((larger / "runs" / AT / "manifest.json").read_text("utf-8"))
    floor, cpu = (statistics.median(one.cpu_seconds for one in stages) for stages in (floors, runs))
    return {
        "persons": told["people"],
        "alerts": told["alerts"],
        "lines": int((root / "floor.out").read_text("utf-8")),
        "floor_cpu_s": round(floor, 2),
        "monitor_cpu_s": round(cpu, 2),
        "monitor_wall_s": round(statistics.median(one.wall_seconds for one in runs), 2),
        "monitor_peak_mib": max(one.peak_mib for one in runs),
        "cpu_s_per_million": round(cpu / told["people"] * 1e6, 2),
        "monitor_cpu_over_floor": round(cpu / floor, 2),
    }


def table(sizes: list[dict[str, float]]) -> Iterator[str]:
    """A Markdown table, a row for each size."""
    yield f"| {' | '.join(sizes[0])} |"
    yield f"|{'---|' * len(sizes[0])}"
    for size in sizes:
        yield f"| {' | '.join(f'{value:,}' for value in size.values())} |"


def main() -> None:
    """Measure every size asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("home", type=Path, metavar="HOME")
    parser.add_argument("--times", default="1,2,10", metavar="K,…")
    parser.add_argument("--memory", default="1600MB")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--json", type=Path, metavar="FILE")
    asked = parser.parse_args()
    sizes = []
    for times in map(int, asked.times.split(",")):
        print(f"{times} times", flush=True)
        with tempfile.TemporaryDirectory(prefix="doudi-grow-") as root:
            sizes.append(measured(asked.home.resolve(), times, asked.memory, asked.rounds, Path(root)))
    print("\n".join(table(sizes)))
    if asked.json:
        asked.json.write_text(json.dumps(sizes, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
