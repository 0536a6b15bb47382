"""说法：代码里的词怎样说给人听。

The Chinese for the words that entries carry.
"""

from typing import Final

__all__ = ["CADENCE", "DISPOSITION", "GRAIN", "STATUS", "say_whether"]

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

# How the name of a fact that is yes or no begins → how its denial does. The longer come first.
_DENIED: Final = {"在册": "未在册", "有": "没有", "是": "不是", "已": "未", "在": "不在"}


def say_whether(name: str, *, holds: bool) -> str:
    """A fact that is yes or no, as people say it: 有在册登记, 没有在册登记. What knows no such word stands with its answer."""
    if holds:
        return name
    begins = next((begin for begin in _DENIED if name.startswith(begin)), None)
    return f"{_DENIED[begins]}{name.removeprefix(begins)}" if begins else f"{name}：否"
