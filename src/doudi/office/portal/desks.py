"""台面：哪种岗位的工作台上摆哪几张台面，每张说什么；一张表说完。

What each role's workbench holds, as tables that can be printed: the desks with their words, and role × desk.
"""

from dataclasses import dataclass
from typing import Final

from doudi.office.common.roles import Role

__all__ = ["BY_ROLE", "WORDS", "Words"]


@dataclass(frozen=True, slots=True)
class Words:
    """A desk's words: its title, what it asks, and what an empty one means."""

    title: str
    asks: str
    empty: str


WORDS: Final = {
    "urgent": Words(
        "新增红色、橙色预警",
        "最近一次监测新冒出来、还没有人看过的。先看红色；点进去看凭什么、怎样解除。",
        "没有新增的红色、橙色预警。下一次监测后再看；也可以从左侧“预警”查看延续中的。",
    ),
    "visits": Words(
        "请去看看的人家",
        "带上证件，两人同行。到了先说明来意，按单子上问、按单子上看，回来把情况告诉乡镇经办人员。",
        "现在没有要您去看的人家。平时走访听到谁家有难处，请直接告诉乡镇经办人员。",
    ),
    "held": Words(
        "等您拿主意的来件",
        "这些来件与上期相差太大或有疑点，被暂扣，没有进入监测。请看过对账，决定放行还是不予采用。",
        "没有要您决定的暂扣来件；涉及几个县区或全市的由市级决定，可在“隔离来件”里查看。",
    ),
    "refused": Words(
        "没有入库的上传",
        "文件读不懂或对不上约定，一行也没有入库。请看原因，改正后重新上传。",
        "没有被拒收的上传。",
    ),
    "late": Words(
        "迟到的来件",
        "按约定早该送到的来件。凭旧数据得出的结论会标明“凭旧数据”。请催报或说明原因。",
        "没有迟到的来件，各来源都是新的。",
    ),
    "mine": Words(
        "本部门要报送的数据",
        "按约定由本部门送的来件：到期的请上传，有退回行的请更正后再送。",
        "本部门要送的都已送到，没有退回行。",
    ),
    "exports": Words(
        "等您审批的导出",
        "超过规定行数的导出要由第二个人批准。请核对用途和范围；批准与否都记入流水。",
        "没有等您审批的导出。",
    ),
    "runs": Words(
        "没有完成的监测",
        "监测中途停下，预警仍是上一次的。请看原因，需要时重新运行。",
        "最近的监测都已完成。",
    ),
    "supervision": Words(
        "外部监督的查看授权",
        "审计、纪检、财政凭通知书查看，要两个人经手才能打开，到期自动关闭。",
        "没有等着经手的外部监督授权。",
    ),
    "grant": Words(
        "您的查看授权",
        "您凭通知书在限定的时间和范围内只读查看；每打开一户都记入流水，被查看单位看得到。",
        "您的授权不在有效期内。如需继续，请由派出单位出具通知书，请系统管理员、安全保密管理员两人重新开通。",
    ),
    "accounts": Words(
        "等您处理的账号",
        "被锁定、将到期、等待复核的账号。您看不到任何一户人家的内容。",
        "没有等您处理的账号。",
    ),
    "journal": Words(
        "流水与封链",
        "每天核对一次封链：流水只添不改，有人动过就对不上。",
        "封链没有要您核对的问题。",
    ),
}

_COUNTY = ("urgent", "held", "refused", "late", "exports", "runs")

# 三员分立：administrators are asked nothing about households.
BY_ROLE: Final[dict[Role, tuple[str, ...]]] = {
    Role.PROVINCE_OFFICER: ("urgent", "late", "exports"),
    # The city alone decides on a delivery that concerns more than one county.
    Role.CITY_OFFICER: ("urgent", "held", "late", "exports", "runs"),
    Role.COUNTY_OFFICER: _COUNTY,
    Role.COUNTY_REVIEWER: ("exports", "urgent", "held", "late"),
    Role.TOWN_OFFICER: ("urgent", "exports"),
    Role.VILLAGE_HELPER: ("visits",),
    Role.DEPARTMENT_OFFICER: ("mine", "refused"),
    Role.SYSTEM_ADMIN: ("accounts", "supervision", "runs"),
    Role.SECURITY_ADMIN: ("accounts", "supervision"),
    Role.AUDIT_ADMIN: ("journal",),
    Role.SUPERVISOR: ("grant", "urgent"),
    Role.MACHINE: (),
}
