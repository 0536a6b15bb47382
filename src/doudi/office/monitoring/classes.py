"""字段分级表：每个来源、每项事实、每项指标的名称各属哪一类，谁看得到由 common.fields 说。

Which class every feed, fact and indicator's title is of: one table, read by the alert page, the facts card, exports and
filters. A fact is of its feed's class unless it is named here; a register kept for exclusion only, or opened by consent
only, is guarded.
"""

from collections.abc import Iterable
from functools import cache
from typing import Final

from doudi.office.accounts.scope import Viewer
from doudi.office.common.fields import FieldClass, Sight
from doudi.office.monitoring.the_book import the_book

__all__ = [
    "CLASS_WORDS",
    "FACTS",
    "FEEDS",
    "INDICATORS",
    "class_of_fact",
    "class_of_indicator",
    "class_of_word",
    "shown",
    "withheld",
]

_I, _H, _M, _D, _G, _C = (
    FieldClass.IDENTITY, FieldClass.HARDSHIP, FieldClass.MONEY, FieldClass.DIAGNOSIS, FieldClass.GUARDED,
    FieldClass.CHILDREN,
)  # fmt: skip

CLASS_WORDS: Final = {
    _I: "身份", _H: "困难情形", _M: "金额", _D: "病种诊断", _G: "税务、金融、财产、羁押等受限", _C: "未成年人",
}  # fmt: skip

# The most guarded first: what rests on several is of the first.
_STRICTEST: Final = (_G, _D, _C, _M, _I, _H)

FEEDS: Final = {
    "population": _H, "dibao_roll": _H, "tekun_roll": _H, "low_income_roll": _H, "refused_or_left": _H,
    "fanpin_roll": _H, "medical_settlement": _M, "medical_enrolment": _H, "serious_illness": _D, "disability": _H,
    "disability_allowance": _H, "unemployment": _H, "social_insurance": _M, "pension": _G, "hardship_student": _C,
    "vehicle": _G, "real_estate": _G, "business": _G, "income_tax": _G, "housing_fund": _G, "financial_check": _G,
    "death": _H, "custody": _G, "public_payroll": _G, "disaster": _H, "assistance": _H, "staff_kin": _G,
    "student_roll": _C, "child_welfare_roll": _C, "kinship": _G, "housing_need": _H, "enrolled_elsewhere": _H,
}  # fmt: skip

# Facts that are of another class than their feed, and those that no feed tells.
FACTS: Final = {
    **dict.fromkeys(("birth_date",), _I),
    **dict.fromkeys(
        (
            "aid_received_fen_12m", "fanpin_income_fen_year", "premium_subsidy_fen", "unemployment_benefit_fen_month",
            "disaster_loss_fen", "declared_rigid_living_fen_12m", "declared_other_rigid_fen_12m", "wage_fen_12m",
            "work_cost_fen_12m", "business_net_fen_12m", "farm_subsidy_fen_12m", "land_transfer_fen_12m",
            "property_net_fen_12m", "support_received_fen_12m", "volunteer_fen_12m", "compensation_fen_12m",
            "unemployment_benefit_fen_12m", "gift_fen_12m", "deductible_transfers_fen_12m", "honour_fen_12m",
            "aid_money_fen_12m", "old_age_allowance_fen_12m", "medical_insurance_fen_12m", "assisted_work_fen_12m",
            "education_cost_fen_12m", "rehabilitation_cost_fen_12m",
        ),
        _M,
    ),
    **dict.fromkeys(("homes_shared", "has_property_exemption", "missing_on_record"), _G),
    **dict.fromkeys(("income_stopped_illness",), _D),
    **dict.fromkeys(
        (
            "delivered_ever", "days_since_delivery", "delivery_limit_days", "has_contract_land", "residence_class",
            "means_check_consent", "emergency_confirmed", "emergency_date", "disease_emergency_confirmed",
            "disease_emergency_date", "charity_need_recorded", "charity_need_date", "missing_person", "lives_together",
            "support_duty", "cannot_live_alone", "clergy_away_3y", "no_civil_capacity", "legal_obligors",
            "incapable_obligors", "enrolled_id_invalid", "unable_self_care_items", "job_refusals", "records_conflict",
        ),
        _H,
    ),
}  # fmt: skip

# Indicators whose very title tells something of another class than hardship.
INDICATORS: Final = {
    **dict.fromkeys(
        (
            "eligible.earner_in_custody", "ineligible.in_custody", "ineligible.vehicle", "ineligible.homes",
            "ineligible.company", "ineligible.public_payroll", "ineligible.income", "ineligible.margin_income",
            "ineligible.tekun_pension", "supervision.kin_undeclared",
        ),
        _G,
    ),
    **dict.fromkeys(
        (
            "eligible.parent_died", "eligible.hardship_student", "eligible.tuition", "eligible.unsupported_child",
            "unfulfilled.child_rehabilitation",
        ),
        _C,
    ),
}  # fmt: skip


@cache
def class_of_fact(fact: str) -> FieldClass:
    """The class of a fact of the book. What the book does not know is guarded."""
    if fact in FACTS:
        return FACTS[fact]
    known = the_book().facts.get(fact)
    feeds = known.feeds if known else ()
    return _strictest(FEEDS[feed] for feed in feeds) if feeds else _G


@cache
def class_of_word(word: str) -> FieldClass:
    """The class of a word of the book: the strictest of the facts that it rests on; a word on none is of hardship."""
    book = the_book()
    known = book.words.get(word)
    if known is None:
        return _G
    facts = {word} if word in book.facts else book.rests_on(known.node) & book.facts.keys()
    return _strictest(class_of_fact(fact) for fact in facts) if facts else _H


def class_of_indicator(indicator: str) -> FieldClass:
    """The class of an indicator's title."""
    return INDICATORS.get(indicator, _H)


def shown(viewer: Viewer, kind: FieldClass) -> bool:
    """May this viewer read figures and words of that class? Identities are shown masked."""
    sight = viewer.sees(kind)
    return sight is Sight.PLAIN or (kind is _I and sight is not Sight.HIDDEN)


def withheld(kind: FieldClass) -> str:
    """What stands in the place of what is not shown."""
    return f"这一条涉及{CLASS_WORDS[kind]}信息，按岗位不显示；需要核实的，请联系县区审核人员。"


def _strictest(kinds: Iterable[FieldClass]) -> FieldClass:
    found = set(kinds)
    return next(kind for kind in _STRICTEST if kind in found)
