"""看板上的表：每张表说什么、怎样画。

The dashboard's tables, each made of counts by code or by division.
"""

from collections.abc import Mapping

from doudi.office.portal.addresses import board_address
from doudi.office.portal.cards import Column, Row, Table
from doudi.office.portal.words import BELOW, tier_names
from doudi.office.registry.selectors import Population

__all__ = ["per_thousand", "places", "tiers"]


def places(
    below: Mapping[int, str], counted: Mapping[int, Population], alerts: Mapping[int, int], level: str, day: str
) -> Table:
    """The divisions directly below: open red and orange alerts drawn, and what they stand against."""
    word = BELOW[level]
    columns = (
        Column(word),
        Column("红橙预警（条）"),
        Column("每千户（条）", charted=False),
        Column("户数（户）", charted=False),
        Column("人口（人）", charted=False),
    )
    rows = tuple(_place(code, name, counted[code], alerts.get(code, 0), level) for code, name in below.items())
    chart = "map" if level == "city" else "bar"
    return Table(
        "places",
        f"各{word}",
        f"未解除的红色、橙色预警，按管理地。点{word}名称往下看。",
        "条",
        day,
        columns,
        rows,
        chart,
    )


def tiers(whole: Population, day: str) -> Table:
    """Who is enrolled, by tier."""
    rows = tuple(
        Row(name, (f"{persons:,}", f"{homes:,}", per_thousand(homes, whole.households)))
        for tier, name in tier_names().items()
        for homes, persons in [whole.tiers.get(tier, (0, 0))]
        if persons
    )
    columns = (
        Column("类别"),
        Column("人数（人）"),
        Column("户数（户）", charted=False),
        Column("每千户（户）", charted=False),
    )
    note = "各部门名册最近一期在册的人；同在两类名册的两类都计。"
    empty = "这里没有在册的低收入人口。名册没有送到时也会是空的，请看来源新鲜度。"
    return Table("tiers", "在册低收入人口", note, "人", day, columns, rows, "bar", empty)


def per_thousand(count: int, households: int) -> str:
    """So many for each thousand households, to one decimal, half up; a dash where no household is."""
    if not households:
        return "—"
    tenths = (count * 20_000 + households) // (households * 2)
    return f"{tenths // 10:,}.{tenths % 10}"


def _place(code: int, name: str, here: Population, alerts: int, level: str) -> Row:
    cells = (f"{alerts:,}", per_thousand(alerts, here.households), f"{here.households:,}", f"{here.persons:,}")
    return Row(name, cells, board_address(code), f"{code // 10**6:06d}" if level == "city" else "")
