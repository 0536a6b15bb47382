"""The life of an export: from a purpose to a file that was taken."""

from collections.abc import Mapping
from typing import Any, Final

from doudi.office.common.actor import Actor
from doudi.office.common.codes import range_of
from doudi.office.common.roles import BUSINESS, Role
from doudi.office.common.workflow import Move, Workflow

__all__ = [
    "APPROVED",
    "APPROVERS",
    "ASKED",
    "ASKERS",
    "COARSEST",
    "DRAFTED",
    "EXPIRED",
    "EXPORT",
    "LONGEST_PURPOSE",
    "REFUSED",
    "TAKEN",
    "may_decide",
]

DRAFTED, ASKED, APPROVED, REFUSED, TAKEN, EXPIRED = "drafted", "asked", "approved", "refused", "taken", "expired"

LONGEST_PURPOSE: Final = 200  # characters: it is printed on every page of the file

# The audit administrator takes the journal with him, which names no citizen.
ASKERS: Final = (BUSINESS - {Role.MACHINE}) | {Role.AUDIT_ADMIN}
# A second person of the same level, or of the next above: the county's reviewer, the city for its counties, the province for
# its cities. Counties have two steps above them in their own city; a province would only be flooded with them.
APPROVERS: Final = frozenset({Role.COUNTY_REVIEWER, Role.CITY_OFFICER, Role.PROVINCE_OFFICER})
COARSEST: Final = {Role.PROVINCE_OFFICER: 10**8}  # decides where the code is a multiple of it: cities, provinces
_MACHINE: Final = frozenset({Role.MACHINE})


def may_decide(role: Role, jurisdiction: int, place: int) -> bool:
    """May somebody of that role and jurisdiction be the second person for what is asked in `place`? (Never for his own.)"""
    lo, hi = range_of(jurisdiction)
    return role in APPROVERS and lo <= place <= hi and place % COARSEST.get(role, 1) == 0


def _his_own(row: Any, actor: Actor, _: Mapping[str, Any]) -> str | None:  # noqa: ANN401 - an Export
    return None if row.asker_id == actor.user_id else "这份导出是别人申请的；请自己申请一份。"


def _has_why(_row: Any, _: Actor, given: Mapping[str, Any]) -> str | None:  # noqa: ANN401 - an Export
    if "purpose" not in given:  # a button is drawn before anything is given
        return None
    if not given["purpose"]:
        return "请写明用途：这份文件拿去做什么、给谁看。"
    if len(given["purpose"]) > LONGEST_PURPOSE:
        return f"用途最多 {LONGEST_PURPOSE} 字，现在有 {len(given['purpose'])} 字；它要印在每一页上，请写短一些。"
    return None


def _second_person(row: Any, actor: Actor, _: Mapping[str, Any]) -> str | None:  # noqa: ANN401 - an Export
    if row.asker_id == actor.user_id:
        return "这份导出是您自己申请的，须由另一位有权人员批准。"
    if may_decide(actor.role, actor.division, row.division):
        return None
    return "这份申请不归您批准：须由申请人同级或上一级的民政人员（县区审核、市级、省级）批准。"


def _in_time(row: Any, _: Actor, given: Mapping[str, Any]) -> str | None:  # noqa: ANN401 - an Export
    at = given.get("taken_at") or given.get("decided_at") or given.get("submitted_at")
    return "这份申请已经过期；请回到列表重新申请。" if at and at >= row.expires_at else None


EXPORT: Final = Workflow(
    key="export",
    name="导出",
    start=DRAFTED,
    states={
        DRAFTED: ("待填用途", "warn"),
        ASKED: ("待批准", "working"),
        APPROVED: ("可以取走", "good"),
        REFUSED: ("未批准", "bad"),
        TAKEN: ("已取走", "neutral"),
        EXPIRED: ("已过期", "neutral"),
    },
    moves=(
        Move("提交", DRAFTED, ASKED, by=ASKERS, needs=(_his_own, _has_why, _in_time)),
        Move("放行", ASKED, APPROVED, by=_MACHINE),
        Move("批准", ASKED, APPROVED, by=APPROVERS, needs=(_second_person, _in_time)),
        Move("不批准", ASKED, REFUSED, by=APPROVERS, needs=(_second_person,), asks_why=True),
        Move("取走", APPROVED, TAKEN, by=ASKERS, needs=(_his_own, _in_time)),
        Move("过期", DRAFTED, EXPIRED, by=_MACHINE, due="expires_at"),
        Move("过期", ASKED, EXPIRED, by=_MACHINE, due="expires_at"),
        Move("过期", APPROVED, EXPIRED, by=_MACHINE, due="expires_at"),
    ),
)
