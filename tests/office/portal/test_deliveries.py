"""Deliveries on the workbench: what is late, what waits for a decision and for whose."""

from datetime import date

import pytest

import personas
from doudi.office.common.roles import Role
from doudi.office.exchange.coverage import CoverageCard
from doudi.office.portal.desks import BY_ROLE
from doudi.office.portal.readers import deliveries
from doudi.office.portal.sources import sources_of


def card(state, *, days_late=0, feed="public_payroll", department="财政"):
    due_by = None if state == "never" else date(2026, 6, 30)
    held = (f"{feed}_2026-06_r1",) if state == "quarantined" else ()
    return CoverageCard(
        feed, department, None, "", "", state, None if state == "never" else "2026-05", 1, 10, ("2026-05",), held, 62, due_by,
        None if state == "never" else days_late,
    )  # fmt: skip


@pytest.fixture
def seen(monkeypatch):
    """The matters of one reader for somebody who has these cards before him."""

    def matters(reader, name, *cards):
        monkeypatch.setattr(deliveries, "coverage_of", lambda *_: list(cards))
        return list(reader(personas.viewer(name), personas.AT))

    return matters


def test_a_delivery_that_is_only_held_back_is_not_late(seen):
    assert seen(deliveries.late, "张敏", card("quarantined")) == []


def test_what_is_held_back_and_late_besides_is_late(seen):
    (matter,) = seen(deliveries.late, "张敏", card("quarantined", days_late=9))
    assert (matter.count, matter.unit) == (9, "天")
    assert matter.when == "应于 2026-06-30 前送到，最近一期 2026-05"


def test_its_own_department_is_told_what_holds_meanwhile(seen):
    (matter,) = seen(deliveries.mine, "郑医", card("quarantined", feed="medical_enrolment", department="医保"))
    assert matter.when == "决定之前沿用 2026-05 这一期"
    assert (matter.link, matter.href) == ("看对账", "/exchange/holds/")


@pytest.mark.parametrize("state", ["late", "never"])
def test_a_late_delivery_of_ones_own_is_to_be_uploaded(seen, state):
    (matter,) = seen(deliveries.mine, "郑医", card(state, days_late=9))
    assert (matter.link, matter.href) == ("去上传", "/exchange/")


def test_whoever_may_decide_on_a_held_delivery_has_it_on_his_desk():
    deciding = {Role.COUNTY_OFFICER, Role.COUNTY_REVIEWER, Role.CITY_OFFICER}
    assert {role for role, desks in BY_ROLE.items() if "held" in desks} == deciding


def test_the_board_tells_troubled_sources_from_fresh_ones():
    troubled, fresh = sources_of([card("fresh", feed="disability"), card("late", days_late=3)])
    assert (troubled.on_time, fresh.on_time) == (False, True)
