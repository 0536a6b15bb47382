"""流水里的词：每一种行为、每一类对象、每一种结果的中文叫法，全写在这一页。

The Chinese word of every act code, subject kind and outcome of the journal. A test reads the source and fails when an act
has none.
"""

from collections.abc import Mapping
from typing import Any, Final

__all__ = ["ACTS", "OUTCOMES", "SUBJECTS", "act_word", "detail_word", "subject_word"]

# `….move` is a workflow's: its word is the workflow's own, and the page adds which move it was.
ACTS: Final = {
    "accounts.ask_change": "申请账号变更",
    "accounts.ask_supervision": "申请开通外部监督",
    "accounts.ask_user": "申请建立用户",
    "accounts.change.move": "账号变更",
    "accounts.door": "进没有权限的页面",
    "accounts.grant.move": "外部监督授权",
    "accounts.locked": "锁定账号",
    "accounts.login": "登录",
    "accounts.logout": "退出",
    "accounts.made": "建立账号",
    "accounts.organisation": "建立机构",
    "accounts.password": "修改密码",
    "accounts.read_only": "只读人员试图办理",
    "accounts.refused": "办理时被拒绝",
    "accounts.throttled": "次数过多，被挡下",
    "accounts.totp_on": "启用动态口令",
    "accounts.user.move": "用户",
    "api.ask_client": "申请系统接入",
    "api.client.move": "系统接入",
    "api.token": "系统取令牌",
    "divisions.changed": "变更行政区划",
    "divisions.taken_over": "接收行政区划",
    "documents.asked": "申请导出",
    "documents.printed": "打印成 PDF",
    "documents.taken": "取走导出文件",
    "exchange.purged": "清除过期来件",
    "exchange.receive": "收下来件",
    "exchange.rejects_taken": "取走退回的行",
    "export.move": "导出",
    "hold.move": "隔离来件",
    "messages.purged": "清除过期消息",
    "messages.read": "查看消息点到的家庭",
    "monitoring.alert_read": "查看预警",
    "monitoring.run_asked": "申请监测运行",
    "monitoring.run_finished": "监测运行结束",
    "oversight.journal_read": "查阅流水",
    "registry.read": "查看一户",
    "registry.reveal": "显示完整证件号与姓名",
    "registry.search": "查人",
    "registry.take_over": "接收人口数据",
    "run.move": "监测运行",
    "upload.move": "来件入库",
}

SUBJECTS: Final = {
    "": "",
    "accounts.change": "账号变更",
    "accounts.grant": "外部监督授权",
    "accounts.user": "用户",
    "alert": "预警",
    "api.client": "系统接入",
    "batch": "数据批次",
    "division": "区划",
    "export": "导出",
    "hold": "隔离来件",
    "household": "家庭",
    "journal": "流水",
    "organisation": "机构",
    "page": "页面",
    "person": "个人",
    "run": "监测运行",
    "search": "查询",
    "upload": "来件",
    "user": "用户",
}

# outcome -> its word, the tone of its tag
OUTCOMES: Final = {"done": ("办成", "good"), "refused": ("被拒绝", "warn"), "failed": ("没有办成", "bad")}


# What the particulars of an entry are called; codes of machines among their values stay as they are.
DETAILS: Final = {
    "address": "来自", "book": "政策簿", "bytes": "字节", "code": "拒绝代码", "conditions": "筛选条件数", "count": "次数",
    "day": "日期", "deed": "所做的事",
    "entries": "条数", "entry": "流水编号", "form": "格式", "format": "格式", "from": "原状态", "kind": "种类",
    "lines": "行数", "locked": "已锁定", "method": "方式", "move": "走法", "new": "新值", "old": "旧值", "pages": "页数", "path": "页面",
    "purpose": "凭据", "role": "岗位", "rows": "条数", "shown": "显示的内容", "sm3": "文件 SM3", "to": "新状态", "who": "按谁计数",
    "workflow": "流程",
}  # fmt: skip


def detail_word(name: str) -> str:
    """What one particular is called; its key where nobody gave it a word."""
    return DETAILS.get(name, name)


def act_word(act: str, detail: Mapping[str, Any]) -> str:
    """The act in words, with the move's name where it was a move; the code itself where nobody gave it a word."""
    word = ACTS.get(act, act)
    return f"{word}：{detail['move']}" if act.endswith(".move") and "move" in detail else word


def subject_word(kind: str) -> str:
    """What kind of thing the subject is; the code itself where nobody gave it a word."""
    return SUBJECTS.get(kind, kind)
