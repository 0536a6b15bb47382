"""家：这一次命令用哪个目录、是不是生产、读哪一本政策簿。

The settings that come from the environment. They are read when a command runs, never when a module loads.
"""

import os
from pathlib import Path

from doudi import policybook_dir
from doudi.errors import Refusal
from doudi.policy.load import load_book
from doudi.policy.rule import Book

__all__ = ["book", "home", "landed_home", "production"]


def home() -> Path:
    """Where keys, vault, lake and runs lie."""
    return Path(os.environ.get("DOUDI_HOME") or "var").absolute()


def landed_home() -> Path:
    """The home, when something has landed in it."""
    place = home()
    if not any((place / "lake" / "batches").glob("*.json")):
        raise Refusal(
            "cli.nothing_landed", f"{place} 里还没有入库任何文件；请先用 doudi land 入库，或用 DOUDI_HOME 指明目录。"
        )
    return place


def production() -> bool:
    """Are 示范参数 refused? Then whatever rests on one is unknown."""
    return os.environ.get("DOUDI_PRODUCTION") == "1"


def book() -> Book:
    """The policy book of this installation."""
    return load_book(policybook_dir())
