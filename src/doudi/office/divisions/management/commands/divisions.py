"""`manage divisions FILE`: takes over a table of divisions, of the whole nation or of a part."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from doudi.errors import Refusal
from doudi.office.common.actor import machine
from doudi.office.common.clock import right_now
from doudi.office.divisions.services import SHIPPED, take_over

__all__ = ["Command"]


class Command(BaseCommand):
    """导入区划表"""

    help = "导入区划表（CSV：code,name,level,parent）。再导一遍什么也不变；会说明新增、更名和表中没有的。"

    def add_arguments(self, parser: CommandParser) -> None:
        """Without a file: the demo city's, which are shipped."""
        parser.add_argument("file", type=Path, nargs="?", default=SHIPPED, help="区划表；不写就是随带的东营市")
        parser.add_argument("--close-gone", action="store_true", help="表中没有、这里在用的区划一并停用")
        parser.add_argument("--ground", default="", help="依据的文号")

    def handle(self, **options: Any) -> None:  # noqa: ANN401 - Django hands every option by name
        """Prints what the table brought, or one sentence why it was not taken."""
        try:
            report = take_over(
                path=options["file"], actor=machine("divisions"), at=right_now(),
                close_gone=options["close_gone"], ground=options["ground"],
            )  # fmt: skip
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from refusal
        self.stdout.write(str(report))
