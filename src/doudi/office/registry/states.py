"""The registry's vocabulary: why an identity is opened. One's own words of four characters or more do as well."""

from typing import Final

__all__ = ["LEAST_REASON", "REVEAL_REASONS"]

REVEAL_REASONS: Final = (
    "入户走访前核对本人",
    "受理或复核救助申请",
    "核实预警所指的人",
    "办理家庭经济状况核对",
    "答复群众咨询或信访",
    "监督检查抽查核对",
)

LEAST_REASON: Final = 4  # characters
