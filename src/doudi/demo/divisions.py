"""区划：东营市真实的县区、乡镇、村居。

The real divisions of Dongying, five levels, 12-digit codes: `data/divisions_shandong_dongying.csv`, taken from the npm
package china-division 2.7.0 (WTFPL), which was built on the statistics bureau's code table of 2023.
"""

from functools import cache
from pathlib import Path

import polars as pl

__all__ = ["COUNTIES", "township_of", "villages"]

# Share of the city's households in each county, per cent; invented, roughly as large as the counties are.
COUNTIES = {370502: 24, 370503: 12, 370505: 13, 370522: 14, 370523: 23, 370571: 11, 370572: 3}
_FILE = Path(__file__).parent / "data" / "divisions_shandong_dongying.csv"


@cache
def _table() -> pl.DataFrame:
    return pl.read_csv(_FILE, schema={"code": pl.Int64, "name": pl.String, "level": pl.String, "parent": pl.Int64})


@cache
def villages() -> pl.DataFrame:
    """Grain: one village or community. `village`, `township`, `county` (6 digits), `town` = urban in kind."""
    townships = _table().filter(pl.col.level == "township").select("code", "name")
    return (
        _table()
        .filter(pl.col.level == "village")
        .join(townships, left_on="parent", right_on="code", suffix="_township")
        .select(
            village="code",
            township="parent",
            county=pl.col.code // 1_000_000,
            # A street office or a development zone is urban ground; a town or a township is not.
            town=~pl.col.name_township.str.contains("镇$|乡$"),
        )
        .sort("village")
    )


@cache
def township_of(county: int, *, town: bool) -> tuple[int, int]:
    """(township, village) of a county: the first that is urban or rural in kind, or the county's first."""
    rows = villages().filter(pl.col.county == county)
    row = rows.sort(pl.col.town != town, "village", maintain_order=True).row(0, named=True)
    return row["township"], row["village"]
