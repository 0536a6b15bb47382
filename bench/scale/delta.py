"""Corrections that departments send in the same month: one line of the lake in a hundred, everywhere or in one county.

Rolls come once a month, so what is corrected within one are events: settlements, contributions, incomes. Lines are drawn
evenly (and so fall on many people: whoever has sixteen lines is touched with one chance in six or seven) and sent again as
revision 2 of their own month, as GB18030 CSV, with another amount: a settlement dearer by ten yuan that the patient pays,
a contribution's base or an income higher by a hundred.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import polars as pl

from doudi.demo.chunk import Chunk, chunks
from doudi.demo.draw import Draw
from doudi.demo.feeds import MAKERS
from doudi.demo.months import Window, label, parse
from doudi.demo.sheets import Layout, write_sheet
from doudi.demo.spelling import spelled, style_of
from doudi.demo.truth import read_truth
from doudi.landing.contract import load_contract
from scale.made import MONTH, SEED, VISITS

__all__ = ["COUNTY", "corrections"]

COUNTY = 370505  # one household in eight lives there
_DEARER = {
    "medical_settlement": {"total": 1000, "in_scope": 1000},
    "social_insurance": {"base": 10_000},
    "income_tax": {"income": 10_000},
}
_MILLION = 1_000_000


def corrections(city: Path, out: Path, persons: int, county: int | None = None) -> int:
    """Writes the files below `out`; `county` null = lines of everybody. Gives the number of lines sent again."""
    of_feed = read_truth(city).statistics.lines
    eligible = sum(of_feed[feed] for feed in _DEARER)
    share = sum(of_feed.values()) / 100 / eligible
    draw, window = Draw(SEED), Window(parse(MONTH), 1)
    drawn: dict[str, list[pl.DataFrame]] = {feed: [] for feed in _DEARER}
    for chunk, part in _parts(chunks(draw, window, persons, VISITS), county):
        for feed, lines in drawn.items():
            lines.append(_drawn(chunk, feed, round(share / part * _MILLION)))
    written = 0
    for feed, lines in drawn.items():
        written += _sent(draw, feed, pl.concat(lines), out)
    return written


def _parts(city: Iterator[Chunk], county: int | None) -> Iterator[tuple[Chunk, float]]:
    """Each chunk, of one county or whole, and the part of its people that it still holds."""
    for chunk in city:
        if county is None:
            yield chunk, 1.0
            continue
        there = pl.col.county == county
        part = chunk.people.select(there.mean()).collect().item()
        yield replace(chunk, people=chunk.people.filter(there)), part


def _drawn(chunk: Chunk, feed: str, per_million: int) -> pl.DataFrame:
    lines = MAKERS[feed](chunk).collect().with_row_index("line")
    if "reverses" in lines.columns:
        lines = lines.filter(pl.col.reverses.is_null())
    chosen = chunk.draw.chance(per_million, f"corrected/{feed}/{chunk.number}", pl.col.line)
    dearer = [(pl.col(column) + fen).alias(column) for column, fen in _DEARER[feed].items()]
    return lines.filter(chosen).drop("line").with_columns(*dearer)


def _sent(draw: Draw, feed: str, lines: pl.DataFrame, out: Path) -> int:
    """One file per month of the feed."""
    contract = load_contract()
    number = list(contract).index(feed)
    for (month,), sent in lines.sort("_period", maintain_order=True).group_by("_period", maintain_order=True):
        folder = out / label(month)
        folder.mkdir(parents=True, exist_ok=True)
        style = style_of(contract[feed], number, month)
        table = spelled(draw, sent.lazy().with_columns(_planted=pl.lit(value=False)), contract[feed], style)
        write_sheet(folder / f"{feed}_{label(month)}_r2", table, "csv-gb18030", Layout(), frozenset())
    return len(lines)


if __name__ == "__main__":
    given_city, given_out, given_persons, *given_county = sys.argv[1:]
    county = int(given_county[0]) if given_county else None
    print(corrections(Path(given_city), Path(given_out), int(given_persons), county))
