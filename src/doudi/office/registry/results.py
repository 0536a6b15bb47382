"""A search's result as its page shows it: places in words, tiers as the policy book names them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache

from doudi import policybook_dir
from doudi.office.divisions import selectors as divisions
from doudi.office.registry.cards import Found, HouseholdCard, MemberCard
from doudi.policy.load import load_book

__all__ = ["Results", "Row", "results_of"]


@dataclass(frozen=True, slots=True)
class Row:
    """A person or a household with its place in words; `tiers` None: the role may not see them."""

    card: MemberCard | HouseholdCard
    place: str
    tiers: str | None


@dataclass(frozen=True, slots=True)
class Results:
    """Rows of people and of households; `limited` says how many are shown when there are more, else it is empty."""

    limited: str
    day: str
    people: tuple[Row, ...]
    households: tuple[Row, ...]


def results_of(found: Found, day: date | None) -> Results:
    """The page of what was found."""
    limited = f"符合的人较多，只列出前 {found.limit} 位；请补全姓名，或加上证件号码后四位再查。" if found.more else ""
    cards: list[MemberCard | HouseholdCard] = [*found.people, *found.households]
    places = _places({card.managing_division for card in cards})
    rows = [Row(card, places[card.managing_division], _words(card.tiers)) for card in cards]
    people = len(found.people)
    return Results(limited, day.isoformat() if day else "", tuple(rows[:people]), tuple(rows[people:]))


def _places(codes: Iterable[int]) -> dict[int, str]:
    asked = set(codes)
    # All levels looked up at once: a place's name is made of its county's, its town's and its own.
    divisions.names(code // 10**zeros * 10**zeros for code in asked for zeros in (10, 8, 6, 3, 0))
    return {code: divisions.place_name(code) for code in asked}


@cache
def _tier_names() -> dict[str, str]:
    return {tier.id: tier.name for tier in load_book(policybook_dir()).tiers}


def _words(tiers: tuple[str, ...] | None) -> str | None:
    if tiers is None:
        return None
    return "、".join(_tier_names().get(tier, tier) for tier in tiers) or "不在册"
