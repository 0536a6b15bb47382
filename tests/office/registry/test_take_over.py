"""A run's population becomes the registry's: refs for ever, the gone kept, only the changed asked of the vault."""

from datetime import date, timedelta

import polars as pl
import pytest

from doudi.errors import Fault, Refusal
from doudi.office.audit import models as journal
from doudi.office.common.actor import Actor, machine
from doudi.office.common.roles import Role
from doudi.office.registry import selectors, services
from doudi.office.registry.models import Household, Person, PopulationCount, SearchToken, TakeOver
from office.registry.conftest import AT, DAY

HERE, THERE = 370522103263, 370502004025
LATER = {"at": AT + timedelta(days=31), "day": date(2026, 7, 31)}


def test_a_run_makes_households_with_refs_and_persons_with_the_vaults_refs(city):
    head, wife = city.household(HERE, "岫如曦", "汀知")
    city.taken_over()
    home = Household.objects.get(pk=head)
    assert (home.members, home.head_key, home.hukou_kind, home.run_day, home.present) == (2, head, "农村", DAY, True)
    assert {person.ref.hex for person in home.people.all()} == {city.vault.ref(head), city.vault.ref(wife)}


def test_a_later_run_changes_what_changed_and_no_ref(city):
    head, wife = city.household(HERE, "岫如曦", "汀知")
    (other,) = city.household(THERE, "于人")
    city.taken_over()
    before = dict(Household.objects.values_list("pk", "ref"))
    city.homes[0] |= {"division": THERE, "members": 1}
    city.members[1] |= {"household_key": other}
    city.taken_over(**LATER)
    assert dict(Household.objects.values_list("pk", "ref")) == before
    moved = Person.objects.get(pk=wife)
    assert (moved.household_id, moved.run_day) == (other, LATER["day"])
    assert Household.objects.get(pk=head).managing_division == THERE


def test_the_same_run_again_changes_nothing_and_asks_the_vault_nothing(city):
    city.household(HERE, "岫如曦", "汀知")
    city.taken_over()
    asked, rows = city.vault.asked, set(SearchToken.objects.values_list("token", "division", "person_key"))
    merged = city.taken_over(**LATER)
    assert (merged.retokened, city.vault.asked) == (0, asked)
    assert set(SearchToken.objects.values_list("token", "division", "person_key")) == rows
    assert set(Person.objects.values_list("run_day", flat=True)) == {DAY}, "a day of no change touches no row"
    assert selectors.population_day() == LATER["day"]


def test_who_left_the_registers_stays_and_is_no_longer_present(city, look):
    (head,) = city.household(HERE, "岫如曦")
    city.household(HERE, "于人")
    city.taken_over()
    ref = Household.objects.get(pk=head).ref
    city.forget(head)
    city.taken_over(**LATER)
    gone = Household.objects.get(pk=head)
    assert (gone.ref, gone.present, gone.run_day) == (ref, False, LATER["day"])
    assert not Person.objects.get(pk=head).present
    card = selectors.household(look(370522000000), ref)
    assert [each.present for each in card.people] == [False]


def test_who_comes_back_is_present_again_under_the_old_ref(city):
    (head,) = city.household(HERE, "岫如曦")
    city.household(HERE, "于人")
    city.taken_over()
    ref, kept = Household.objects.get(pk=head).ref, (list(city.homes), list(city.members))
    city.forget(head)
    city.taken_over(**LATER)
    city.homes, city.members = kept
    city.taken_over(at=AT + timedelta(days=62), day=date(2026, 8, 31))
    back = Household.objects.get(pk=head)
    assert (back.ref, back.present) == (ref, True)


def test_a_new_name_is_searched_by_and_the_old_one_no_longer(city, look):
    (head,) = city.household(HERE, "岫如曦")
    city.taken_over()
    city.vault.people[head] = "岫明", city.vault.people[head][1]
    city.members[0]["name_token"] += 1
    merged = city.taken_over(**LATER)
    viewer = look(370522000000)
    assert merged.retokened == 1
    assert [len(selectors.search(viewer, text).people) for text in ("岫如", "岫明")] == [0, 1]


def test_one_known_division_is_all_three(city):
    (head,) = city.household(HERE, "岫如曦")
    city.taken_over()
    home, person = Household.objects.get(pk=head), Person.objects.get(pk=head)
    assert {home.hukou_division, home.residence_division, home.managing_division} == {HERE}
    assert {person.hukou_division, person.residence_division, person.managing_division} == {HERE}


