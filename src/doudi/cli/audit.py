"""doudi audit：办公区的流水有没有被人动过。

The office's journal on the command line. Django is set up when the command runs, never when the module loads.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

from typer import Exit, Option

from doudi.cli.screen import complain, say, show_json
from doudi.errors import Refusal
from doudi.readout.home import home

__all__ = ["verify"]

_SHOWN = 50  # findings on a screen; --json has them all


def verify(
    heads: Annotated[
        Path | None, Option("--heads", metavar="文件", help="用另一处保存的链头文件来对；不写就用本安装的")
    ] = None,
    *,
    as_json: Annotated[bool, Option("--json", help="只输出 JSON")] = False,
) -> None:
    """验链：流水、封链、库外的链头三样对在一起，说出哪一条被改、删、插、换、截。有一处不对就以 1 退出。"""
    if heads is not None and not heads.is_file():
        raise Refusal("cli.no_heads", f"没有链头文件 {heads}；请核对路径。")
    with _office():
        from doudi.office.audit.selectors import verify_journal  # noqa: PLC0415 - Django is up now
        from doudi.office.common.clock import right_now  # noqa: PLC0415 - likewise

        found = verify_journal(at=right_now(), head_file=heads)
    if as_json:
        told = [
            {"kind": one.kind, "position": one.position, "entry_id": one.entry_id, "sentence": one.sentence}
            for one in found.findings
        ]
        counts = {"sealed": found.sealed, "heads": found.heads, "waiting": found.waiting}
        show_json({"intact": found.intact, **counts, "findings": told})
    else:
        for one in found.findings[:_SHOWN]:
            complain(one.sentence)
        counted = f"已封链 {found.sealed:,} 条，链头 {found.heads:,} 个，不到一分钟、待封 {found.waiting:,} 条"
        wrong = len(found.findings)
        more = f"（只列出前 {_SHOWN} 处，其余见 --json）" if wrong > _SHOWN else ""
        say(f"流水完整。{counted}。" if found.intact else f"流水不完整，发现 {wrong:,} 处{more}。{counted}。")
    if not found.intact:
        raise Exit(1)


@contextmanager
def _office() -> Iterator[None]:
    """The office of this home, with its database: the running one, or one started for the command. Refused: there is none."""
    from doudi.office.config import postgres, processes, secret  # noqa: PLC0415 - seldom needed

    place = home()
    if not (place / "office").is_dir() and not postgres.external():
        raise Refusal("cli.no_office", f"{place} 里没有办公区；请用 DOUDI_HOME 指明办公区的目录。")
    secret.make_secret_key(place)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "doudi.office.config.settings")
    import django  # noqa: PLC0415 - as above

    with processes.database_for_a_command(place):
        django.setup()
        from django.db import OperationalError, connections  # noqa: PLC0415 - as above

        try:
            yield
        except OperationalError as error:
            raise Refusal("cli.no_database", "办公区的数据库连不上；请确认它在运行、PGHOST 等设置无误。") from error
        finally:
            connections.close_all()
