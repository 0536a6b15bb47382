"""说法：代码里的词怎样说给人听。

The Chinese for the words that entries carry.
"""

from typing import Final

__all__ = ["CADENCE", "DISPOSITION", "GRAIN", "STATUS"]

GRAIN: Final = {"person": "个人", "household": "家庭", "delivery": "来件", "any": "通用"}
CADENCE: Final = {"monthly": "按月", "season": "按季节", "term": "按学期", "event": "因事"}
DISPOSITION: Final = {
    "eligible": "可能符合未纳入",
    "unfulfilled": "政策未落实",
    "complex": "情形复杂",
    "ineligible": "可能不再符合",
    "supervision": "工作督促",
}
STATUS: Final = {"new": "新增", "continuing": "延续", "unconfirmed": "未确认", "cleared": "解除"}
