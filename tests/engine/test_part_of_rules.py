"""A second run of a day after rules were edited asks everybody again by these rules alone, and says what a run from nothing
says. That only these were asked is asserted too.
"""

import shutil
from dataclasses import replace
from datetime import date

import pytest

from doudi.engine import execute
from doudi.engine.previous import read_previous
from engine.town import FEW, edited

pytestmark = pytest.mark.slow


def test_an_edited_threshold_asks_everybody_again_by_the_rules_that_rest_on_it(town, tmp_path, few):
    town.book = edited(tmp_path / "edited", few, ("medical_line_outside", "20000", "50"))
    assert town.again().indicators == {"eligible.self_paid"}
    assert "verdicts" in town.made.how
    assert "sieve_person_facts" not in town.made.how  # everybody was looked at before


def test_without_what_was_looked_at_before_everybody_is_looked_at_again_in_ranges_of_persons(
    town, tmp_path, few, monkeypatch
):
    monkeypatch.setattr(execute, "AT_ONCE", 70)
    shutil.rmtree(town.lake.home / "cache")
    town.book = edited(tmp_path / "edited", few, ("medical_line_outside", "20000", "50"))
    assert town.again().indicators == {"eligible.self_paid"}
    assert town.made.how["sieve_person_facts"] == "局部"


def test_a_rule_that_looks_at_other_facts_than_those_before_looks_for_itself(town, book):
    more = "eligible.house_destroyed"
    town.book = replace(book, indicators=tuple(one for one in book.indicators if one.id in {*FEW, more}))
    assert town.again().indicators == {more}
    assert town.made.how["sieve_person_facts"] == "局部"


def test_an_indicator_that_is_switched_off_takes_its_alerts_with_it_and_one_switched_on_brings_its_own(town, few):
    gone = "eligible.self_paid"
    town.book = replace(few, indicators=tuple(one for one in few.indicators if one.id != gone))
    assert town.again().indicators == {gone}
    town.book = few
    assert town.again().indicators == {gone}


def test_alerts_of_the_day_before_whose_indicator_was_switched_off_since_stay_unconfirmed(town, few):
    first = read_previous(town.made.folder)
    town.book = replace(
        few, indicators=tuple(replace(one, off=one.id == "eligible.self_paid") for one in few.indicators)
    )
    town.at(date(2026, 4, 2)).run(previous=first)
    told = {alert.alert_id for alert in first.alerts if alert.indicator == "eligible.self_paid"}
    assert told
    assert {one["status"] for one in town.alerts() if one["alert_id"] in told} == {"unconfirmed"}


def test_a_parameter_that_forms_households_makes_everything_anew(town, tmp_path, few):
    town.book = edited(tmp_path / "edited", few, ("largest_household", "12", "2"))
    assert town.is_made_anew()


def test_lines_and_rules_that_changed_together_make_everything_anew(town, few):
    town.book = replace(few, indicators=few.indicators[1:])
    town.settled("同时", 7, date(2026, 2, 3))
    assert town.is_made_anew()
