"""词：类别、区划级别怎样说，一律取自政策簿和一张小表。

Codes in words: tiers as the policy book names them, levels of divisions.
"""

from collections.abc import Iterable
from functools import cache
from typing import Final

from doudi import policybook_dir
from doudi.policy.load import load_book

__all__ = ["BELOW", "indicator_names", "tier_names", "tier_words"]

# What the divisions directly below one of that level are called.
BELOW: Final = {
    "country": "省",
    "province": "市",
    "city": "县区",
    "county": "乡镇街道",
    "town": "村社区",
    "village": "",
}


@cache
def tier_names() -> dict[str, str]:
    """Tier id → its name, in the order of the book: the best first."""
    return {tier.id: tier.name for tier in load_book(policybook_dir()).tiers}


@cache
def indicator_names() -> dict[str, str]:
    """Indicator id → its name."""
    return {indicator.id: indicator.name for indicator in load_book(policybook_dir()).indicators}


def tier_words(tiers: Iterable[str] | None) -> str | None:
    """The tiers in which somebody is enrolled; None when the role may not see them."""
    if tiers is None:
        return None
    names = tier_names()
    return "、".join(names.get(tier, tier) for tier in tiers) or "不在册"
