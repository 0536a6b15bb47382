"""`manage administrators`: the three administrators of a fresh installation."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from doudi.errors import Refusal
from doudi.office.accounts.services.first import make_first_administrators
from doudi.office.common.clock import right_now

__all__ = ["Command"]


class Command(BaseCommand):
    """建首批管理员"""

    help = "建系统管理员、安全保密管理员、安全审计员各一个，打印一次性的首次密码；只在还没有用户时可用。"

    def add_arguments(self, parser: CommandParser) -> None:
        """Where they belong to."""
        parser.add_argument("--division", type=int, required=True, help="所在区划，12 位代码")
        parser.add_argument("--organisation", required=True, help="机构名称")

    def handle(self, **options: Any) -> None:  # noqa: ANN401 - Django hands every option by name
        """Prints login and first password of each; they are kept nowhere."""
        try:
            made = make_first_administrators(
                at=right_now(), division=options["division"], organisation=options["organisation"]
            )
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from refusal
        for login, password in made.items():
            self.stdout.write(f"{login}\t{password}")
        self.stdout.write("请分别当面交给三个人；第一次登录后必须更换。")
