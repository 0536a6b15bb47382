"""字段分级：哪种角色看得到哪一类内容，一张表说完。

The golden table: role × field class. Pages, exports, messages and the API all ask it; none decides for itself.
"""

from enum import StrEnum
from typing import Final

from doudi.office.common.roles import Role

__all__ = ["SIGHT", "FieldClass", "Sight", "sight"]


class FieldClass(StrEnum):
    """What kind of content a field holds."""

    NAME = "name"  # 姓名、住址：该问谁、去哪里
    IDENTITY = "identity"  # 证件号、户号、电话
    HARDSHIP = "hardship"  # 保障类别、困难情形、残疾等级
    MONEY = "money"  # 待遇金额、收入、自付费用
    DIAGNOSIS = "diagnosis"  # 病种、诊断
    GUARDED = "guarded"  # 税务、金融、财产、羁押服刑
    CHILDREN = "children"  # 孤儿、事实无人抚养、未成年人的情形


class Sight(StrEnum):
    """How a role sees a class. `masked` may be revealed with a reason, and the reveal is journalled; `veiled` never."""

    PLAIN = "plain"
    MASKED = "masked"
    VEILED = "veiled"  # shown masked, and no reason opens it
    HIDDEN = "hidden"  # not shown at all; the reader is told that something is withheld


_P, _M, _V, _H = Sight.PLAIN, Sight.MASKED, Sight.VEILED, Sight.HIDDEN
_CLASSES = tuple(FieldClass)
_TABLE: Final = {
    #                          name identity hardship money diagnosis guarded children
    Role.PROVINCE_OFFICER:    (_V,  _V,      _P,      _P,   _H,       _H,     _H),
    Role.CITY_OFFICER:        (_M,  _M,      _P,      _P,   _H,       _H,     _H),
    Role.COUNTY_OFFICER:      (_M,  _M,      _P,      _P,   _P,       _P,     _P),
    Role.COUNTY_REVIEWER:     (_M,  _M,      _P,      _P,   _P,       _P,     _P),
    Role.TOWN_OFFICER:        (_M,  _M,      _P,      _P,   _H,       _H,     _P),
    Role.VILLAGE_HELPER:      (_P,  _V,      _H,      _H,   _H,       _H,     _H),  # he goes there, so he must know whom to ask
    Role.DEPARTMENT_OFFICER:  (_H,  _H,      _H,      _H,   _H,       _H,     _H),
    Role.SYSTEM_ADMIN:        (_H,  _H,      _H,      _H,   _H,       _H,     _H),
    Role.SECURITY_ADMIN:      (_H,  _H,      _H,      _H,   _H,       _H,     _H),
    Role.AUDIT_ADMIN:         (_H,  _H,      _H,      _H,   _H,       _H,     _H),
    Role.SUPERVISOR:          (_M,  _M,      _P,      _P,   _P,       _P,     _P),
    Role.MACHINE:             (_P,  _P,      _P,      _P,   _P,       _P,     _P),
}  # fmt: skip

SIGHT: Final = {role: dict(zip(_CLASSES, sights, strict=True)) for role, sights in _TABLE.items()}


def sight(role: Role, kind: FieldClass) -> Sight:
    """How this role sees that class of field."""
    return SIGHT[role][kind]
