"""doudi rejects：退回的行和原因。

Rejected lines: why, where; their content only when asked for.
"""

from collections import Counter
from dataclasses import asdict
from itertools import islice
from typing import Annotated

from typer import Option

from doudi.cli.screen import say, show_json, show_table
from doudi.landing import list_rejects
from doudi.readout.home import landed_home
from doudi.readout.places import division_name

__all__ = ["rejects"]


def rejects(
    feed: Annotated[str | None, Option("--feed", metavar="来源", help="只看一种来件")] = None,
    limit: Annotated[int, Option("--limit", metavar="行数", min=0, help="最多列出几行，0 = 全部")] = 50,
    *,
    reveal: Annotated[bool, Option("--reveal", help="连同原文一起列出（含证件号与姓名，请慎用）")] = False,
    as_json: Annotated[bool, Option("--json", help="只输出 JSON，全部列出")] = False,
) -> None:
    """退回的行：哪个文件哪一行、为什么；“在册但证件无效”的单独标出所属县区。"""
    returned = list(list_rejects(landed_home(), feed=feed, reveal=reveal))
    if as_json:
        show_json({"rejects": [_without_null_raw(asdict(each)) for each in returned]})
        return
    reasons = Counter((each.feed, each.reason) for each in returned)
    show_table(("来源", "原因", "行数"), [(*key, lines) for key, lines in reasons.most_common()], heading="按原因")
    rows = [
        (
            each.file, each.line, each.reason,
            f"在册但证件无效：{division_name(each.county)}" if each.invalid_enrolled else "",
            "；".join(f"{header} {cell}" for header, cell in (each.raw or {}).items()),
        )
        for each in islice(returned, limit or None)
    ]  # fmt: skip
    columns = ("文件", "行", "原因", "须县区核对", "原文")
    show_table(columns if reveal else columns[:-1], rows if reveal else [row[:-1] for row in rows])
    say(f"共 {len(returned):,} 行，列出 {len(rows):,} 行。" + ("" if reveal else "原文用 --reveal 查看。"))


def _without_null_raw(entry: dict[str, object]) -> dict[str, object]:
    return {key: value for key, value in entry.items() if key != "raw" or value is not None}
