"""What is due to whom: the matrix of programmes and tiers, the day it is due, and that nothing is due twice."""

from datetime import date

import pytest

from doudi.policy.cases import check_case
from doudi.policy.evaluate import Evaluation, Household, Person
from doudi.policy.view import view
from policybook.shipped import shipped_book, shipped_cases

AT = date(2026, 4, 5)
SINCE = (date(2023, 1, 1),) * 2
ONE_DAY = (date(2025, 6, 1),) * 2

# ● due to the tier · 县 only where the county has opened it · – not in the text. 特困 is dispersed and wholly dependent.
MATRIX = """
项目                   特困 低保 单人保 边缘 刚性 防返贫 无
dibao_money            –   ●   ●    –   –   –    –
tekun_support          ●   –   –    –   –   –    –
premium_subsidy        ●   ●   ●    县  县  县   –
medical_aid            ●   ●   ●    ●   ●   县   –
disease_emergency      ●   ●   ●    ●   ●   ●    ●
education_aid          ●   ●   ●    ●   ●   县   –
housing_urban          ●   ●   ●    ●   ●   –    –
housing_rural          ●   ●   ●    ●   ●   –    –
employment_aid         –   ●   ●    ●   ●   –    –
disaster_relief        ●   ●   ●    ●   ●   ●    –
temporary_aid          ●   ●   ●    ●   ●   ●    ●
heating                ●   ●   ●    县  县  县   –
funeral                ●   ●   ●    ●   ●   –    –
living_allowance       –   ●   ●    县  –   –    –
care_allowance         –   ●   ●    ●   ●   –    –
child_rehabilitation   ●   ●   ●    县  –   –    –
barrier_free           –   县  县   县  –   –    –
care_visits            ●   ●   ●    ●   ●   ●    –
fanpin_help            –   –   –    –   –   ●    –
charity                ●   ●   ●    ●   ●   ●    ●
"""
TIERS = {
    "特困": {"enrolled_tekun": True, "tekun_since": SINCE, "tekun_dispersed": True, "tekun_care": "全护理"},
    "低保": {"enrolled_dibao": True, "dibao_since": SINCE},
    "单人保": {"enrolled_dibao": True, "enrolled_single": True, "dibao_since": SINCE},
    "边缘": {"enrolled_margin": True, "margin_since": SINCE},
    "刚性": {"enrolled_rigid": True, "rigid_since": SINCE},
    "防返贫": {"enrolled_fanpin": True, "fanpin_since": SINCE},
    "无": {},
}
CONDITIONS = {
    "premium_subsidy": {"insured_resident": True},
    "medical_aid": {
        "had_large_settlement": True,
        "self_paid_in_scope_fen_12m": (9_000_000,) * 2,
        "last_large_settlement": ONE_DAY,
    },
    "disease_emergency": {"disease_emergency_confirmed": True, "disease_emergency_date": ONE_DAY},
    "education_aid": {
        "birth_date": (date(2009, 5, 1),) * 2,
        "in_school": True,
        "full_time": True,
        "school_stage": "高中",
    },
    "housing_urban": {"waiting_on_record": True, "waiting_public_rental": True, "waiting_since": ONE_DAY},
    "housing_rural": {"housing_need_on_record": True, "dangerous_house": "D级", "dangerous_house_since": ONE_DAY},
    "employment_aid": {"unemployment_on_record": True, "registered_unemployed": True, "unemployed_since": ONE_DAY},
    "disaster_relief": {"disaster_on_record": True, "disaster_date": ONE_DAY, "disaster_loss_fen": (100, 100)},
    "temporary_aid": {"emergency_confirmed": True, "emergency_date": ONE_DAY},
    "funeral": {"death_on_record": True, "dead": True, "death_date": ONE_DAY},
    "living_allowance": {"disability_kind": "肢体", "disability_grade": (3, 3), "disability_issued": SINCE},
    "care_allowance": {"disability_kind": "肢体", "disability_grade": (2, 2), "disability_issued": SINCE},
    "child_rehabilitation": {
        "birth_date": (date(2016, 5, 1),) * 2,
        "disability_kind": "智力",
        "disability_grade": (4, 4),
        "disability_issued": SINCE,
    },
    "barrier_free": {"disability_kind": "肢体", "disability_grade": (1, 1), "disability_issued": SINCE},
    "care_visits": {"unable_self_care_items": (6, 6)},
    "charity": {"charity_need_recorded": True, "charity_need_date": ONE_DAY},
}
URBAN = {"recorded_kind": "城市", "head_hukou_kind": "城镇", "residence_class": "无"}
RURAL = {"recorded_kind": "农村", "head_hukou_kind": "农村", "residence_class": "无"}


