"""The indicators: each is seen to open an alert, to stay silent and to say that it cannot tell; proof alone ends help."""

import importlib.util
from collections import defaultdict
from datetime import date
from pathlib import Path

import pytest

from doudi.demo.plants import load_plants
from doudi.policy.cases import alerts, check_case
from doudi.policy.evaluate import Evaluation, Household, Person
from doudi.policy.view import view
from policybook.shipped import shipped_book, shipped_cases

ROOT = Path(__file__).resolve().parents[2]
DELIVERY = "supervision.delivery_missing"
OUTCOMES = {True: "opens", False: "silent", None: "cannot tell"}

specification = importlib.util.spec_from_file_location("indicators", ROOT / "docs" / "indicators.py")
indicators = importlib.util.module_from_spec(specification)
specification.loader.exec_module(indicators)


@pytest.fixture(scope="module")
def book():
    return shipped_book()


@pytest.fixture(scope="module")
def cases(book):
    """The cases of indicators and of programmes; the latter speak of `unfulfilled`."""
    rooms = ("indicators_", "programmes_")
    return [case for case in shipped_cases() if case.place.startswith(rooms)]


def indicator(book, name):
    return next(item for item in book.indicators if name in (item.id, item.name))


def asserted(case):
    """What a case says of words and indicators: (name, label or None)."""
    for name, wanted in case.expected.items():
        if isinstance(wanted, dict) and name in {person.label for person in case.household.persons}:
            yield from ((inner, name) for inner in wanted)
        else:
            yield name, None


def delivery(book, **facts):
    """What the delivery indicator says of one source in one county."""
    evaluation = Evaluation(view(book, date(2026, 4, 5), "370572"), Household((), facts))
    return alerts(evaluation, indicator(book, DELIVERY))


def test_every_case_holds(cases):
    assert [difference for case in cases for difference in check_case(case)] == []


def test_every_indicator_opens_stays_silent_and_cannot_tell_in_some_case(book, cases):
    seen = defaultdict(set)
    by_name = {item.name: item for item in book.indicators}
    for case in cases:
        evaluation = case.evaluation()
        for name, label in asserted(case):
            if item := by_name.get(name):
                seen[item.id].add(OUTCOMES[alerts(evaluation, item, label)])
    missing = {item.id: set(OUTCOMES.values()) - seen[item.id] for item in book.indicators if item.id != DELIVERY}
    assert {name: rest for name, rest in missing.items() if rest} == {}


def test_every_indicator_in_force_is_planted_in_the_demo_city_in_all_three_kinds(book):
    planted = defaultdict(set)
    for plant in load_plants(specials=None):
        planted[plant.indicator].add(plant.kind)
    assert planted == {item.id: {"positive", "near_miss", "unknown"} for item in book.indicators if not item.off}


def test_there_are_at_least_45_in_all_five_dispositions(book):
    assert len(book.indicators) >= 45
    assert {item.disposition for item in book.indicators} == {
        "eligible",
        "unfulfilled",
        "complex",
        "ineligible",
        "supervision",
    }


def test_only_the_lone_outpatient_threshold_is_off(book):
    assert [item.id for item in book.indicators if item.off] == ["eligible.outpatient"]


def test_names_are_distinct_and_no_word_of_the_book(book):
    names = [item.name for item in book.indicators]
    assert len(set(names)) == len(names)
    assert [name for name in names if book.word(name)] == []


def test_each_says_what_clears_it_in_one_sentence_and_who_owns_it(book):
    owners = {"民政", "医保", "教育", "住建", "人社", "应急", "残联", "农业农村"}
    assert {item.owner for item in book.indicators} <= owners
    assert [item.id for item in book.indicators if len(item.clears) < 8 or "。" in item.clears] == []


def test_red_stands_only_on_a_rule_or_on_two_serious_facts(book):
    """A watch-list indicator may be raised by a second fact, never start red."""
    red = {item.id for item in book.indicators if item.level == "红" and item.disposition == "eligible"}
    assert red == {
        "eligible.single_disabled",
        "eligible.jobless_severe",
        "eligible.unsupported_child",
    }


def test_an_unknown_enrolment_never_silences_a_crisis(book):
    """The unless of an eligible indicator suppresses on yes alone."""
    facts = {
        "self_paid_fen_12m": (25_000_00, 25_000_00),
        "relation_to_head": "户主",
        "birth_date": (date(1976, 1, 1),) * 2,
    }
    seen = Evaluation(view(book, date(2026, 4, 5), "370523"), Household((Person("甲", facts),)))
    item = indicator(book, "eligible.self_paid")
    assert seen.truth(item.unless) is None
    assert alerts(seen, item) is not False


@pytest.mark.parametrize(
    ("facts", "opens"),
    [
        ({"delivered_ever": False, "delivery_limit_days": (62, 62)}, True),
        ({"delivered_ever": False, "delivery_limit_days": (3649, 3649)}, True),
        (
            {"delivered_ever": False, "delivery_limit_days": (3650, 3650)},
            False,
        ),  # reported when there is something to report
        ({"delivered_ever": False}, None),
        ({"delivered_ever": True, "days_since_delivery": (63, 63), "delivery_limit_days": (62, 62)}, True),
        ({"delivered_ever": True, "days_since_delivery": (62, 62), "delivery_limit_days": (62, 62)}, False),
        ({"delivered_ever": True, "days_since_delivery": (62, 62)}, None),
    ],
)
def test_a_department_that_never_delivered_or_is_past_its_limit_is_itself_an_alert(book, facts, opens):
    assert delivery(book, **facts) is opens


def test_the_page_of_the_indicators_is_current(book):
    assert indicators.PAGE.read_text("utf-8") == indicators.page(book), "run `python docs/indicators.py`"
