"""The list of alerts: by household, filtered, counted, a page at a time, and never beyond the jurisdiction."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from doudi.office.common.roles import Role
from doudi.office.monitoring.asked import ORDERS, Asked, read_asked
from doudi.office.monitoring.models import Alert
from doudi.office.monitoring.selectors.counting import counted
from doudi.office.monitoring.selectors.listing import alerts, beside, leading_rows
from doudi.office.monitoring.selectors.runs import beginning
from office.monitoring.conftest import AT, CITY, COUNTY, FOURTH, NEIGHBOUR, NEIGHBOURS_TOWN, THIRD, TOWNSHIP, VILLAGE

ALL = Asked(view="all", status="any")
PAID, ILL, CAR, FUNERAL = "eligible.self_paid", "eligible.new_illness", "ineligible.vehicle", "unfulfilled.funeral"


@pytest.fixture
def listed(town, take):
    """Household 1 has three alerts, one of them red; 2 one that is watched; 3, 4 and 5 one each; a delivery is late."""
    town.household(6, VILLAGE, name="示范己", birth=None)
    take(
        town.run(
            THIRD,
            town.alert(1, PAID, level="橙"),
            town.alert(1, ILL, level="红"),
            town.alert(1, FUNERAL, level="蓝"),
            town.alert(2, PAID, level="蓝"),
            town.alert(3, CAR, level="橙"),
            town.alert(4, PAID, level="橙", status="unconfirmed", opened="2026-01-31"),
            town.alert(5, PAID, level="红"),
            town.alert(6, ILL, level="橙", status="cleared", cleared_on=THIRD),
            town.alert(None, "supervision.delivery_missing", level="橙"),
            stale={"medical_settlement": [370503]},
        )
    )


PLAIN = Asked()


def shown(viewer, asked=PLAIN):
    return [(row.lead.household_key, row.lead.level, len(row.others)) for row in alerts(viewer, asked, AT).rows]


def test_a_household_is_one_row_led_by_its_worst_alert(listed, look):
    assert set(shown(look(division=COUNTY))) == {(1, "红", 1), (3, "橙", 0), (4, "橙", 0), (None, "橙", 0)}
    assert shown(look(division=COUNTY))[0] == (1, "红", 1)


def test_flat_every_alert_is_a_row(listed, look):
    assert len(alerts(look(division=COUNTY), Asked(flat=True), AT).rows) == 5


def test_the_total_counts_households_and_the_alerts_behind_them(listed, look):
    found = counted(look(division=COUNTY), Asked(), AT)
    assert (found.households, found.deliveries, found.alerts) == (3, 1, 5)


def test_the_watch_list_is_a_view_of_its_own(listed, look):
    assert set(shown(look(division=COUNTY), Asked(view="watch"))) == {(1, "蓝", 0), (2, "蓝", 0)}


@pytest.mark.parametrize(
    ("asked", "households"),
    [
        ({"indicator": PAID}, {1, 2, 4}),
        ({"disposition": "ineligible"}, {3}),
        ({"level": "红"}, {1}),
        ({"status": "unconfirmed"}, {4}),
        ({"status": "cleared"}, {6}),
        ({"status": "open"}, {1, 2, 3, 4, None}),
        ({"place": TOWNSHIP}, {1, 2, 3, 6}),
        ({"place": VILLAGE}, {1, 2, 6}),
        ({"place": NEIGHBOUR}, set()),
        ({"age": "old"}, {1, 2, 3, 4}),
        ({"age": "child"}, set()),
        ({"age": "unknown"}, {6, None}),
        ({"stale": "medical_settlement"}, set()),
        ({"households": frozenset({3, 5})}, {3}),
        ({"households": frozenset()}, set()),
        ({"indicator": "nonsense"}, set()),
    ],
)
def test_each_filter_leaves_what_it_says(listed, look, asked, households):
    assert {row[0] for row in shown(look(division=COUNTY), replace(ALL, **asked))} == households


def test_the_filter_on_a_stale_source_finds_what_rests_on_it(listed, look):
    viewer = look()
    assert {row[0] for row in shown(viewer, replace(ALL, stale="medical_settlement"))} == {5}
    sources = counted(viewer, ALL, AT).options["stale"]
    assert [(each.key, each.word, each.count) for each in sources] == [("medical_settlement", "医疗结算", 1)]


@pytest.mark.parametrize("division", [COUNTY, NEIGHBOUR, TOWNSHIP, VILLAGE, NEIGHBOURS_TOWN])
def test_every_count_is_the_number_of_alerts_that_the_filter_leaves(listed, look, division):
    viewer = look(division=division)
    asked = replace(ALL, flat=True)
    for name, values in counted(viewer, asked, AT).options.items():
        for option in values:
            value = int(option.key) if name == "place" else option.key
            assert counted(viewer, replace(asked, **{name: value}), AT).alerts == option.count, (name, option)


def test_a_count_is_made_under_the_other_filters(listed, look):
    viewer = look(Role.COUNTY_OFFICER, COUNTY)
    found = counted(viewer, replace(ALL, indicator=PAID, level="橙"), AT).options
    assert {each.key: each.count for each in found["level"]} == {"橙": 2, "蓝": 1}
    of_orange = {PAID: 2, CAR: 1, ILL: 1, "supervision.delivery_missing": 1}
    assert {each.key: each.count for each in found["indicator"]} == of_orange


def test_the_neighbour_county_sees_its_own_alert_and_nothing_else_anywhere(listed, look):
    viewer = look(division=NEIGHBOUR)
    page = alerts(viewer, ALL, AT)
    assert [(row.lead.household_key, row.others) for row in page.rows] == [(5, ())]
    found = counted(viewer, ALL, AT)
    assert (found.alerts, found.households, found.deliveries) == (1, 1, 0)
    assert [each.key for each in found.options["place"]] == [str(NEIGHBOURS_TOWN)]
    assert [each.key for each in found.options["indicator"]] == [PAID]
    assert counted(look(division=COUNTY), ALL, AT).options["stale"] == []


def test_without_the_first_line_the_second_still_stands(listed, look):
    look(division=NEIGHBOUR)
    assert list(Alert.objects.values_list("household_key", flat=True)) == [5]


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN, Role.DEPARTMENT_OFFICER])
def test_who_has_no_business_with_households_sees_no_alert(listed, look, role):
    viewer = look(role)
    assert alerts(viewer, ALL, AT).rows == ()
    assert counted(viewer, ALL, AT).alerts == 0


def test_a_township_is_not_told_which_households_have_a_vehicle(listed, look):
    viewer = look(Role.TOWN_OFFICER, TOWNSHIP)
    titles = {row.lead.household_key: row.lead.title for row in alerts(viewer, ALL, AT).rows}
    assert titles[3] == "可能不再符合（依据受限信息）"
    assert CAR not in {each.key for each in counted(viewer, ALL, AT).options["indicator"]}
    assert shown(viewer, replace(ALL, indicator=CAR)) == []


def test_a_village_helper_is_asked_to_visit_and_told_no_title(listed, look):
    viewer = look(Role.VILLAGE_HELPER, VILLAGE)
    page = alerts(viewer, ALL, AT)
    cards = [card for row in page.rows for card in (row.lead, *row.others)]
    assert {card.household_key for card in cards} == {1, 2, 6}
    assert {(card.title, card.disposition, card.indicator) for card in cards} == {("请入户了解情况", "", "")}
    assert all(card.who for card in cards), "whom to visit is what he is told"
    found = counted(viewer, ALL, AT).options
    assert (found["indicator"], found["disposition"]) == ([], [])
    assert shown(viewer, replace(ALL, disposition="eligible")) == []


@pytest.fixture
def many(town, take):
    """Forty households of the village with up to four alerts each, so that days and levels are often alike."""
    made = []
    for key in range(10, 50):
        town.household(key, VILLAGE)
        for n, indicator in enumerate((PAID, ILL, FUNERAL, CAR)[: key % 4 + 1]):
            opened = ("2026-03-31", "2026-02-28")[(key + n) % 2]
            made.append(town.alert(key, indicator, opened=opened, level="红橙蓝"[(key * n) % 3]))
    take(town.run(THIRD, *made))


@given(
    order=st.sampled_from(sorted(ORDERS)),
    flat=st.booleans(),
    view=st.sampled_from(["alerts", "all", "watch"]),
    indicator=st.sampled_from(["", PAID, ILL]),
    size=st.integers(1, 30),
)
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.slow
def test_the_pages_one_after_another_are_the_whole_list_once(many, look, order, flat, view, indicator, size):
    viewer = look(division=COUNTY)
    asked = Asked(view=view, flat=flat, order=order, indicator=indicator, size=size)
    page = alerts(viewer, asked, AT)
    pages = [page]
    while page.after:
        page = alerts(viewer, replace(asked, after=page.after), AT)
        pages.append(page)
    forwards = [row.lead.alert_id for page in pages for row in page.rows]
    found = counted(viewer, asked, AT)
    total = found.alerts if flat else found.households + found.deliveries
    assert len(forwards) == len(set(forwards)) == total == leading_rows(viewer, asked, AT).count()
    backwards = [row.lead.alert_id for row in page.rows]
    while page.before:
        page = alerts(viewer, replace(asked, before=page.before), AT)
        backwards = [row.lead.alert_id for row in page.rows] + backwards
    assert backwards == forwards


@pytest.mark.parametrize("order", sorted(ORDERS))
@pytest.mark.parametrize("flat", [False, True])
def test_the_neighbours_of_an_alert_are_those_that_stand_beside_it_in_the_list(many, look, order, flat):
    viewer = look(division=COUNTY)
    asked = Asked(view="all", flat=flat, order=order, size=100)
    page = [row.lead.alert_id for row in alerts(viewer, asked, AT).rows]
    rows = Alert.objects.in_bulk(page)
    for at, alert_id in [*enumerate(page)][:: 1 if order == "level" else 7]:
        around = page[at - 1] if at else "", page[at + 1] if at + 1 < len(page) else ""
        seen = beside(viewer, asked, AT, rows[alert_id])
        assert seen == (around if at + 1 < len(page) or len(page) < 100 else (around[0], seen[1]))


def test_an_alert_opened_from_a_list_that_holds_none_has_no_neighbours(listed, look):
    viewer = look(Role.VILLAGE_HELPER, VILLAGE)
    row = Alert.objects.filter(household_key=1).first()
    assert beside(viewer, replace(ALL, indicator=PAID), AT, row) == ("", "")


def test_the_counts_are_held_until_the_next_run(listed, town, take, look, django_assert_num_queries):
    viewer = look(division=COUNTY)
    edition = beginning(viewer).edition
    first = counted(viewer, Asked(), AT, edition)
    with django_assert_num_queries(0):
        assert counted(viewer, Asked(), AT, edition) == first == counted(viewer, Asked(size=50), AT, edition)
    look(division=CITY)
    take(town.run(FOURTH, town.alert(4, PAID, level="橙", opened="2026-01-31")))
    look(division=COUNTY)
    later = beginning(viewer).edition
    assert later != edition
    assert counted(viewer, Asked(), AT, later) == counted(viewer, Asked(), AT) != first


def test_counts_that_are_held_are_those_of_ones_own_jurisdiction_and_role(listed, look):
    for who in (look(division=COUNTY), look(division=NEIGHBOUR), look(), look(Role.VILLAGE_HELPER, VILLAGE)):
        who.enter()
        edition = beginning(who).edition
        for _ in range(2):
            assert counted(who, ALL, AT, edition) == counted(who, ALL, AT)


def test_what_stands_in_an_address_comes_back_from_it():
    asked = Asked(view="all", flat=True, level="红", place=TOWNSHIP, order="-opened", size=50)
    told = dict(part.split("=") for part in asked.query().split("&"))
    assert read_asked(told | {"level": "红"}) == asked


@pytest.mark.parametrize(
    "typed", [{"place": "x"}, {"after": "1~2"}, {"after": "a~b~c"}, {"size": "7"}, {"order": "name"}]
)
def test_a_word_that_is_not_understood_asks_for_nothing(typed):
    assert read_asked(typed) == Asked()
