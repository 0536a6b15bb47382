"""一户：家庭、成员、事实、预警、经过。"""

import re
from datetime import datetime
from typing import Final

from django.http import Http404

from doudi.office.accounts.scope import OfficeRequest, Viewer
from doudi.office.api.routes.alerts import READERS
from doudi.office.api.routing import operation
from doudi.office.api.shapes.alerts import AlertRow
from doudi.office.api.shapes.common import moment
from doudi.office.api.shapes.facts import Facts
from doudi.office.api.shapes.household import Household, Step
from doudi.office.audit.selectors import of_subject
from doudi.office.common.fields import FieldClass, Sight
from doudi.office.monitoring.selectors import asks_of_household, changes_of_household, facts_card, of_household
from doudi.office.registry.selectors import HouseholdCard
from doudi.office.registry.services import read_household

__all__ = ["household"]

_STEPS: Final = 20
_REF: Final = re.compile(r"[0-9a-f]{32}")


@operation("households/{ref}", "household", *READERS, response=Household, summary="一户的全部")
def household(request: OfficeRequest, ref: str) -> Household:
    """成员、事实、类别、预警、经过，按岗位遮蔽；读到就记入流水。"""
    # As on the page: nothing but a ref gets as far as the journal, so that an id in an address does not lie there.
    viewer, at = request.viewer, request.at
    card = read_household(viewer=viewer, at=at, ref=ref) if _REF.fullmatch(ref) else None
    if card is None:
        raise Http404
    hidden = viewer.sees(FieldClass.HARDSHIP) is Sight.HIDDEN
    told = facts_card(viewer, card)
    alerts = [] if hidden else of_household(viewer, card.household_key, at, card)
    return Household.of(
        card, viewer, alerts=[AlertRow.of(each, viewer) for each in alerts], facts=Facts.of(told) if told else None,
        asks=list(asks_of_household(viewer, card.household_key)) if hidden else [],
        history=[] if hidden else _history(viewer, card),
    )  # fmt: skip


def _history(viewer: Viewer, card: HouseholdCard) -> list[Step]:
    """What was done about the household, and what became of its alerts, in one order, the newest first."""
    steps: list[tuple[datetime, Step]] = [
        (each.at, Step(at=moment(each.at), title=each.act_word, who=each.actor, why=each.why or None))
        for each in of_subject("household", card.ref, str(card.household_key), size=_STEPS)
    ]
    for each in changes_of_household(viewer, card.household_key, _STEPS):
        title = f"{each.title}：{each.change.says}"
        steps.append((each.at, Step(at=moment(each.at), title=title, who="监测程序", why=None)))
    return [step for _, step in sorted(steps, key=lambda each: each[0], reverse=True)][:_STEPS]
