"""doudi alerts：列出预警，每条都带理由。

The alerts of a run as a table, CSV or JSON lines.
"""

import csv
import json
import sys
from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated, Any

from typer import Option

from doudi.cli.screen import say, show_table
from doudi.errors import Refusal
from doudi.landing import Vault
from doudi.policy.rule import Book
from doudi.readout.home import book as the_book
from doudi.readout.home import landed_home
from doudi.readout.places import division_name
from doudi.readout.reasons import leading, reason_as_json, say_reasons
from doudi.readout.runs import Alerted, People, alerted, find_run
from doudi.readout.words import DISPOSITION, STATUS

__all__ = ["FIELDS", "Form", "alerts", "as_row"]

FIELDS = (
    "alert_id", "status", "disposition", "indicator", "level", "household_no", "person_id", "name", "division",
    "opened_on", "reasons", "clause", "clears_when",
)  # fmt: skip


class Form(StrEnum):
    """How the alerts are written."""

    table = "table"
    csv = "csv"
    jsonl = "jsonl"


def alerts(
    disposition: Annotated[
        str | None, Option("--disposition", metavar="去向", help="如 eligible 或 可能符合未纳入")
    ] = None,
    indicator: Annotated[str | None, Option("--indicator", metavar="指标", help="指标的 id 或名称")] = None,
    level: Annotated[str | None, Option("--level", metavar="级别", help="红、橙、蓝")] = None,
    division: Annotated[
        str | None, Option("--division", metavar="区划代码", help="县区、乡镇或村居，取前几位即可")
    ] = None,
    status: Annotated[
        str | None,
        Option(
            "--status", metavar="状态", help="new 新增、continuing 延续、unconfirmed 未确认、cleared 解除；默认全部"
        ),
    ] = None,
    form: Annotated[Form, Option("--format", help="表格、CSV 或每行一个 JSON")] = Form.table,
    limit: Annotated[int, Option("--limit", metavar="条数", min=0, help="最多列出几条，0 = 全部")] = 0,
    run: Annotated[str | None, Option("--run", metavar="运行", help="哪一次运行，默认最近的监测日")] = None,
    *,
    reveal: Annotated[bool, Option("--reveal", help="不遮盖证件号与姓名（请慎用）")] = False,
) -> None:
    """列出预警：谁、在哪、什么级别、凭哪个文件哪一行、依据哪一条、怎样解除。"""
    place = landed_home()
    found = find_run(place, run)
    book = the_book()
    wanted = {
        "disposition": _one_of(disposition, DISPOSITION, "去向"),
        "indicator": _one_of(indicator, {each.id: each.name for each in book.indicators}, "指标"),
        "level": _one_of(level, {each: each for each in "红橙蓝"}, "级别"),
        "status": _one_of(status, STATUS, "状态"),
    }
    chosen = [each for each in alerted(found.folder) if _fits(each, wanted, division)]
    with Vault.open(place) as vault:
        listed = chosen[: limit or None]
        people = People(vault, (each.subject["person_key"] for each in listed), reveal=reveal)
        rows = [as_row(each, people) for each in listed]
    match form:
        case Form.jsonl:
            for row in rows:
                sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")
        case Form.csv:
            _write_csv(rows, book)
        case Form.table:
            _show(rows, found.folder.name, book)
            more = f"，列出 {len(rows):,} 条" if len(rows) < len(chosen) else ""
            say(f"共 {len(chosen):,} 条{more}。一条的全部理由：doudi explain 编号或户号")


def as_row(each: Alerted, people: People) -> dict[str, Any]:
    """The promised fields of one alert, in their order."""
    entry, person = each.entry, each.subject["person_key"]
    known = {
        "household_no": people.household_no(each.subject["household_no_token"]),
        "person_id": people.person_id(person),
        "name": people.name(person),
        "reasons": [reason_as_json(reason) for reason in entry["reasons"]],
        "clause": "、".join(entry["clause"]),
    }
    row = {field: known[field] if field in known else entry[field] for field in FIELDS}
    return row | ({"reopens": entry["reopens"]} if entry.get("reopens") else {})


def _one_of(given: str | None, known: dict[str, str], what: str) -> str | None:
    """The word meant, given by id or by its Chinese name. Refused when there is none."""
    if given is None or given in known:
        return given
    for key, name in known.items():
        if given == name:
            return key
    shown = "、".join(f"{key} {name}" if key != name else key for key, name in list(known.items())[:8])
    raise Refusal("cli.no_such_choice", f"没有“{given}”这个{what}；可用的有：{shown}{'……' if len(known) > 8 else ''}。")


def _fits(each: Alerted, wanted: dict[str, str | None], division: str | None) -> bool:
    place = each.entry["division"] or each.entry["county"] or ""
    within = division is None or place.startswith(division.rstrip("0") if len(division) == 12 else division)
    return within and all(value is None or each.entry[key] == value for key, value in wanted.items())


def _write_csv(rows: Iterable[dict[str, Any]], book: Book) -> None:
    """With a byte-order mark, so that office programs read it as UTF-8; a cell that looks like a formula is text."""
    sys.stdout.write("﻿")
    out = csv.writer(sys.stdout)
    out.writerow(FIELDS)
    for row in rows:
        told = row | {"reasons": "；".join(say_reasons(row["reasons"], book))}
        out.writerow(["" if told[field] is None else str(told[field]) for field in FIELDS])


def _show(rows: list[dict[str, Any]], run: str, book: Book) -> None:
    names = {indicator.id: indicator.name for indicator in book.indicators}
    shown = [
        (
            row["level"], DISPOSITION[row["disposition"]], names.get(row["indicator"], row["indicator"]),
            STATUS[row["status"]], row["household_no"], row["name"], row["person_id"], division_name(row["division"]),
            leading(row["reasons"], book), row["alert_id"],
        )
        for row in rows
    ]  # fmt: skip
    show_table(
        ("级别", "去向", "指标", "状态", "户号", "姓名", "证件号", "地方", "首要理由", "编号"),
        shown,
        heading=f"{run} 的预警",
    )
