"""左侧栏：每个科室在这里加自己的入口，按办事的先后排。

The side of every page, in one place as readable as urls.py. An entry is shown to whom its page's own door opens, and to
nobody else; the order is that of a working day.
"""

from typing import Final

from doudi.office.common.doors import ANY_STAFF
from doudi.office.exchange.states import SENDERS
from doudi.office.ui.navigation import Entry

__all__ = ["ENTRIES"]

# Entry(word, name of its address, group) — the address must exist: tests/office/ui asks each of them.
ENTRIES: Final[list[Entry]] = [
    Entry("工作台", "portal:workbench"),
    Entry("消息", "messages:messages", news=True),
    Entry("查人", "registry:search", search=True),
    Entry("看板", "portal:dashboard", group="监测"),
    Entry("预警", "monitoring:alerts", group="监测"),
    Entry("监测运行", "monitoring:runs", group="监测"),
    Entry("交来件", "exchange:uploads", group="数据交换", roles=SENDERS),
    Entry("收到的来件", "exchange:uploads", group="数据交换", roles=ANY_STAFF - SENDERS),
    Entry("批次", "exchange:batches", group="数据交换"),
    Entry("来件情况", "exchange:coverage", group="数据交换"),
    Entry("隔离来件", "exchange:holds", group="数据交换"),
    Entry("导出", "documents:exports", group="监督"),
    Entry("流水", "oversight:journal", group="监督"),
    Entry("外部监督", "accounts:supervision", group="监督"),
    Entry("用户", "accounts:users", group="系统"),
    Entry("机构", "accounts:organisations", group="系统"),
    Entry("待批准", "accounts:waiting", group="系统"),
    Entry("系统接入", "api:clients", group="系统"),
    Entry("行政区划", "divisions:divisions", group="系统"),
    Entry("我的账号", "accounts:me", group="系统"),
]
