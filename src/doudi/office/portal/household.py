"""户情页：一户人家按岗位能看的全部，拼成一页。

One household as its page shows it: registry's card, monitoring's alerts and facts, the journal's history; each masked and
withheld by the office that keeps it, none of it again here.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.urls import reverse

from doudi.office.accounts.scope import Viewer
from doudi.office.audit.selectors import of_subject
from doudi.office.common.fields import FieldClass, Sight
from doudi.office.common.roles import Role
from doudi.office.divisions.selectors import paths, place_name
from doudi.office.monitoring.selectors import (
    AlertCard,
    FactsCard,
    asks_of_household,
    changes_of_household,
    facts_card,
    of_household,
)
from doudi.office.portal.words import tier_words
from doudi.office.registry.selectors import HouseholdCard, MemberCard
from doudi.office.registry.services import read_household

__all__ = ["HouseholdPage", "Member", "read_page"]

_STEPS_SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class Member:
    """One person as a row of the page: his card, and its codes in words."""

    card: MemberCard
    relation: str
    gender: str
    tiers: str | None
    hukou: str
    reveal: str  # where the form of a reveal is sent, empty when the role may not reveal

    @property
    def shown_id(self) -> str:
        """The id as this viewer sees it, or why there is none."""
        return self.card.person_id or "没有登记"

    @property
    def box(self) -> str:
        """The id of the place on the page that a reveal fills."""
        return f"id-{self.card.ref}"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened: somebody's act from the journal, or what a run changed of an alert."""

    at: datetime
    title: str
    who: str
    says: str
    tone: str


@dataclass(frozen=True, slots=True)
class HouseholdPage:
    """`plain` is the short page of a village helper. `history`: acts and changes of alerts in one order, newest first."""

    card: HouseholdCard
    plain: bool
    places: tuple[tuple[str, str], ...]
    tiers: str | None
    members: tuple[Member, ...]
    alerts: tuple[AlertCard, ...]
    told: FactsCard | None
    asks: tuple[str, ...]
    history: tuple[Step, ...]

    @property
    def called(self) -> str:
        """What the page is headed: the head as this viewer may see him, and how many live there."""
        return f"{self.card.head_name or '户主未具名'}一户 {self.card.members} 人"


def read_page(*, viewer: Viewer, at: datetime, ref: str) -> HouseholdPage | None:
    """The page of one household; the reading is journalled. None: it is not found in the jurisdiction."""
    card = read_household(viewer=viewer, at=at, ref=ref)
    if card is None:
        return None
    plain = viewer.role is Role.VILLAGE_HELPER
    return HouseholdPage(
        card=card,
        plain=plain,
        places=_places(card),
        tiers=tier_words(card.tiers),
        members=tuple(_member(each, _reveal(viewer, card, each)) for each in card.people),
        alerts=() if plain else tuple(of_household(viewer, card.household_key, at, card)),
        told=facts_card(viewer, card),
        asks=asks_of_household(viewer, card.household_key) if plain else (),
        history=() if plain else _history(viewer, card),
    )


def _history(viewer: Viewer, card: HouseholdCard) -> tuple[Step, ...]:
    """What was done about the household under either of its names in the journal, and what became of its alerts."""
    entries = of_subject("household", card.ref, str(card.household_key), size=_STEPS_SHOWN)
    acts = [
        Step(each.at, each.act_word, each.actor, f"{each.role}：{each.why}" if each.why else each.role, each.tone)
        for each in entries
    ]
    changes = [
        Step(each.at, f"{each.title}：{each.change.says}", "监测程序", f"{each.change.day} 的监测", each.change.tone)
        for each in changes_of_household(viewer, card.household_key, _STEPS_SHOWN)
    ]
    return tuple(sorted(acts + changes, key=lambda step: step.at, reverse=True))[:_STEPS_SHOWN]


def _member(card: MemberCard, reveal: str) -> Member:
    gender = {True: "男", False: "女", None: "未登记"}[card.male]
    relation = "户主" if card.is_head else "成员"
    return Member(card, relation, gender, tier_words(card.tiers), place_name(card.hukou_division), reveal)


def _reveal(viewer: Viewer, card: HouseholdCard, person: MemberCard) -> str:
    if viewer.sees(FieldClass.IDENTITY) is not Sight.MASKED:
        return ""
    return reverse("registry:reveal", args=[card.ref, person.ref])


def _places(card: HouseholdCard) -> tuple[tuple[str, str], ...]:
    """The three divisions in words, those that are one place said once."""
    own = (card.managing_division, card.hukou_division, card.residence_division)
    named = paths(
        [*own, *(each.hukou_division for each in card.people)]
    )  # the members' too: they are said further down
    said: dict[int, list[str]] = {}
    for word, code in (
        ("管理地", card.managing_division), ("户籍地", card.hukou_division), ("居住地", card.residence_division),
    ):  # fmt: skip
        said.setdefault(code, []).append(word)
    return tuple(("、".join(words), "".join(named[code].values())) for code, words in said.items())
