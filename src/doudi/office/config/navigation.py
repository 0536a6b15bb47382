"""左侧栏：每个科室在这里加自己的入口，按办事的先后排。

The side of every page, in one place as readable as urls.py. An entry is shown to the roles it lists and to nobody else.
"""

from typing import Final

from doudi.office.ui.navigation import Entry

__all__ = ["ENTRIES"]

# Entry("预警", "monitoring:alerts", BUSINESS, group="监测") — the address must exist: tests/office/ui asks each of them.
ENTRIES: Final[list[Entry]] = []
