"""Who sees whom: exactly those of the jurisdiction, in lists, by key, by search and by SQL; nobody else anywhere."""

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from doudi.office.accounts.scope import Viewer
from doudi.office.common.codes import WHOLE, range_of
from doudi.office.common.roles import Role
from doudi.office.common.scope import enter_scope
from doudi.office.registry import selectors
from doudi.office.registry.models import Household, Person, PopulationCount, SearchToken
from office.registry.conftest import City

VILLAGES = [370502004025, 370502004026, 370502104252, 370503002214, 370522103263, 370522101235, 370571400001]
PLACES = [*sorted({code // 10**cut * 10**cut for code in VILLAGES for cut in (0, 3, 6, 8, 10)}), 110101000000, 0]
SEEING = [
    Role.COUNTY_OFFICER,
    Role.CITY_OFFICER,
    Role.TOWN_OFFICER,
    Role.VILLAGE_HELPER,
    Role.PROVINCE_OFFICER,
    Role.SUPERVISOR,
]
BLIND = [Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN, Role.DEPARTMENT_OFFICER]

person = st.fixed_dictionaries(
    {
        "name": st.sampled_from(["王建国", "王建", "建国", "国建王", "李建国", "欧阳建国", "江"]),
        "hukou_division": st.sampled_from([*VILLAGES, None]),
        "residence_division": st.sampled_from([*VILLAGES, None]),
    }
)
home = st.tuples(st.sampled_from(VILLAGES), st.lists(person, min_size=1, max_size=3))


def theirs(viewer, row):
    lo, hi = range_of(viewer.division)
    return any(lo <= code <= hi for code in (row.hukou_division, row.residence_division, row.managing_division))


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(homes=st.lists(home, min_size=1, max_size=6), place=st.sampled_from(PLACES), role=st.sampled_from(SEEING))
def test_exactly_those_under_the_jurisdiction_are_seen(city, homes, place, role):
    with transaction.atomic():
        enter_scope(*WHOLE)
        made = City(city.vault)
        city.vault.people.clear()
        for division, people in homes:
            made.household(division, *people)
        made.taken_over()
        everybody, all_homes = list(Person.objects.all()), list(Household.objects.all())
        viewer = Viewer(7, "zhangmin", "张敏", role, place)
        viewer.enter()

        mine = {row.pk for row in everybody if theirs(viewer, row)}
        my_homes = {row.pk for row in all_homes if theirs(viewer, row)}
        assert set(Person.objects.values_list("pk", flat=True)) == mine
        assert set(Household.objects.values_list("pk", flat=True)) == my_homes
        assert set(selectors.households(viewer, [row.pk for row in all_homes])) == my_homes
        assert set(selectors.placed(viewer, [row.pk for row in all_homes])) == my_homes
        assert {row.pk for row in all_homes if selectors.household(viewer, row.ref)} == my_homes
        for row in all_homes:
            card = selectors.household(viewer, row.ref)
            shown = {each.person_key for each in card.people} if card else set()
            assert shown == ({each.pk for each in everybody if each.household_id == row.pk} & mine if card else set())
        for text in ("建国", "王建国", "王建"):
            found = selectors.search(viewer, text).people
            assert {each.person_key for each in found} == {key for key in mine if text in city.vault.people[key][0]}
            assert {each.household_key for each in found if each.household_ref} <= my_homes
        for row in everybody:
            by_id = selectors.search(viewer, city.vault.people[row.pk][1]).people
            assert {each.person_key for each in by_id} == {row.pk} & mine
        counted = selectors.population(viewer, [0])[0]
        managed = [row for row in all_homes if viewer.covers(row.managing_division)]
        assert (counted.households, counted.persons) == (len(managed), sum(row.members for row in managed))
        transaction.set_rollback(True)


@pytest.mark.parametrize("role", BLIND)
def test_who_has_no_business_with_households_sees_none(city, look, role):
    (head,) = city.household(370522103263, "岫如曦")
    city.taken_over()
    ref = Household.objects.get(pk=head).ref
    viewer = look(0, role)
    assert selectors.household(viewer, ref) is None
    assert selectors.households(viewer, [head]) == {}
    assert selectors.search(viewer, "岫如曦").people == ()
    assert selectors.population(viewer, [0])[0].households == 0


def test_the_neighbour_county_sees_nothing_and_the_county_itself_does(city, look):
    (head,) = city.household(370522103263, "岫如曦")
    city.taken_over()
    home = Household.objects.get(pk=head)
    number = f"3799H{head:08d}"

    own = look(370522000000)
    assert selectors.household(own, home.ref).head_key == head
    assert [len(selectors.search(own, number).households), len(selectors.search(own, "岫如曦").people)] == [1, 1]

    neighbour = look(370502000000)
    assert selectors.household(neighbour, home.ref) is None
    assert selectors.by_key(neighbour, head) is None
    assert selectors.member(neighbour, city.vault.ref(head)) is None
    found = selectors.search(neighbour, number)
    assert (found.people, found.households) == ((), ())
    assert selectors.search(neighbour, "岫如曦").people == ()
    assert selectors.population(neighbour, [370522000000])[370522000000].persons == 0


def test_somebody_seen_alone_names_no_household_that_is_not_found(city, look):
    """A daughter registered here whose family lives and is managed elsewhere: she is found, her household is not."""
    city.household(370502004025, "岫如曦", {"name": "岫小", "hukou_division": 370522103263})
    city.taken_over()
    viewer = look(370522000000)
    (daughter,) = selectors.search(viewer, "岫小").people
    assert daughter.household_ref is None
    assert selectors.by_key(viewer, daughter.household_key) is None
    assert selectors.search(look(370502000000), "岫小").people[0].household_ref


def test_members_outside_the_jurisdiction_are_counted_and_not_shown(city, look):
    city.household(
        370502004025,
        {"name": "岫如曦", "hukou_division": 370522103263},
        {"name": "岫小", "hukou_division": 370502004025},
    )
    city.taken_over()
    card = selectors.by_key(look(370522000000), 1)
    assert ([each.person_key for each in card.people], card.members, card.unseen) == ([1], 2, 1)


TABLES = [Household, Person, SearchToken, PopulationCount]


@pytest.mark.parametrize("model", TABLES)
def test_a_table_shows_nothing_without_a_scope_and_everything_within_it(city, model):
    city.household(370522103263, "岫如曦")
    city.taken_over()
    assert model.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.lo', '', true), set_config('app.hi', '', true)")
    assert not model.objects.exists()


@pytest.mark.parametrize("model", TABLES)
def test_row_level_security_binds_the_owner_too(owner_db, office_db, model):
    row = owner_db.execute(
        "SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE relname = %s", [model._meta.db_table]
    ).fetchone()
    assert row == (True, True)
