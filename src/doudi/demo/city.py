"""示例城市：一座虚构的城市，和它的部门会送来的文件。

The whole demo city from a seed: same arguments, same bytes.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import polars as pl

from doudi.demo.chunk import CHUNK_PERSONS, VISITS, chunks
from doudi.demo.deliveries import Clerk
from doudi.demo.draw import Draw
from doudi.demo.feeds import MAKERS
from doudi.demo.months import Window, parse
from doudi.demo.planting import plant_all
from doudi.demo.plants import load_plants
from doudi.demo.readme import readme
from doudi.demo.truth import Statistics, Truth, planted, write_truth
from doudi.errors import Refusal
from doudi.landing.contract import load_contract

__all__ = ["LARGEST", "Progress", "build_city"]

LARGEST = 10_000_000
Progress: TypeAlias = Callable[[int, int, str], None]


def build_city(
    out: Path,
    *,
    persons: int,
    seed: int,
    month: str,
    months: int,
    visits: int = VISITS,
    progress: Progress | None = None,
) -> None:
    """Writes the department files of `months` months ending at `month` under OUT/<YYYY-MM>/, and OUT/README.md, OUT/truth.json.

    `persons` is met within a family's size; planted households come on top. `visits`: ordinary outpatient visits per
    thousand people and year, at most one a month each. `progress(done, of, feed)` is called after each feed of each chunk.
    An `out` that holds anything already is refused, and so is a size outside 500 … 10 million or a span outside 1 … 60 months.
    """
    window = _asked(out, persons, month, months)
    draw, contract, statistics = Draw(seed), load_contract(), Statistics()
    garden = plant_all(load_plants(), window)
    clerk = Clerk(out, draw, window)
    steps, done = len(contract) * -(-persons // CHUNK_PERSONS), 0
    for chunk in chunks(draw, window, persons, visits):
        statistics.count(chunk.people.collect())
        for name, feed in contract.items():
            lines = MAKERS[name](chunk).with_columns(_planted=pl.lit(value=False)).collect()
            if chunk.number == 0:
                lines = pl.concat([lines, garden.frame(feed).select(lines.columns)])
            clerk.deliver(feed, lines)
            done += 1
            if progress is not None:
                progress(done, steps, name)
    statistics.lines.update(clerk.lines)
    write_truth(out, Truth(month, months, seed, statistics, tuple(planted(home) for home in garden.settled)))
    (out / "README.md").write_text(readme(month, months, seed, statistics), encoding="utf-8", newline="\n")


def _asked(out: Path, persons: int, month: str, months: int) -> Window:
    if not 500 <= persons <= LARGEST:
        raise Refusal("demo.persons", f"示例城市的人数要在 500 到 {LARGEST} 之间，现在是 {persons}。", persons=persons)
    if not 1 <= months <= 60:
        raise Refusal("demo.months", f"月数要在 1 到 60 之间，现在是 {months}。", months=months)
    window = Window(parse(month), months)
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise Refusal("demo.out_not_empty", f"“{out}”已经有东西了：示例城市只写进空目录，请换一个目录或先清空。")
    out.mkdir(parents=True, exist_ok=True)
    return window
