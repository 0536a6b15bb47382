"""消息的种类：一张表写完——什么时候来、给哪些岗位、能不能不收、标签的颜色、是不是业务上的事。

The kinds of message, as a table that can be printed. What a message of a kind says and where it leads stands in `texts`.
"""

from dataclasses import dataclass
from typing import Final

from doudi.errors import Fault
from doudi.office.common.roles import BUSINESS, Role

__all__ = [
    "DELIVERY_DECIDED", "DELIVERY_HELD", "DELIVERY_LATE", "DELIVERY_LINES", "DELIVERY_REFUSED", "DIGEST", "EXPORT_DECIDED",
    "EXPORT_WAITS", "KINDS", "RECEIVERS", "SUPERVISION", "Kind", "kind_of", "kinds_for",
]  # fmt: skip

DIGEST: Final = "digest"
DELIVERY_HELD, DELIVERY_DECIDED = "delivery_held", "delivery_decided"
DELIVERY_REFUSED, DELIVERY_LINES, DELIVERY_LATE = "delivery_refused", "delivery_lines", "delivery_late"
EXPORT_WAITS, EXPORT_DECIDED = "export_waits", "export_decided"
SUPERVISION: Final = "supervision"


@dataclass(frozen=True, slots=True)
class Kind:
    """`when` tells what it comes of, `to` which roles it may reach. `mutable`: a person may do without it. `placed`: it
    speaks of its reader's jurisdiction, and is gone for him when he is given another. `business`: of households or of
    deliveries, hence never for an administrator (三员).
    """

    key: str
    title: str
    when: str
    tone: str
    to: frozenset[Role]
    mutable: bool = False
    placed: bool = False
    business: bool = True


_STAFF: Final = BUSINESS - {Role.MACHINE, Role.SUPERVISOR}
_SENDING: Final = frozenset(
    {Role.DEPARTMENT_OFFICER, Role.COUNTY_OFFICER, Role.COUNTY_REVIEWER, Role.CITY_OFFICER}
)  # fmt: skip
_APPROVING: Final = frozenset({Role.COUNTY_REVIEWER, Role.CITY_OFFICER, Role.PROVINCE_OFFICER})
_ASKING: Final = (BUSINESS - {Role.MACHINE}) | {Role.AUDIT_ADMIN}

KINDS: Final = {
    kind.key: kind
    for kind in (
        Kind(DIGEST, "监测有新增", "一次监测完成，您的辖区有新冒出来的红色、橙色预警；一次监测只来一条", "warn", _STAFF,
             mutable=True, placed=True),
        Kind(DELIVERY_HELD, "来件被暂扣", "本部门的一期来件比上期少了一半以上，等民政部门决定", "warn", _SENDING),
        Kind(DELIVERY_DECIDED, "暂扣的来件有了决定", "民政部门放行或不予采用本部门被暂扣的来件", "working", _SENDING),
        Kind(DELIVERY_REFUSED, "文件没有入库", "交来的文件读不懂或对不上约定，一行也没有入库", "bad", _SENDING),
        Kind(DELIVERY_LINES, "来件有退回行", "来件入库了，其中有的行要更正后再送", "warn", _SENDING, mutable=True),
        Kind(DELIVERY_LATE, "来件迟到", "本部门的来件过了约定的日子还没有到；一天至多一条，一种来件的一期只说一次", "warn",
             _SENDING, mutable=True),
        Kind(EXPORT_WAITS, "有导出等您审批", "辖区内有人申请的导出超过规定行数，要您批准", "warn", _APPROVING, placed=True),
        Kind(EXPORT_DECIDED, "您的导出有了决定", "您申请的导出被批准或没有批准", "working", _ASKING, business=False),
        Kind(SUPERVISION, "开通了外部监督", "本地开通了一项外部监督，其查看都记入流水", "working",
             frozenset({Role.AUDIT_ADMIN}), business=False),
    )
}  # fmt: skip

RECEIVERS: Final = frozenset().union(*(kind.to for kind in KINDS.values()))


def kind_of(key: str) -> Kind:
    """The kind of that key. Fault: there is none."""
    if key not in KINDS:
        raise Fault("messages.unknown_kind", f"消息没有“{key}”这一种；种类只在 messages/kinds.py 一张表里。")
    return KINDS[key]


def kinds_for(role: Role) -> tuple[Kind, ...]:
    """The kinds that may reach a role, in the table's order."""
    return tuple(kind for kind in KINDS.values() if role in kind.to)
