"""The main job on an invented city, stage by stage: CPU seconds, wall seconds, peak memory, and the ratios between them.

Run: `python bench/main_job.py --persons 20000 --months 6 --json FILE`. Every stage is the command that users type, in a
process of its own; CPU seconds are user + system, with the processes it waited for. On a shared machine wall seconds
tell of the neighbours, CPU seconds and ratios of the program.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

from scale.measure import DOUDI, Stage, ran

MONTH, AT, SEED = "2026-06", "2026-06-30", "7"
# The floor under landing: the same bytes as text in columns, nothing checked, nothing kept.
FLOOR = """
import sys
from pathlib import Path
import polars as pl
from python_calamine import CalamineWorkbook
for path in map(Path, sys.argv[1:]):
    if path.suffix in (".xls", ".xlsx"):
        CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    elif path.suffix == ".parquet":
        pl.scan_parquet(path).collect()
    else:
        pl.scan_csv(
            path, infer_schema=False, encoding="utf8-lossy", quote_char=None, truncate_ragged_lines=True
        ).collect()
"""
HOUSEHOLD = Path(__file__).resolve().parent / "scale" / "household.yaml"


def measured(root: Path, persons: int, months: int) -> dict[str, Any]:
    """All stages on a city of that size, made below `root`."""
    city, home = root / "city", root / "home"

    def doudi(name: str, *words: str, out: Path | None = None) -> Stage:
        return ran(name, home, "-c", DOUDI, *words, out=out)

    size = ("--persons", str(persons), "--seed", SEED, "--month", MONTH, "--months", str(months))
    stages = [doudi("demo", "demo", str(city), *size)]
    files = sorted(str(path) for path in city.glob("*/*") if path.is_file())
    stages.append(ran("floor", home, "-c", FLOOR, *files))
    stages.append(doudi("land", "land", *files, "--json", out=root / "account.json"))
    stages.append(doudi("monitor", "monitor", "--at", AT))
    doudi("alerts", "alerts", "--format", "jsonl", out=root / "alerts.jsonl")
    with (root / "alerts.jsonl").open() as alerts:
        household = json.loads(alerts.readline())["household_no"]
    stages.append(doudi("explain", "explain", household))
    stages.append(doudi("decide", "decide", str(HOUSEHOLD)))
    account = json.loads((root / "account.json").read_text("utf-8"))
    lines = sum(file["physical"] for file in account["files"])
    return {
        "persons": persons, "months": months, "files": len(files), "lines": lines, "cores": os.cpu_count(),
        "load_at_end": round(os.getloadavg()[0], 1), "stages": [asdict(stage) for stage in stages],
        "ratios": ratios({stage.name: stage for stage in stages}, lines, persons),
    }  # fmt: skip


def ratios(stages: dict[str, Stage], lines: int, persons: int) -> dict[str, float]:
    """What holds between machines, and the speeds."""
    land, floor, monitor = (stages[name].cpu_seconds for name in ("land", "floor", "monitor"))
    return {
        "landing_lines_per_cpu_second": round(lines / land),
        "landing_cpu_seconds_per_million_lines": round(land / lines * 1e6, 2),
        "landing_over_plain_read": round(land / floor, 2),
        "monitor_cpu_seconds_per_million_persons": round(monitor / persons * 1e6, 2),
        "monitor_over_landing": round(monitor / land, 2),
    }


def main() -> None:
    """Measure one city and print, and write as JSON where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--persons", type=int, default=20_000)
    parser.add_argument("--months", type=int, default=6)
    parser.add_argument("--json", type=Path, metavar="FILE")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = measured(Path(folder), asked.persons, asked.months)
    print(f"{found['files']} files, {found['lines']:,} lines, {found['cores']} cores, load {found['load_at_end']}")
    for name, value in found["ratios"].items():
        print(f"{name:<40} {value:>12,}")
    if asked.json:
        asked.json.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
