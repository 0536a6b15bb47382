"""角色：谁在这里办事，各自能看哪一类内容。

The roles that people log in with. They stand below everything else because the journal, which knows no accounts, names
them too.
"""

from enum import StrEnum
from typing import Final

__all__ = ["ADMINISTRATORS", "BUSINESS", "DETERMINING", "LABELS", "Role"]


class Role(StrEnum):
    """岗位角色。A user has exactly one."""

    PROVINCE_OFFICER = "province_officer"
    CITY_OFFICER = "city_officer"
    COUNTY_OFFICER = "county_officer"
    COUNTY_REVIEWER = "county_reviewer"
    TOWN_OFFICER = "town_officer"
    VILLAGE_HELPER = "village_helper"
    DEPARTMENT_OFFICER = "department_officer"
    SYSTEM_ADMIN = "system_admin"
    SECURITY_ADMIN = "security_admin"
    AUDIT_ADMIN = "audit_admin"
    SUPERVISOR = "supervisor"
    MACHINE = "machine"


LABELS: Final = {
    Role.PROVINCE_OFFICER: "省级民政人员",
    Role.CITY_OFFICER: "市级民政人员",
    Role.COUNTY_OFFICER: "县区民政经办人员",
    Role.COUNTY_REVIEWER: "县区民政审核人员",
    Role.TOWN_OFFICER: "乡镇（街道）经办人员",
    Role.VILLAGE_HELPER: "村（社区）协理员",
    Role.DEPARTMENT_OFFICER: "部门数据员",
    Role.SYSTEM_ADMIN: "系统管理员",
    Role.SECURITY_ADMIN: "安全保密管理员",
    Role.AUDIT_ADMIN: "安全审计员",
    Role.SUPERVISOR: "外部监督人员",
    Role.MACHINE: "系统",
}

# 三员分立：they exclude each other, and none of them sees a household.
ADMINISTRATORS: Final = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})

# Those who decide on a household (审核确认).
DETERMINING: Final = frozenset({Role.COUNTY_OFFICER, Role.COUNTY_REVIEWER})

# Those who work with households at all.
BUSINESS: Final = frozenset(
    {
        Role.PROVINCE_OFFICER, Role.CITY_OFFICER, Role.COUNTY_OFFICER, Role.COUNTY_REVIEWER, Role.TOWN_OFFICER,
        Role.VILLAGE_HELPER, Role.SUPERVISOR, Role.MACHINE,
    }
)  # fmt: skip
