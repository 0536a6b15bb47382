"""Which desk stands on whose workbench, and on what ground."""

import pytest

from doudi import policybook_dir
from doudi.errors import Fault
from doudi.office.common.roles import ADMINISTRATORS, Role
from doudi.office.portal.desks import BY_ROLE, WORDS
from doudi.office.portal.grounds import ASKED_BY, grounds, grounds_of
from doudi.policy.load import load_book


def test_every_role_has_a_workbench_of_known_desks():
    assert set(BY_ROLE) == set(Role)
    assert {desk for desks in BY_ROLE.values() for desk in desks} == set(WORDS)


def test_every_desk_says_what_it_asks_and_what_an_empty_one_means():
    for words in WORDS.values():
        assert words.title
        assert words.asks.endswith("。")
        assert words.empty.endswith("。")


def test_administrators_are_asked_nothing_about_households():
    for role in ADMINISTRATORS:
        assert not {"urgent", "visits", "held", "exports"} & set(BY_ROLE[role])


def test_a_village_helper_has_one_desk_only():
    assert BY_ROLE[Role.VILLAGE_HELPER] == ("visits",)


def test_every_clause_that_a_matter_rests_on_stands_in_the_policy_book():
    book = load_book(policybook_dir()).clauses()
    assert {clause for clauses in ASKED_BY.values() for clause in clauses} <= set(book)


def test_a_ground_says_the_clause_and_its_document():
    (ground,) = grounds_of("G3.3.visit", "G3.4.complex")
    assert "走访" in ground.clauses[0][1]
    assert "国办发" in ground.number
    assert len(ground.clauses) == 2


def test_a_clause_that_the_book_lost_is_shown_by_its_id():
    assert grounds_of("Z9.gone")[0].number == "Z9.gone"


def test_a_matter_without_ground_is_our_fault():
    with pytest.raises(Fault, match="依据"):
        grounds("lunch")
