"""doudi policy：检查政策簿、查一个词、印出整本。

The policy book on the command line.
"""

from pathlib import Path
from typing import Annotated

from typer import Argument, Exit, Option

from doudi import policybook_dir
from doudi.cli import clock
from doudi.cli.book_check import check_book
from doudi.cli.book_page import write_page
from doudi.cli.book_word import describe, parameters_in_force
from doudi.cli.screen import complain, say, show_json, show_table, watched
from doudi.policy.view import view
from doudi.readout.home import book as the_book
from doudi.readout.home import production

__all__ = ["book", "check", "show"]

At = Annotated[str | None, Option("--at", metavar="日期", help="哪一天，默认今天")]
County = Annotated[str, Option("--county", metavar="区划代码", help="哪个县区，六位；市一级写 370500")]


def check(
    folder: Annotated[Path | None, Argument(metavar="[目录]", help="政策簿的目录，默认随程序安装的那一本")] = None,
    *,
    as_json: Annotated[bool, Option("--json", help="只输出 JSON")] = False,
) -> None:
    """检查政策簿：读全书、核对每处依据、算一遍全部案例。有一处不对就以 1 退出。"""
    with watched("检查政策簿", quiet=as_json) as watch:
        found = check_book(folder or policybook_dir(), watch)
    if as_json:
        show_json(found.as_json())
    else:
        show_table(("内容", "数量"), found.counts)
        for sentence in found.wrong:
            complain(sentence)
        say(
            f"政策簿 {found.book_hash[:12]}："
            + ("全部成立。" if not found.wrong else f"有 {len(found.wrong)} 处不对。")
        )
    if found.wrong:
        raise Exit(1)


def show(
    word: Annotated[
        str | None, Argument(metavar="[词]", help="词、参数、层级、项目或指标，写中文名或 id；不写就列出全部参数")
    ] = None,
    at: At = None,
    county: County = "370500",
) -> None:
    """查一个词：定义、条款、所用参数在某一天某县区的取值；不写词就列出全部参数的取值。"""
    seen = view(the_book(), clock.day(at), county, production=production())
    if word is None:
        show_table(
            ("参数", "取值", "施行", "依据", ""), parameters_in_force(seen), heading=f"{seen.at} {county} 的参数"
        )
        return
    for line in describe(seen, word):
        say(line)


def book(
    out: Annotated[Path, Argument(metavar="输出.html|.md", help="写到哪里；按后缀决定格式")],
    at: At = None,
    county: County = "370500",
) -> None:
    """印出整本政策簿：文件、参数、层级、项目、指标，和全部案例连同答案。"""
    with watched("印政策簿") as watch:
        count = write_page(
            out, view(the_book(), clock.day(at), county, production=production()), policybook_dir(), watch
        )
    say(f"已写出 {out}（{count} 个案例连同答案）。")
