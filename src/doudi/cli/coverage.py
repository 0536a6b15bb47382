"""doudi coverage：每种来件用的是哪一期、新不新、缺不缺、哪一期被扣住。

What has been delivered, by feed and sender; and accepting by hand what was quarantined.
"""

import getpass
from collections.abc import Iterator
from typing import Annotated, Any

from typer import Option

from doudi.cli import clock
from doudi.cli.screen import say, show_json, show_table
from doudi.landing import accept as accept_delivery
from doudi.landing import load_contract, read_acceptances, read_batches, standing
from doudi.landing.standing import Coverage, Standing
from doudi.readout.home import landed_home
from doudi.readout.places import division_name

__all__ = ["coverage"]


def coverage(
    at: Annotated[str | None, Option("--at", metavar="日期", help="哪一天，默认今天")] = None,
    known: Annotated[str | None, Option("--known", metavar="时间", help="只算到那时为止收到的，默认全部")] = None,
    accept: Annotated[
        str | None, Option("--accept", metavar="来件", help="放行被扣住的一期，如 dibao_roll_2026-03_r1")
    ] = None,
    by: Annotated[str | None, Option("--by", metavar="姓名", help="由谁放行，默认登录名")] = None,
    *,
    as_json: Annotated[bool, Option("--json", help="只输出 JSON")] = False,
) -> None:
    """来件情况：哪一期在用、是否够新、哪几个月到了、哪一期因人数骤减被扣住；并可放行扣住的。"""
    place = landed_home()
    if accept is not None:
        accept_delivery(place, accept, clock.right_now(), by or getpass.getuser())
        if not as_json:
            say(f"{accept} 已放行，从现在起在用。")
    horizon = clock.moment(known)
    now = standing(read_batches(place, horizon), load_contract(), clock.day(at), read_acceptances(place, horizon))
    if as_json:
        show_json({"at": str(now.at), "coverage": list(_entries(now))})
        return
    rows = [
        (
            entry["feed"], entry["department"], entry["sender"], entry["in_force"] or "从未到过", entry["lines"],
            "新" if entry["fresh"] else "过期", f"{len(entry['months'])} 个月" if entry["months"] else "",
            "、".join(entry["quarantined"]),
        )
        for entry in _entries(now)
    ]  # fmt: skip
    show_table(
        ("来源", "部门", "报送方", "在用", "行数", "新旧", "已到", "扣住待放行"), rows, heading=f"{now.at} 的来件"
    )
    for entry in _invalid(now):
        say(entry)
    if any(entry["quarantined"] for entry in _entries(now)):
        say(
            "扣住的一期行数不到上一期的一半；核对无误后用 doudi coverage --accept 来件 放行，此前沿用上一期并视为过期。"
        )


def _entries(now: Standing) -> Iterator[dict[str, Any]]:
    for name, feed in now.feeds.items():
        for each in feed.coverage or (None,):
            yield {
                "feed": name,
                "department": feed.feed.department,
                "sender": _sender(each),
                "county": each.scope.county if each else None,
                "in_force": f"{each.in_force[0]} r{each.in_force[1]}" if each and each.in_force else None,
                "lines": each.lines if each else 0,
                "fresh": bool(each and each.fresh),
                "months": list(each.months) if each else [],
                "quarantined": list(each.quarantined) if each else [],
            }


def _sender(each: Coverage | None) -> str:
    if each is None:
        return ""
    scope = each.scope
    return scope.department or scope.programme or (division_name(scope.county) if scope.county else "全市")


def _invalid(now: Standing) -> Iterator[str]:
    """在册但证件无效, by feed and county, of the deliveries in force."""
    for name, feed in now.feeds.items():
        held = {(period, revision) for _, period, revision in feed.in_force}
        lines: dict[str, int] = {}
        for record in feed.batches:
            for county, count in record.invalid_enrolled if record.precedence in held else ():
                where = division_name(county) if county else "县区不明"
                lines[where] = lines.get(where, 0) + count
        if lines:
            yield f"{name} 在册但证件无效：" + "、".join(
                f"{where} {count} 行" for where, count in sorted(lines.items())
            )
