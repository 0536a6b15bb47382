"""doudi land：把部门文件入库，每一行都有交代。

Landing on the command line: which files are meant, and the account of their lines.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated

from typer import Argument, Exit, Option

from doudi.cli import clock
from doudi.cli.edge import REFUSED_FILE
from doudi.cli.screen import complain, say, show_json, show_table, watched
from doudi.errors import Refusal
from doudi.landing import land as land_files
from doudi.landing.outcome import Landing
from doudi.readout.home import home
from doudi.readout.places import place

__all__ = ["account_rows", "land", "meant"]

COLUMNS = ("文件", "来源", "月份", "物理行", "表头", "空行", "标题", "合计", "入库", "重复", "被取代", "退回", "修正")
# What lies beside deliveries and is none: notes, the demo city's answers, leftovers of file managers and spreadsheets.
_BESIDE = {"truth.json", "thumbs.db", "desktop.ini"}


def land(
    paths: Annotated[list[Path], Argument(metavar="文件或目录…", help="目录会连同下级目录里的文件一起入库")],
    feed: Annotated[str | None, Option("--feed", metavar="来源", help="表头认不出时，指明是哪一种来件")] = None,
    month: Annotated[str | None, Option("--month", metavar="年-月", help="文件名里没有月份时，指明所属月份")] = None,
    *,
    as_json: Annotated[bool, Option("--json", help="只输出行数账的 JSON")] = False,
) -> None:
    """入库：核对每一行，落进湖里；退回的行留着原因，改正后可再报。有文件整个被拒收时以 2 退出。"""
    files = list(meant(paths))
    if not files:
        raise Refusal("cli.nothing_to_land", "没有可以入库的文件；请核对路径。")
    with watched("入库", quiet=as_json) as watch:
        landing = land_files(
            files,
            home=home(),
            received_at=clock.right_now(),
            feed=feed,
            month=month,
            place=place(),
            progress=lambda file, done, of: watch(done, of, file),
        )
    if as_json:
        show_json(landing.as_json())
    elif landing.files:
        _show(landing)
    for refused in landing.refused:
        complain(f"拒收 {refused.file}：{refused.sentence}")
    if landing.refused:
        raise Exit(REFUSED_FILE)


def meant(paths: Iterable[Path]) -> Iterator[Path]:
    """Every file named, and every file below the folders named, once; without what lies beside deliveries."""
    seen: set[Path] = set()
    for path in paths:
        below = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in below:
            inside = path.is_dir()
            if (inside and (not file.is_file() or _is_beside(file))) or file.resolve() in seen:
                continue
            seen.add(file.resolve())
            yield file


def _is_beside(file: Path) -> bool:
    name = file.name.lower()
    return name in _BESIDE or name.startswith((".", "~$", "readme"))


def account_rows(landing: Landing) -> list[tuple[object, ...]]:
    """A row per landed file, and their sum."""
    rows: list[tuple[object, ...]] = [
        (each.file, each.feed, f"{each.period} r{each.revision}", *each.account.as_dict().values())
        for each in landing.files
    ]
    return [*rows, (f"共 {len(landing.files)} 个文件", "", "", *landing.account.as_dict().values())]


def _show(landing: Landing) -> None:
    show_table(
        COLUMNS,
        account_rows(landing),
        heading="行数账：物理行 ＝ 表头 ＋ 空行 ＋ 标题 ＋ 合计 ＋ 入库 ＋ 重复 ＋ 被取代 ＋ 退回",
    )
    notes: dict[str, int] = {}
    for each in landing.files:
        for note, lines in each.notes:
            notes[note] = notes.get(note, 0) + lines
    for note, lines in sorted(notes.items(), key=lambda item: -item[1]):
        say(f"修正 {lines:,} 处：{note}")
    if conflicts := sum(each.conflicts for each in landing.files):
        say(f"自相矛盾的记录 {conflicts:,} 件：涉及的结论会是“无法判断”。")
    if invalid := sum(each.invalid_enrolled for each in landing.files):
        say(f"在册但证件无效 {invalid:,} 行：请所属县区核对证件，见 doudi rejects。")
    if rejected := landing.account.rejected:
        say(f"退回 {rejected:,} 行，原因见 doudi rejects；改正后用原文件名再报即可。")
