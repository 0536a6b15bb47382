"""办事人：做每一件事的人或程序，记在流水里的名字。

Who does something. A machine acts under its own name, never under a person's.
"""

from dataclasses import dataclass
from typing import Final

from doudi.office.common.roles import Role

__all__ = ["MACHINES", "Actor", "machine"]

# The platform's parts that act by themselves, by the name that the journal keeps → what people call them.
MACHINES: Final = {
    "api": "数据接口",
    "coverage": "来件督促程序",
    "demo": "示范数据",
    "divisions": "区划导入",
    "documents": "导出程序",
    "inbox": "收件目录",
    "install": "安装程序",
    "landing": "入库程序",
    "login": "登录入口",
    "messages": "消息程序",
    "monitor": "监测程序",
    "reaper": "断点续办程序",
    "retention": "到期清理程序",
    "supervision": "授权到期程序",
}


@dataclass(frozen=True, slots=True)
class Actor:
    """`user_id` is None for a machine; `name` is the login name or the machine's; `division` is the jurisdiction's code."""

    user_id: int | None
    name: str
    role: Role
    division: int


def machine(name: str) -> Actor:
    """A part of the platform acting by itself, one of MACHINES."""
    return Actor(None, name, Role.MACHINE, 0)
