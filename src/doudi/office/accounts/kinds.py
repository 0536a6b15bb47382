"""Kinds of organisation, in the words of the contract with the departments, and at which levels each role works."""

from typing import Final

from doudi.office.common.roles import Role

__all__ = ["CIVIL_AFFAIRS", "DEPARTMENTS", "KINDS", "LEVEL_OF_ROLE", "SECOND_FACTOR", "SUPERVISORS"]

CIVIL_AFFAIRS: Final = "民政"

# Those who send data; the words of `department` in landing's contract (a test compares), and 大数据, which carries it.
DEPARTMENTS: Final = (
    "民政", "公安", "教育", "人社", "住建", "农业农村", "卫健", "应急", "医保", "残联", "财政", "税务", "司法",
    "自然资源", "市场监管", "公积金", "金融", "大数据",
)  # fmt: skip

# Those who come with a notice (外部监督).
SUPERVISORS: Final = ("审计", "纪检监察", "财政")

KINDS: Final = tuple(dict.fromkeys((*DEPARTMENTS, *SUPERVISORS)))

# The level of the division that a role is given; None = any.
LEVEL_OF_ROLE: Final = {
    Role.PROVINCE_OFFICER: ("province",),
    Role.CITY_OFFICER: ("city",),
    Role.COUNTY_OFFICER: ("county",),
    Role.COUNTY_REVIEWER: ("county",),
    Role.TOWN_OFFICER: ("town",),
    Role.VILLAGE_HELPER: ("village",),
    Role.DEPARTMENT_OFFICER: ("province", "city", "county"),
    Role.SYSTEM_ADMIN: ("province", "city", "county"),
    Role.SECURITY_ADMIN: ("province", "city", "county"),
    Role.AUDIT_ADMIN: ("province", "city", "county"),
    Role.SUPERVISOR: ("province", "city", "county"),
}

# Who logs in with a second factor: everybody but the helpers of villages, who see masked names on a shared telephone.
SECOND_FACTOR: Final = frozenset(role.value for role in LEVEL_OF_ROLE if role is not Role.VILLAGE_HELPER)
