"""Cards of some households, as a run leaves them for whoever is enrolled or alerted: invented, and of a real one's size."""

from __future__ import annotations

from typing import Any

from doudi.policy.rule import Book

__all__ = ["HOUSEHOLDS_WITH_CARDS", "card"]

HOUSEHOLDS_WITH_CARDS = 400  # of the reader's county: more than are asked for
_FACTS_OF_A_PERSON = 12
_TESTS_OF_A_PATH = 3


def card(law: Book, people: list[int]) -> dict[str, Any]:
    """What `monitoring.services.cards.card_of` tells of a household of these persons."""
    return {
        "members": [
            {"key": key, "name": "户主" if at == 0 else f"成员（{at}）", "counted": "共同生活", "enrolled": "不在册"}
            for at, key in enumerate(people)
        ],
        "facts": {str(key): {"hidden": False, "told": [_fact(number) for number in range(_FACTS_OF_A_PERSON)]} for key in people},
        "conclusion": ["近十二个月家庭收入 36,000.00 元，人均月收入 1,000.00 元", "家庭成员 3 人，共同生活 3 人"],
        "tiers": [
            {
                "name": tier.name, "who": f"{tier.name}：", "verdict": None, "missing": ["收入未核对"],
                "paths": [{"name": "", "verdict": None, "tests": [_test(number) for number in range(_TESTS_OF_A_PATH)]}],
            }
            for tier in law.tiers
        ],
        "due": [],
    }  # fmt: skip


def _fact(number: int) -> dict[str, Any]:
    line = ["medical_settlement", "medical_settlement_2026-06_r1_aa", number, "2026-06-02"]
    return {"facts": [["money", f"个人自负医疗费 {number},000.00 元"]], "lines": [line]}


def _test(number: int) -> dict[str, Any]:
    return {
        "kind": "money", "holds": None, "question": "共同生活的家庭成员月人均收入是否低于当地标准？",
        "basis": ["N1 第三条"], "rule": f"人均月收入 {number},020.00 元 < 当地标准 1,100.00 元",
        "grounds": ["收入：医保 medical_settlement 第 7 行"],
    }  # fmt: skip
