"""How the exchange's codes are said to people."""

from typing import Final

__all__ = ["COVERAGE", "account_parts", "months_before"]

# state of a card of coverage → its word and the tone of its tag
COVERAGE: Final = {
    "fresh": ("按时", "good"), "late": ("晚报", "bad"), "never": ("从未报过", "neutral"), "quarantined": ("隔离待定", "warn"),
}  # fmt: skip

# What becomes of a physical line, in the order in which the account is read aloud: its word, the tone of its part.
_FATES: Final = (
    ("accepted", "入库", "good"), ("repeated", "重复", "neutral"), ("superseded", "已被取代", "neutral"),
    ("rejected", "退回", "bad"), ("header", "表头", "neutral"), ("title", "标题", "neutral"),
    ("total", "合计行", "neutral"), ("blank", "空行", "neutral"),
)  # fmt: skip


def account_parts(record: dict[str, int], rejects: str = "") -> tuple[list[dict[str, str]], bool]:
    """The parts of the identity 物理行 = 入库 + 重复 + …, those that are not zero, and whether they add up.

    `rejects` is the address to which the rejected lines lead.
    """
    parts = [
        {"count": f"{record[key]:,}", "word": word, "tone": tone, "href": rejects if key == "rejected" else ""}
        for key, word, tone in _FATES
        if record[key]
    ]
    return parts, sum(record[key] for key, _, _ in _FATES) == record["physical"]


def months_before(period: str, count: int) -> list[str]:
    """The `count` months that end with `period` (YYYY-MM), oldest first."""
    year, month = map(int, period.split("-"))
    last = year * 12 + month - 1
    return [f"{number // 12}-{number % 12 + 1:02d}" for number in range(last - count + 1, last + 1)]
