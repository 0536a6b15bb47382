"""环境变量：一个安装与另一个安装的不同之处，只从这里读进设置。

What the environment says of this installation. Only config reads it; every other office asks `django.conf.settings`.
"""

import os

from doudi.errors import Refusal

__all__ = ["given", "number", "said"]


def given(name: str, otherwise: str = "") -> str:
    """The variable's text; `otherwise` when it is unset or empty."""
    return os.environ.get(name) or otherwise


def said(name: str) -> bool:
    """Is it `1`? Anything else is no."""
    return given(name) == "1"


def number(name: str, otherwise: int, *, least: int = 0) -> int:
    """A whole number of at least `least`; `otherwise` when it is unset or empty. Refused: it is none, or smaller."""
    text = given(name, str(otherwise))
    if not (text.isascii() and text.isdecimal() and int(text) >= least):
        raise Refusal(
            "config.bad_setting", f"环境变量 {name} 写的是“{text}”，须是不小于 {least} 的整数；请改正后再启动。"
        )
    return int(text)
