"""Writes `docs/decide/indicators.md` from the policy book: `python docs/indicators.py`. A test keeps the page current."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from doudi import policybook_dir
from doudi.policy.load import load_book
from doudi.policy.rule import Book, Indicator

PAGE = Path(__file__).parent / "decide" / "indicators.md"
DISPOSITIONS = {
    "eligible": "可能符合而未纳入：由登记的困难带出，由已证明的不符合止住",
    "unfulfilled": "政策未落实：在册者应享而没有收到",
    "complex": "情形复杂：进入县级协调机制，一事一议",
    "ineligible": "可能不再符合：只在有证明时，只提示核查",
    "supervision": "数字监督：经办自身的遗漏",
}
HEAD = "| 预警 | 对象 | 级别 | 条件 | 不再预警 | 条款 | 主管 | 解除 |"
SUBJECTS = {"person": "个人", "household": "家庭", "delivery": "数据交付"}


def page(book: Book) -> str:
    """The page as text: one table a disposition, one row an indicator."""
    return "\n".join(_lines(book)) + "\n"


def _lines(book: Book) -> Iterator[str]:
    yield "# 预警指标"
    yield ""
    yield "由 `docs/indicators.py` 从 `policybook/indicators/` 生成，不要手改。条件里的每个词都在政策簿里有定义，数值都是参数。"
    yield "“条件”须为是；“不再预警”为是即止住，未知不止住；条件未知时不预警，计入“无法判断”。"
    yield "级别：红 = 已证明的规则，或两件独立的严重事实；橙 = 一件未被排除的严重事实；蓝 = 单一弱事实，只作关注。"
    for disposition, meaning in DISPOSITIONS.items():
        yield from ("", f"## {meaning}", "", HEAD, "|---|---|---|---|---|---|---|---|")
        yield from (_row(item) for item in book.indicators if item.disposition == disposition)


def _row(item: Indicator) -> str:
    level = f"{item.level}（可升红）" if item.red_when is not None and item.level != "红" else item.level
    name = f"{item.name}<br>`{item.id}`" + ("<br>默认关闭" if item.off else "")
    cells = (
        name,
        SUBJECTS[item.subject],
        level,
        item.text,
        item.unless_text,
        "、".join(item.basis),
        item.owner,
        item.clears,
    )
    return "| " + " | ".join(" ".join(cell.split()) for cell in cells) + " |"


if __name__ == "__main__":
    PAGE.write_text(page(load_book(policybook_dir())), "utf-8")
