"""看板上的表：每张表说什么、怎样画。

The dashboard's tables, each made of counts by code or by division.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from doudi.office.monitoring.states import DISPOSITIONS
from doudi.office.portal.addresses import alerts_address, board_address
from doudi.office.portal.cards import Column, Row, Table
from doudi.office.portal.words import BELOW, indicator_names, tier_names
from doudi.office.registry.selectors import Population

__all__ = ["dispositions", "indicators", "per_thousand", "places", "runs", "tiers"]

LEVELS: Final = ("红", "橙", "蓝")
_INDICATORS_SHOWN: Final = 12
_UNTOLD: Final = "依据受限信息，按岗位不显示"


def places(
    below: Mapping[int, str],
    counted: Mapping[int, Population],
    alerts: Mapping[tuple[str, ...], int],
    level: str,
    day: str,
) -> Table:
    """The divisions directly below: open red and orange alerts drawn, and what they stand against."""
    word = BELOW[level]
    columns = (
        Column(word), Column("红橙预警（条）"), Column("每千户（条）", charted=False), Column("户数（户）", charted=False),
        Column("人口（人）", charted=False),
    )  # fmt: skip
    of: dict[int, int] = {}
    for (colour, _, place), many in alerts.items():
        if colour in {"红", "橙"}:
            of[int(place)] = of.get(int(place), 0) + many
    rows = tuple(_place(code, name, counted[code], of.get(code, 0), level) for code, name in below.items())
    note = f"未解除的红色、橙色预警，按管理地。点{word}往下看一级。"
    return Table("places", f"各{word}的预警", note, "条", day, columns, rows, "map" if level == "city" else "bar")


def dispositions(alerts: Mapping[tuple[str, ...], int], code: int, day: str) -> Table:
    """Open alerts by where they lead and by level."""
    columns = (Column("去向"), *(Column(f"{level}色（条）") for level in LEVELS))
    rows = []
    for key in [*DISPOSITIONS, ""]:
        many = [sum(n for (of, to, _), n in alerts.items() if (of, to) == (level, key)) for level in LEVELS]
        if any(many):
            href = alerts_address(place=code, disposition=key, view="all") if key else ""
            rows.append(Row(DISPOSITIONS.get(key, _UNTOLD), tuple(f"{n:,}" for n in many), href))
    note = "未解除的预警，按去向和级别。蓝色是观察名单，不派办。"
    empty = "没有未解除的预警。"
    return Table("dispositions", "预警去向", note, "条", day, columns, tuple(rows), "bar stacked", empty)


def indicators(found: Mapping[tuple[str, ...], int], households: int, code: int, day: str) -> Table:
    """Open alerts by indicator, the most frequent first."""
    names = indicator_names()
    ordered = sorted(found.items(), key=lambda each: (-each[1], each[0]))[:_INDICATORS_SHOWN]
    rows = tuple(
        Row(
            names.get(key, _UNTOLD),
            (f"{many:,}", per_thousand(many, households)),
            alerts_address(place=code, indicator=key, view="all") if key else "",
        )
        for (key,), many in ordered
    )
    columns = (Column("指标"), Column("预警（条）"), Column("每千户（条）", charted=False))
    note = f"未解除的预警最多的 {_INDICATORS_SHOWN} 项；点指标看是哪些人家。"
    return Table("indicators", "预警指标", note, "条", day, columns, rows, "bar", "没有未解除的预警。")


def tiers(whole: Population, day: str) -> Table:
    """Who is enrolled, by tier."""
    rows = tuple(
        Row(name, (f"{persons:,}", f"{homes:,}", per_thousand(homes, whole.households)))
        for tier, name in tier_names().items()
        for homes, persons in [whole.tiers.get(tier, (0, 0))]
        if persons
    )
    columns = (
        Column("类别"), Column("人数（人）"), Column("户数（户）", charted=False), Column("每千户（户）", charted=False)
    )  # fmt: skip
    note = "各部门名册最近一期在册的人；同在两类名册的两类都计。"
    empty = "这里没有在册的低收入人口。名册没有送到时也会是空的，请看下面的来源。"
    return Table("tiers", "在册低收入人口", note, "人", day, columns, rows, "bar", empty)


def runs(found: Sequence[tuple[date, int, int]], day: str) -> Table:
    """What each of the latest runs opened and cleared."""
    columns = (Column("监测日"), Column("新增（条）"), Column("解除（条）"))
    rows = tuple(Row(each.isoformat(), (f"{opened:,}", f"{cleared:,}")) for each, opened, cleared in found)
    note = "最近十二次监测新增、解除的预警，各级别合计。"
    chart = "line" if len(rows) > 1 else ""  # of one run there is nothing to compare
    return Table("runs", "新增与解除", note, "条", day, columns, rows, chart, "最近的监测没有新增或解除预警。")


def per_thousand(count: int, households: int) -> str:
    """So many for each thousand households, to one decimal, half up; a dash where no household is."""
    if not households:
        return "—"
    tenths = (count * 20_000 + households) // (households * 2)
    return f"{tenths // 10:,}.{tenths % 10}"


def _place(code: int, name: str, here: Population, alerts: int, level: str) -> Row:
    cells = (f"{alerts:,}", per_thousand(alerts, here.households), f"{here.households:,}", f"{here.persons:,}")
    return Row(name, cells, board_address(code), f"{code // 10**6:06d}" if level == "city" else "")
