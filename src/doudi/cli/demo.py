"""doudi demo：造一座虚构的城市。

An invented city's department files.
"""

from pathlib import Path
from typing import Annotated

from typer import Argument, Option

from doudi.cli.screen import say, watched
from doudi.demo import build_city

__all__ = ["demo"]


def demo(
    out: Annotated[Path, Argument(metavar="输出目录", help="写到哪个空目录")],
    persons: Annotated[int, Option("--persons", metavar="人数", help="城市人口，500 到一千万")] = 20_000,
    seed: Annotated[int, Option("--seed", metavar="种子", help="随机种子；同一种子造出同一座城市，逐字节相同")] = 1,
    month: Annotated[str, Option("--month", metavar="年-月", help="最后一个月，如 2026-03")] = "2026-03",
    months: Annotated[int, Option("--months", metavar="月数", help="连着几个月")] = 1,
) -> None:
    """造一座示范城市：人员全部虚构，写出各部门每个月会送来的文件。"""
    with watched("造示范城市") as watch:
        build_city(out, persons=persons, seed=seed, month=month, months=months, progress=watch)
    files = sum(1 for path in out.rglob("*") if path.is_file()) - 2  # the readme and the truth file are no deliveries
    say(f"{out}：约 {persons:,} 人，到 {month} 为止 {months} 个月，{files} 个部门文件；说明见 {out / 'README.md'}。")
