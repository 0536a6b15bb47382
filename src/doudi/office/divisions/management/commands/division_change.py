"""`manage division_change merged --old … --new … --day … --ground …`: keeps what became of divisions."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from doudi.errors import Refusal
from doudi.office.common.actor import machine
from doudi.office.common.clock import right_now
from doudi.office.divisions.models import DivisionChange
from doudi.office.divisions.services import note_change

__all__ = ["Command"]


class Command(BaseCommand):
    """记区划变更"""

    help = (
        "记下区划的合并、分设、更名、变更代码、撤销；原代码自生效日起停用，其住户自下一次监测运行起归入现代码。"
        "撤回合并：分设，--old 现代码 --new 现代码 原代码。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """One row for each old code and each new one."""
        parser.add_argument("kind", choices=[kind for kind in DivisionChange.KINDS if kind != "founded"])
        parser.add_argument("--old", type=int, nargs="+", required=True, help="原代码，12 位")
        parser.add_argument(
            "--new", type=int, nargs="*", default=[], help="现代码，12 位；撤销而无后继的不写，更名的不用写"
        )
        parser.add_argument("--name", default="", help="新名称，只用于更名")
        parser.add_argument("--day", type=date.fromisoformat, required=True, help="生效日期")
        parser.add_argument("--ground", required=True, help="依据的文号")

    def handle(self, **options: Any) -> None:  # noqa: ANN401 - Django hands every option by name
        """Keeps it, or one sentence why not."""
        kept = {name: options[name] for name in ("day", "kind", "old", "new", "ground", "name")}
        if kept["kind"] == "renamed":
            kept["new"] = kept["new"] or kept["old"]
        try:
            note_change(actor=machine("divisions"), at=right_now(), **kept)
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from refusal
        self.stdout.write(f"已记下：{DivisionChange.KINDS[kept['kind']]}，{len(kept['old'])} 个原代码。")
