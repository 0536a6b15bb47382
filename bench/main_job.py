"""The main job on an invented city, stage by stage: CPU seconds, wall seconds, peak memory, and the ratios between them.

Run: `python bench/main_job.py --persons 20000 --months 6 --json FILE`. Every stage is the command that users type, in a
process of its own; CPU seconds are user + system, with the processes it waited for. On a shared machine wall seconds
tell of the neighbours, CPU seconds and ratios of the program.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

MONTH, AT, SEED = "2026-06", "2026-06-30", "7"
DOUDI = "from doudi.cli import app; app()"
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
HOUSEHOLD = """
案例: 夫妻和一个上初中的女儿
地区: '370502'
监测日: 2024-09-30
未写明: 无
家庭: {登记城乡类别: 城市}
成员:
  - {称呼: 甲, 与户主关系: 户主, 出生日期: 1982-03-05, 男性: 是, 工资收入: 12 * 2100, 必要就业成本: 12 * 100}
  - {称呼: 乙, 与户主关系: 配偶, 出生日期: 1984-07-12, 男性: 否}
  - {称呼: 丙, 与户主关系: 女, 出生日期: 2011-09-01, 男性: 否, 在校: 是, 全日制: 是, 学段: 初中}
"""


@dataclass(frozen=True)
class Stage:
    """One process that ran to its end."""

    name: str
    cpu_seconds: float
    wall_seconds: float
    peak_mib: int


def ran(name: str, home: Path, *command: str, out: Path | None = None) -> Stage:
    """Runs Python with `command` in `home` and measures it; what it prints goes to `out`. Ends the bench if it fails."""
    out = out or home.parent / f"{name}.out"
    begun = time.monotonic()
    with (
        out.open("wb") as said,
        subprocess.Popen(
            [sys.executable, *command], stdout=said, env=os.environ | {"DOUDI_HOME": str(home)}
        ) as process,
    ):
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{name}: exit code {process.returncode}")
    stage = Stage(
        name, round(used.ru_utime + used.ru_stime, 2), round(time.monotonic() - begun, 2), used.ru_maxrss // 1024
    )
    print(
        f"{name:<8} {stage.cpu_seconds:>9.2f} s CPU {stage.wall_seconds:>9.2f} s wall {stage.peak_mib:>7,} MiB",
        flush=True,
    )
    return stage


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
    (root / "household.yaml").write_text(HOUSEHOLD, "utf-8")
    stages.append(doudi("decide", "decide", str(root / "household.yaml")))
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
