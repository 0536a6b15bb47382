"""An identity is opened by who may, in his jurisdiction, with a reason; the journal has it, and every refusal too."""

import pytest

from doudi.errors import Refusal
from doudi.office.audit.models import Entry
from doudi.office.common.roles import Role
from doudi.office.registry import selectors, services
from doudi.office.registry.cards import Revealed
from office.registry.conftest import AT

WHY = "入户走访前核对本人"


@pytest.fixture
def head(city):
    (head,) = city.household(370522103263, "岫如曦")
    city.taken_over()
    return head


def journalled():
    return Entry.objects.get(act="registry.reveal")


def test_a_county_officer_reveals_with_a_reason_and_the_journal_tells_whose_and_why(city, head, look):
    revealed = services.reveal(viewer=look(370522000000), at=AT, person_key=head, why=f" {WHY} ")
    assert revealed == Revealed("岫如曦", city.vault.people[head][1])
    entry = journalled()
    assert (entry.actor, entry.whose, entry.why, entry.outcome) == ("zhangmin", city.vault.ref(head), WHY, "done")
    assert (entry.division, entry.subject) == (370522103263, str(head))


def test_an_external_supervisor_reveals_and_the_journal_names_his_notice(head, look):
    viewer = look(370500000000, Role.SUPERVISOR, purpose="东审通〔甲〕3号")
    assert services.reveal(viewer=viewer, at=AT, person_key=head, why="监督检查抽查核对").name == "岫如曦"
    assert journalled().detail == {"purpose": "东审通〔甲〕3号"}


@pytest.mark.parametrize("why", ["", "   ", "查一下"])
def test_without_a_reason_nothing_is_revealed_and_the_attempt_is_kept(head, look, why):
    with pytest.raises(Refusal, match="理由") as refused:
        services.reveal(viewer=look(370522000000), at=AT, person_key=head, why=why)
    assert refused.value.code == "registry.reveal_why"
    assert journalled().outcome == "refused"


@pytest.mark.parametrize("role", [Role.VILLAGE_HELPER, Role.PROVINCE_OFFICER])
def test_a_role_that_only_ever_sees_masks_reveals_nothing_and_the_attempt_is_kept(head, look, role):
    division = 370522103263 if role is Role.VILLAGE_HELPER else 370000000000
    with pytest.raises(Refusal, match="岗位") as refused:
        services.reveal(viewer=look(division, role), at=AT, person_key=head, why=WHY)
    assert refused.value.code == "registry.reveal_not_yours"
    assert (journalled().outcome, journalled().role) == ("refused", role.value)


def test_the_neighbour_county_finds_nobody_to_reveal_and_the_attempt_is_kept(head, look):
    assert services.reveal(viewer=look(370502000000), at=AT, person_key=head, why=WHY) is None
    entry = journalled()
    assert (entry.outcome, entry.whose, entry.subject) == ("refused", "", str(head))


@pytest.mark.parametrize(
    ("role", "division", "name", "number"),
    [
        (Role.COUNTY_OFFICER, 370522000000, "岫**", "3799**********001X"),
        (Role.VILLAGE_HELPER, 370522103263, "岫如曦", "3799**********001X"),
        (Role.MACHINE, 0, "岫如曦", "37990119800000001X"),
    ],
)
def test_cards_are_masked_by_the_role(city, head, look, role, division, name, number):
    card = selectors.by_key(look(division, role), head)
    (person,) = card.people
    city_part = city.vault.people[head][1]
    assert (card.head_name, person.name) == (name, name)
    assert person.person_id == (city_part if role is Role.MACHINE else number)
    assert (person.birth is None) == (role is not Role.MACHINE)
    assert person.age_years == 46
    assert (person.tiers is None) == (role is Role.VILLAGE_HELPER)


def test_a_search_is_journalled_by_whom_it_listed_and_not_by_what_was_typed(city, head, look):
    services.search(viewer=look(370522000000), at=AT, text="岫如曦")
    entry = Entry.objects.get(act="registry.search")
    assert (entry.whose, entry.division) == (city.vault.ref(head), 370522103263)
    assert "岫" not in str(list(Entry.objects.values_list()))


def test_a_search_that_finds_nobody_is_journalled_too(head, look):
    services.search(viewer=look(370502000000), at=AT, text="岫如曦")
    assert Entry.objects.get(act="registry.search").detail == {"found": 0}


def test_reading_a_household_is_journalled_also_when_it_is_not_found(head, look):
    viewer = look(370522000000)
    ref = selectors.by_key(viewer, head).ref
    assert services.read_household(viewer=viewer, at=AT, ref=ref).head_key == head
    assert services.read_household(viewer=look(370502000000), at=AT, ref=ref) is None
    look(0, Role.MACHINE)
    read = Entry.objects.filter(act="registry.read").order_by("pk")
    assert [(each.subject, each.outcome) for each in read] == [(ref, "done"), (ref, "refused")]
