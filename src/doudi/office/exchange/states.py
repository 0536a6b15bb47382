"""Workflows of the exchange: an upload on its way into the lake, and a delivery that waits for a person."""

from collections.abc import Mapping
from typing import Any, Final

from doudi.office.common.actor import Actor
from doudi.office.common.codes import level_of, range_of
from doudi.office.common.roles import Role
from doudi.office.common.workflow import Move, Workflow

__all__ = ["HOLD", "SENDERS", "UPLOAD"]

_MACHINE: Final = frozenset({Role.MACHINE})
SENDERS: Final = frozenset(
    {Role.DEPARTMENT_OFFICER, Role.COUNTY_OFFICER, Role.COUNTY_REVIEWER, Role.CITY_OFFICER, Role.MACHINE}
)
_DECIDING: Final = frozenset({Role.COUNTY_OFFICER, Role.COUNTY_REVIEWER, Role.CITY_OFFICER})


def _concerns_his_county_alone(row: Any, actor: Actor, _: Mapping[str, Any]) -> str | None:  # noqa: ANN401 - the row of any workflow, here a Hold
    """A county decides on a delivery that speaks of that county and of nobody else; all others are the city's."""
    if level_of(actor.division) in ("country", "province", "city"):
        return None
    lo, hi = range_of(actor.division)
    if all(each["county"] and lo <= each["county"] * 1_000_000 <= hi for each in row.senders):
        return None
    return "这一期还涉及别的县区或全市，须由市级民政人员决定；请报市级处理。"


UPLOAD = Workflow(
    key="upload",
    name="来件入库",
    start="received",
    states={
        "received": ("已收到，待入库", "neutral"),
        "landing": ("正在入库", "working"),
        "landed": ("已入库", "good"),
        "refused": ("已拒收", "bad"),
    },
    moves=(
        Move("开始入库", "received", "landing", by=_MACHINE),
        Move("入库完成", "landing", "landed", by=_MACHINE),
        Move("拒收", "landing", "refused", by=_MACHINE),
        Move("再入一次", "refused", "received", by=SENDERS),  # its sender said what it is
        Move("退回队列", "landing", "received", by=_MACHINE, asks_why=True),  # whoever was landing it died
    ),
)

HOLD = Workflow(
    key="hold",
    name="隔离来件",
    start="held",
    states={"held": ("待决定", "warn"), "accepted": ("已放行", "good"), "refused": ("不予采用", "bad")},
    moves=(
        Move("放行", "held", "accepted", by=_DECIDING, needs=(_concerns_his_county_alone,), asks_why=True),
        Move("不予采用", "held", "refused", by=_DECIDING, needs=(_concerns_his_county_alone,), asks_why=True),
    ),
)