@pytest.fixture(scope="module")
def book():
    return shipped_book()


@pytest.fixture(scope="module")
def options(book):
    """The county options that programmes wait for."""
    rests = {word for item in book.programmes for word in book.rests_on(book.words[item.due].node)}
    return {name for name in rests if name in book.parameters and book.parameters[name].type.kind == "bool"}


def nothing(book, grain):
    """Every recorded fact as the register's no: what a case means by 未写明: 无."""
    empty = {"bool": False, "quantity": (0, 0), "date": (None, None)}
    facts = {
        f.id: "无" if "无" in f.type.words else None
        for f in book.facts.values()
        if f.grain == grain and f.type.kind == "code"
    }
    facts |= {f.id: empty[f.type.kind] for f in book.facts.values() if f.grain == grain and f.type.kind != "code"}
    return facts | ({"disability_grade": (9, 9)} if grain == "person" else {})


@pytest.fixture(scope="module")
def county(book, options):
    """A county that has opened nothing, and one that has opened everything."""
    return {opened: view(book, AT, "370523", overrides=dict.fromkeys(options, opened)) for opened in (False, True)}


@pytest.fixture(scope="module")
def blank(book):
    return {grain: nothing(book, grain) for grain in ("person", "household")}


@pytest.fixture(scope="module")
def cases(book):
    return [case for case in shipped_cases() if case.place.startswith("programmes_")]


def is_due(seen, blank, programme, tier):
    """Whether the programme, or its wider one, is due to someone of the tier who meets its condition."""
    book = seen.book
    person = blank["person"] | {"relation_to_head": "户主", "birth_date": (date(1986, 1, 1),) * 2, "male": True}
    person |= TIERS[tier] | CONDITIONS.get(programme, {})
    household = blank["household"] | (URBAN if programme == "housing_urban" else RURAL)
    evaluation = Evaluation(seen, Household((Person("甲", person),), household))
    words = [book.words[f"due_{name}"] for name in (programme, f"{programme}_wider") if f"due_{name}" in book.words]
    return any(evaluation.value(word.id, "甲" if word.grain == "person" else None) is True for word in words)


def rows():
    """Programme, tier, cell of the matrix."""
    header, *lines = [line.split() for line in MATRIX.strip().splitlines()]
    return [(line[0], tier, cell) for line in lines for tier, cell in zip(header[1:], line[1:], strict=True)]


@pytest.mark.parametrize(("programme", "tier", "cell"), rows())
def test_the_matrix_of_programmes_and_tiers(county, blank, programme, tier, cell):
    assert is_due(county[False], blank, programme, tier) is (cell == "●")
    assert is_due(county[True], blank, programme, tier) is (cell != "–")


def test_the_matrix_names_every_programme(book):
    named = {programme for programme, _, _ in rows()}
    assert {item.id for item in book.programmes if item.id.removesuffix("_wider") not in named} == {"heating_child"}


def test_every_case_holds(cases):
    assert [difference for case in cases for difference in check_case(case)] == []


def test_every_programme_is_seen_due_not_due_and_unknown_in_some_case(book, cases):
    seen = {item.due: set() for item in book.programmes}
    by_name = {book.words[due].name: due for due in seen}
    for case in cases:
        evaluation = case.evaluation()
        persons = {person.label for person in case.household.persons}
        for name, wanted in case.expected.items():
            for inner in wanted if name in persons else [name]:
                if due := by_name.get(inner):
                    seen[due].add(evaluation.value(due, name if name in persons else None))
    assert {due: answers for due, answers in seen.items() if answers != {True, False, None}} == {}


def test_a_county_option_is_shut_nationwide_until_a_county_opens_it(book, options):
    seen = view(book, AT, "370500")
    assert {name for name in options if seen.settings[name] is not False} == set()


def test_what_is_only_encouraged_or_left_to_staff_has_no_alert(book):
    rests = {word for item in book.indicators for word in book.rests_on(item.when)}
    assert rests & {"recorded_charity", "recorded_temporary_aid", "recorded_disease_emergency"} == set()
    assert "recorded_heating" in rests


def test_a_department_of_the_matrix_owns_each_programme(book):
    departments = {"民政", "医保", "卫健", "教育", "住建", "人社", "应急", "残联", "农业农村"}
    assert {item.department for item in book.programmes} == departments