def test_more_that_is_known_is_kept_apart(city):
    head, son = city.household(
        HERE,
        {"name": "岫如曦", "hukou_division": 370503002214, "residence_division": HERE},
        {"name": "岫木", "hukou_division": THERE, "residence_division": None, "tiers": ["dibao"], "male": True},
        managing_division=370522103000,
    )
    city.taken_over()
    home, person = Household.objects.get(pk=head), Person.objects.get(pk=son)
    assert (home.hukou_division, home.residence_division, home.managing_division) == (370503002214, HERE, 370522103000)
    assert (person.hukou_division, person.residence_division, person.male) == (THERE, THERE, True)
    assert (home.tiers, person.tiers, Person.objects.get(pk=head).tiers) == (["dibao"], ["dibao"], [])


def test_a_code_from_elsewhere_is_held_at_its_county(city):
    (head,) = city.household(HERE, {"name": "岫如曦", "hukou_division": 110101001001})
    city.taken_over()
    assert Household.objects.get(pk=head).hukou_division == 110101000000


def test_without_any_division_the_county_holds_the_household(city):
    (head,) = city.household(HERE, "岫如曦")
    city.homes[0]["division"] = None
    city.taken_over()
    assert Household.objects.get(pk=head).managing_division == 370522000000


def test_counts_follow_the_managing_division_and_the_tier(city, look):
    city.household(HERE, {"name": "岫如曦", "tiers": ["dibao"]}, "岫木")
    city.household(HERE, "于人")
    city.household(THERE, "于山")
    city.taken_over()
    here, city_wide = selectors.population(look(370500000000), [370522000000, 370500000000]).values()
    assert (here.households, here.persons, here.tiers) == (2, 3, {"dibao": (1, 1)})
    assert (city_wide.households, city_wide.persons) == (3, 4)
    assert PopulationCount.objects.count() == 3


def test_the_journal_tells_of_it(city):
    city.household(HERE, "岫如曦")
    city.taken_over()
    entry = journal.Entry.objects.get(act="registry.take_over")
    assert (entry.actor, entry.role, entry.detail["households"]) == ("monitor", "machine", 1)
    assert TakeOver.objects.get().persons == 1


def test_a_person_cannot_take_over_and_a_machine_can(city):
    city.household(HERE, "岫如曦")
    households, members = city.frames()
    person = Actor(7, "zhangmin", Role.COUNTY_OFFICER, 370522000000)
    with pytest.raises(Refusal, match="监测运行") as refused:
        services.take_over(households=households, members=members, actor=person, at=AT)
    assert refused.value.code == "registry.machine_only"
    assert services.take_over(households=households, members=members, actor=machine("monitor"), at=AT).persons == 1


def test_a_run_that_names_nobody_leaves_the_registry_as_it_is(city):
    city.household(HERE, "岫如曦")
    city.taken_over()
    households, members = (frame.clear() for frame in city.frames())
    with pytest.raises(Refusal, match="没有得出任何一户"):
        services.take_over(households=households, members=members, actor=machine("monitor"), at=AT)
    assert Household.objects.get().present


def test_somebody_whom_the_vault_does_not_know_is_a_fault(city):
    (head,) = city.household(HERE, "岫如曦")
    del city.vault.people[head]
    with pytest.raises(Fault, match="密库里没有"):
        city.taken_over()


def test_no_name_and_no_id_stands_in_any_row(city):
    (head,) = city.household(HERE, "岫如曦")
    city.taken_over()
    name, person_id = city.vault.people[head]
    for model in (Household, Person, SearchToken, TakeOver, PopulationCount, journal.Entry):
        told = " ".join(str(row) for row in model.objects.values_list())
        assert name not in told
        assert person_id not in told


def test_the_run_of_the_engine_has_the_columns_that_are_taken_over():
    """What a run writes is known to the registry: a column renamed in the engine fails here, not at night."""
    from doudi.office.registry.staging import staged  # noqa: PLC0415  # pure, beside the tests of tables

    households = pl.DataFrame(
        {
            "household_key": [1], "head_key": [1], "members": [1], "household_no_token": [5], "head_hukou_kind": ["农村"],
            "division": [HERE], "county": pl.Series([370522], dtype=pl.Int32),
        }
    )  # fmt: skip
    members = pl.DataFrame(
        {
            "person_key": [1], "household_key": [1], "is_head": [True], "case_token": [None], "county": [370522],
            "name_token": [3], "birth": [date(1965, 1, 1)], "registered": [True],
        }
    )  # fmt: skip
    homes, persons = staged(households, members, lambda codes: {code: code for code in codes})
    assert homes.row(0) == (1, 1, 1, 5, "农村", "{}", HERE, HERE, HERE)
    assert persons.row(0) == (1, 1, True, date(1965, 1, 1), None, True, 3, "{}", HERE, HERE, HERE)
