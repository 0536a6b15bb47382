"""地方：本市的区划，和区划代码的名称。

The divisions that landing checks codes against. The demo city's real ones are shipped; a home may bring its own.
"""

import csv
from functools import cache
from pathlib import Path

import doudi
from doudi.errors import Refusal
from doudi.landing.values import Place
from doudi.readout.home import home

__all__ = ["division_name", "place"]

# Named by its place: to import the demo city for it would open everything that makes cities.
_SHIPPED = Path(doudi.__file__).parent / "demo" / "data" / "divisions_shandong_dongying.csv"


def place() -> Place:
    """The city and its divisions: `divisions.csv` of the home when it has one, else the shipped ones of Dongying."""
    codes = _names(_table())
    cities = {str(code)[:4] for code in codes if code % 10**8}
    return Place.of(cities.pop() if len(cities) == 1 else "", codes)


def division_name(code: int | str | None) -> str:
    """County, town and village of a 12-digit code, or of a 6-digit county, as far as they are known."""
    digits = str(code or "").ljust(12, "0")
    names = _names(_table())
    steps = dict.fromkeys(int(digits[:length].ljust(12, "0")) for length in (6, 9, 12))
    return "".join(names.get(step, "") for step in steps) or str(code or "")


def _table() -> Path:
    own = home() / "divisions.csv"
    return own if own.is_file() else _SHIPPED


@cache
def _names(table: Path) -> dict[int, str]:
    with table.open(encoding="utf-8-sig", newline="") as file:
        try:
            return {int(row["code"].ljust(12, "0")): row["name"] for row in csv.DictReader(file)}
        except (KeyError, ValueError) as error:
            raise Refusal("cli.divisions", f"{table.name} 读不懂；应有 code（12 位区划代码）和 name 两列。") from error
