"""一批人：一部分户和其中每个人的一生大事，由此写出各部门的文件。

Grain: one person. The city is made a chunk of households at a time, so that ten million people fit in memory; what a
chunk holds does not depend on where it was cut.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from doudi.demo.draw import Draw
from doudi.demo.hardship import with_health, with_tiers
from doudi.demo.households import household_frame, people_frame
from doudi.demo.livings import with_livings
from doudi.demo.months import Window, month_of

__all__ = ["CHUNK_PERSONS", "VISITS", "Chunk", "chunks"]

CHUNK_PERSONS = 250_000
VISITS = 540  # ordinary outpatient visits per thousand people and year


@dataclass(frozen=True, slots=True)
class Chunk:
    """`people` carries every column of households, hardship and livings, and `present_from`, `present_until` (months, null = open).

    `visits`: ordinary outpatient visits per thousand people and year; more of them, and each as dear as before.
    """

    draw: Draw
    window: Window
    number: int
    people: pl.LazyFrame
    visits: int = VISITS

    def who(self, *conditions: pl.Expr) -> pl.LazyFrame:
        """The people who meet all the conditions; null counts as no."""
        return self.people.filter(*conditions)

    def monthly(self, people: pl.LazyFrame) -> pl.LazyFrame:
        """Each of the people once for every month of which events are delivered, as `at`, while the register names them."""
        months = pl.LazyFrame({"at": range(self.window.opening, self.window.last + 1)}, schema={"at": pl.Int64})
        there = (pl.col.present_from <= pl.col.at) & (
            pl.col.present_until.is_null() | (pl.col.present_until >= pl.col.at)
        )
        return people.join(months, how="cross", maintain_order="left_right").filter(there)


def chunks(draw: Draw, window: Window, persons: int, visits: int = VISITS) -> Iterator[Chunk]:
    """The city of about `persons` people, in order; together the chunks hold everyone once."""
    households = household_frame(draw, persons)
    number = households["first_person"] // CHUNK_PERSONS
    for index in range(int(number[-1]) + 1):
        chosen = with_tiers(draw, window, households.filter(number == index))
        people = with_livings(draw, window, with_health(draw, window, people_frame(draw, window, chosen)))
        yield Chunk(draw, window, index, _with_presence(draw, window, people).lazy(), visits)


def _with_presence(draw: Draw, window: Window, people: pl.DataFrame) -> pl.DataFrame:
    """When the register names them: from birth or moving in, until death or moving out. Three households in a thousand move."""
    settled = pl.col.tier.is_null() & ~pl.col.collective
    comes = settled & draw.chance(1500, "hh.comes", pl.col.hh)
    goes = settled & draw.chance(1500, "hh.goes", pl.col.hh) & ~comes
    month = window.first + draw.below(window.months, "hh.moves.at", pl.col.hh)
    return people.with_columns(
        present_from=pl.max_horizontal(month_of(pl.col.birth), pl.when(comes).then(month)).cast(pl.Int64),
        present_until=pl.min_horizontal(month_of(pl.col.died), pl.when(goes).then(month)).cast(pl.Int64),
    )
