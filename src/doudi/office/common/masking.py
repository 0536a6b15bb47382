"""遮蔽：姓名、证件号、电话、住址遮到什么程度；不显示的说明谁能看到。

How a plain value is covered. `Viewer.shows` (accounts.scope) decides whether; cards ask it, and no template by itself.
"""

from typing import Final

from doudi.office.common.fields import SIGHT, FieldClass, Sight
from doudi.office.common.roles import BUSINESS, LABELS, Role

__all__ = ["FIELD_WORDS", "SIGHT_WORDS", "address", "household_no", "id_number", "name", "phone", "withheld"]

FIELD_WORDS: Final = {
    FieldClass.NAME: "姓名、住址",
    FieldClass.IDENTITY: "证件号、户号、电话",
    FieldClass.HARDSHIP: "保障类别、困难情形、残疾等级",
    FieldClass.MONEY: "待遇金额、收入、自付费用",
    FieldClass.DIAGNOSIS: "病种、诊断",
    FieldClass.GUARDED: "税务、金融、财产、羁押服刑",
    FieldClass.CHILDREN: "孤儿、事实无人抚养、未成年人的情形",
}
SIGHT_WORDS: Final = {
    Sight.PLAIN: "看得到",
    Sight.MASKED: "遮蔽；写明理由可以查看，记入流水",
    Sight.VEILED: "遮蔽，不能查看",
    Sight.HIDDEN: "不显示",
}
_STAR: Final = "*"


def name(value: str) -> str:
    """张敏 → 张*, 欧阳娜娜 → 欧***: the first sign, then a star for each other one, at least one. Empty stays empty."""
    return value and value[:1] + _STAR * max(len(value) - 1, 1)


def id_number(value: str) -> str:
    """370502199001011234 → 3705**********1234. What is shorter than nine signs is covered whole."""
    return value[:4] + _STAR * (len(value) - 8) + value[-4:] if len(value) > 8 else _STAR * len(value)


def household_no(value: str) -> str:
    """********1234: the last four; at least four stars, so that a short one does not stand bare."""
    return _STAR * max(len(value) - 4, 4) + value[-4:]


def phone(value: str) -> str:
    """13812341234 → 138****1234. What is shorter than eight signs is covered whole."""
    return value[:3] + _STAR * (len(value) - 7) + value[-4:] if len(value) > 7 else _STAR * len(value)


def address(value: str) -> str:
    """Down to the sixth sign, then stars, no more than six: where about, never which door."""
    return value[:6] + _STAR * min(len(value) - 6, 6) if len(value) > 6 else value


def withheld(kind: FieldClass) -> str:
    """What stands in place of a field that is not shown: that it is withheld, and who may see it."""
    staff = BUSINESS - {Role.MACHINE, Role.SUPERVISOR}
    able = [role for role in Role if role in staff and SIGHT[role][kind] is not Sight.HIDDEN]
    return f"不显示（{'、'.join(LABELS[role] for role in able)}可看）"
