"""一个目录，一个密库：要么命令行用文件，要么办公区用数据库，绝不两处各编各的号。

One keeper to a home. Two vaults over one lake would give one person two keys, so each side leaves a mark that turns the
other away: the command line its `vault/vault.db`, the office its `office/installation.json`.
"""

import json
from pathlib import Path

from doudi.errors import Refusal
from doudi.landing.durable import write_durably

__all__ = ["claim_for_office", "is_of_office", "refuse_command_line_home", "refuse_office_home"]


def is_of_office(home: Path) -> bool:
    """Is the vault of this home kept in the office's database?"""
    return _mark(home).exists()


def refuse_office_home(home: Path) -> None:
    """Refused: the home is the office's."""
    if is_of_office(home):
        raise Refusal(
            "landing.office_home",
            f"{home} 由办公区（网站）使用，密库在它的数据库里，命令行在这里不能入库、监测或解释；"
            "请到网站上办，或用 DOUDI_HOME 指明另一个目录。",
        )


def claim_for_office(home: Path) -> None:
    """Marks the home as the office's, once. Refused: the command line's vault lies in it."""
    refuse_command_line_home(home)
    if not is_of_office(home):
        _mark(home).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_durably(_mark(home), json.dumps({"vault": "database"}).encode(), mode=0o600)


def refuse_command_line_home(home: Path) -> None:
    """Refused: the command line's vault lies in the home."""
    if (home / "vault" / "vault.db").exists():
        raise Refusal(
            "landing.command_line_home",
            f"{home} 是命令行用的目录，密库是其中的文件；办公区不能再用它，否则同一个人会有两个编号。"
            "请用 DOUDI_HOME 指明一个新目录，把原来的文件重新交来。",
        )


def _mark(home: Path) -> Path:
    return home / "office" / "installation.json"
