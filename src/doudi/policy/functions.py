"""The named functions of the language: 中文 and English name, what they take, what they give.

The meaning of each stands once in the interval table (`docs/build/language.md`), once in `evaluate.py`, once in the
SQL reader; a function known here and to one reader only cannot be merged (`tests/policy/test_functions.py`).
"""

from __future__ import annotations

from dataclasses import dataclass

# The step, in the smallest unit, to which each rounding goes: 100 fen to the yuan, 1 fen.
ROUNDINGS = {"round_half_up_yuan": 100, "round_up_yuan": 100, "truncate_yuan": 100, "truncate_fen": 1}
OVER_MEMBERS = {"any_member", "all_members", "count_members", "sum_members", "max_members", "min_members"}


@dataclass(frozen=True, slots=True)
class Function:
    """`takes` names the kind of each argument; a trailing `…` repeats the one before."""

    name: str
    chinese: str
    takes: tuple[str, ...]


FUNCTIONS = {
    f.name: f
    for f in (
        Function("any_member", "有人", ("bool",)),
        Function("all_members", "人人", ("bool",)),
        Function("count_members", "人数", ("bool",)),
        Function("sum_members", "合计", ("quantity",)),
        Function("max_members", "最大", ("ordered",)),
        Function("min_members", "最小", ("ordered",)),
        Function("count_parents", "父母人数", ("bool",)),
        Function("choose", "若", ("bool", "same", "same")),
        Function("min", "较小", ("ordered", "same")),
        Function("max", "较大", ("ordered", "same")),
        Function("at_least_zero", "不小于零", ("quantity",)),
        Function("share", "平摊到分", ("quantity", "quantity")),
        Function("months_between", "相隔月数", ("date", "date")),
        Function("days_between", "相隔天数", ("date", "date")),
        Function("count_true", "项数", ("bool", "…")),
        Function("round_half_up_yuan", "四舍五入到元", ("quantity",)),
        Function("round_up_yuan", "进一到元", ("quantity",)),
        Function("truncate_yuan", "截尾到元", ("quantity",)),
        Function("truncate_fen", "截尾到分", ("quantity",)),
    )
}
BY_CHINESE = {f.chinese: f for f in FUNCTIONS.values()}


def find(name: str) -> Function | None:
    """A function by either of its names."""
    return FUNCTIONS.get(name) or BY_CHINESE.get(name)
