"""找谁：一个来件没有按时到，该找哪几个人。

Whom to ask for a delivery that is not there: those who send it, by name.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from doudi.office.accounts.selectors import StaffCard, shown_names, staff
from doudi.office.common.roles import Role
from doudi.office.exchange.coverage import CoverageCard

__all__ = ["whom_to_ask"]

_CIVIL_AFFAIRS: Final = "民政"
_SEVERAL: Final = "各部门"  # a programme says what help it is, not which of them gives it
_NAMED: Final = 3  # who asks needs one that answers, not the whole office


def whom_to_ask(cards: Iterable[CoverageCard]) -> dict[CoverageCard, str]:
    """In words, for each card: the department's officers in use; for civil affairs' own feeds the officers of the county
    or the city. Where nobody has an account, that is said: then it is the office itself that has to be asked.
    """
    wanted = list(cards)
    if not wanted:
        return {}
    senders = staff([Role.DEPARTMENT_OFFICER, Role.COUNTY_OFFICER, Role.CITY_OFFICER])
    found = {card: _senders(card, senders)[:_NAMED] for card in wanted}
    names = shown_names({each.user_id for them in found.values() for each in them})
    return {card: _said(card, [names[each.user_id] for each in them]) for card, them in found.items()}


def _senders(card: CoverageCard, staff: Sequence[StaffCard]) -> list[StaffCard]:
    if card.department == _CIVIL_AFFAIRS:
        role = Role.COUNTY_OFFICER if card.county else Role.CITY_OFFICER
        return [each for each in staff if each.role is role and card.county in (None, each.division)]
    office = card.office or card.department  # 住建局 sends what 住建's officer answers for
    return [each for each in staff if each.department and office.startswith(each.department)]


def _said(card: CoverageCard, names: Sequence[str]) -> str:
    if not card.office and card.department == _SEVERAL:
        return f"办理{card.programme or '救助'}的部门"
    office = card.office or card.department
    return f"{office}：{'、'.join(names)}" if names else f"{office}（还没有报送账号）"
