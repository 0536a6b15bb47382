"""Every fact, feed and indicator has a field class, and what it hides is hidden wherever it is asked."""

import pytest

from doudi.landing import load_contract
from doudi.office.accounts.scope import Viewer
from doudi.office.common.fields import FieldClass
from doudi.office.common.roles import DETERMINING, Role
from doudi.office.monitoring import classes
from doudi.office.monitoring.the_book import the_book


def viewer(role):
    return Viewer(1, "x", "x", role, 370502000000)


def test_every_feed_of_the_contract_has_a_class_and_no_other():
    assert set(classes.FEEDS) == set(load_contract())


def test_every_fact_of_the_book_has_a_class():
    book = the_book()
    without = [fact.id for fact in book.facts.values() if not fact.feeds and fact.id not in classes.FACTS]
    strangers = set(classes.FACTS) - set(book.facts)
    assert (without, strangers) == ([], set())
    assert all(classes.class_of_fact(fact) for fact in book.facts)


def test_a_title_that_tells_more_than_hardship_is_of_an_indicator_of_the_book():
    assert set(classes.INDICATORS) <= {indicator.id for indicator in the_book().indicators}


def test_what_the_contract_keeps_for_exclusion_or_consent_is_guarded():
    kept = {name for name, feed in load_contract().items() if feed.use != "discovery"}
    assert {classes.FEEDS[feed] for feed in kept} == {FieldClass.GUARDED}


@pytest.mark.parametrize("fact", ["cars", "homes", "wage_gross_fen_12m", "pension_fen_month", "in_custody"])
def test_figures_of_tax_property_and_custody_are_for_who_determines_and_who_supervises(fact):
    readers = {role for role in Role if classes.shown(viewer(role), classes.class_of_fact(fact))}
    assert readers == {*DETERMINING, Role.SUPERVISOR, Role.MACHINE}


def test_a_diagnosis_is_not_for_the_township_but_a_disability_is():
    town = viewer(Role.TOWN_OFFICER)
    assert not classes.shown(town, classes.class_of_fact("serious_illness"))
    assert classes.shown(town, classes.class_of_fact("disability_grade"))


def test_a_village_helper_reads_no_figure_of_any_class():
    helper = viewer(Role.VILLAGE_HELPER)
    assert [kind for kind in FieldClass if classes.shown(helper, kind)] == [FieldClass.NAME, FieldClass.IDENTITY]


def test_a_word_that_rests_on_a_guarded_fact_is_guarded():
    assert classes.class_of_word("when_ineligible_vehicle") is FieldClass.GUARDED


def test_a_word_or_fact_that_the_book_does_not_know_is_guarded():
    assert {classes.class_of_fact("有排除性记录"), classes.class_of_word("nonsense")} == {FieldClass.GUARDED}
