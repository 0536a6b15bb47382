"""一个系统的接入怎样开始、怎样停用。

The life of a client as a table: asked for by one administrator, admitted by another, withdrawn by either.
"""

from typing import Final

from doudi.office.accounts.states import second_person
from doudi.office.common.roles import Role
from doudi.office.common.workflow import Move, Workflow

__all__ = ["ACTIVE", "CLIENT", "CLIENT_ROLES"]

ACTIVE: Final = "active"
_SYSTEM, _SECURITY = frozenset({Role.SYSTEM_ADMIN}), frozenset({Role.SECURITY_ADMIN})

# In whose place a system may read. A helper sees names in plain because he goes there, a supervisor comes with a notice and
# for a time: no machine stands in for either.
CLIENT_ROLES: Final = (
    Role.PROVINCE_OFFICER, Role.CITY_OFFICER, Role.COUNTY_OFFICER, Role.COUNTY_REVIEWER, Role.TOWN_OFFICER,
    Role.DEPARTMENT_OFFICER,
)  # fmt: skip


CLIENT: Final = Workflow(
    "api.client",
    "系统接入",
    start="asked",
    states={
        "asked": ("待批准", "working"),
        ACTIVE: ("在用", "good"),
        "withdrawn": ("已停用", "neutral"),
        "declined": ("未批准", "bad"),
    },
    moves=(
        Move("批准", "asked", ACTIVE, by=_SECURITY, needs=(second_person,)),
        Move("不批准", "asked", "declined", by=_SECURITY, needs=(second_person,), asks_why=True),
        Move("停用", ACTIVE, "withdrawn", by=_SYSTEM | _SECURITY, asks_why=True),
    ),
)
