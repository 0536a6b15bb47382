"""左侧栏：每个科室在这里加自己的入口，按办事的先后排。

The side of every page, in one place as readable as urls.py. An entry is shown to whom its page's own door opens, and to
nobody else; the order is that of a working day.
"""

from typing import Final

from doudi.office.ui.navigation import Entry

__all__ = ["ENTRIES"]

# Entry("预警", "monitoring:alerts", group="监测") — the address must exist: tests/office/ui asks each of them.
ENTRIES: Final[list[Entry]] = [
    Entry("工作台", "portal:workbench"),
    Entry("看板", "portal:dashboard", group="监测"),
    Entry("预警", "monitoring:alerts", group="监测"),
    Entry("监测运行", "monitoring:runs", group="监测"),
    Entry("查人", "registry:search", group="住户"),
    Entry("导出", "documents:exports", group="文书"),
    Entry("流水", "oversight:journal", group="监督"),
    Entry("外部监督", "accounts:supervision", group="监督"),
    Entry("账号", "accounts:users", group="系统"),
    Entry("单位", "accounts:organisations", group="系统"),
    Entry("待批的账号变动", "accounts:waiting", group="系统"),
    Entry("行政区划", "divisions:divisions", group="系统"),
    Entry("我的账号", "accounts:me", group="系统"),
]
