"""With the office's own vault: names and ids sealed in its tables, found by keyed digests alone."""

import uuid
from datetime import date

import polars as pl
import pytest
from django.db import transaction

from doudi.landing.ids import numbers_of
from doudi.office.accounts.scope import Viewer
from doudi.office.common.actor import machine
from doudi.office.common.roles import Role
from doudi.office.exchange.vault import write_vault
from doudi.office.registry import selectors, services, vaulted
from doudi.office.registry.models import Person
from office.registry.conftest import AT, DAY

HERE = 370522103263
PEOPLE = {"37990119650101000X": "岫如曦", "379902196402220016": "汀舒音", "379903196404140008": "江"}


@pytest.fixture
def taken(own_office_db):
    """Three people of one household, landed and taken over; their keys in the order of PEOPLE."""
    with write_vault() as vault, vault.transaction():
        keys = vault.give_keys(numbers_of(pl.Series(list(PEOPLE))))["person_key"].to_list()
        names = pl.DataFrame({"person_key": keys, "token": [11, 12, 13], "name": list(PEOPLE.values())})
        vault.keep_names(names, registered=True, month=202606)
        number = vault.token_of("household_no", "3799H00000001")
        vault.keep_labels("household_no", pl.Series(["3799H00000001"]), pl.Series([number]))
    households = pl.DataFrame(
        {
            "household_key": keys[:1], "head_key": keys[:1], "members": [3], "household_no_token": [number],
            "head_hukou_kind": ["农村"], "division": [HERE], "county": [370522],
        }
    )  # fmt: skip
    members = pl.DataFrame(
        {
            "person_key": keys, "household_key": keys[:1] * 3, "is_head": [True, False, False], "county": [370522] * 3,
            "name_token": [11, 12, 13], "birth": [date(1965, 1, 1)] * 3, "registered": [True] * 3,
        }
    )  # fmt: skip
    services.take_over(households=households, members=members, actor=machine("monitor"), at=AT, day=DAY)
    return keys


def seen(viewer, text):
    with transaction.atomic():
        viewer.enter()
        found = selectors.search(viewer, text)
        return [card.person_key for card in found.people], [card.household_no for card in found.households]


@pytest.mark.parametrize(
    ("typed", "who"),
    [
        ("岫如", [0]),
        ("如曦", [0]),
        ("汀舒音", [1]),
        ("379902196402220016", [1]),
        ("江 0008", [2]),
        ("岫 000X", [0]),
        ("汀 000X", []),
        ("江 000x", []),
        ("岫曦", []),
    ],
)
def test_people_are_found_by_what_is_sealed(taken, typed, who):
    viewer = Viewer(7, "zhangmin", "张敏", Role.COUNTY_OFFICER, 370522000000)
    assert seen(viewer, typed)[0] == [taken[each] for each in who]


def test_a_household_is_found_by_its_number_and_the_number_is_masked(taken):
    viewer = Viewer(7, "zhangmin", "张敏", Role.COUNTY_OFFICER, 370522000000)
    assert seen(viewer, "3799h00000001")[1] == ["*********0001"]


def test_refs_are_the_vaults(taken):
    viewer = Viewer(None, "monitor", "", Role.MACHINE, 0)
    with transaction.atomic():
        viewer.enter()
        refs = dict(Person.objects.values_list("person_key", "ref"))
        assert {key: ref.hex for key, ref in refs.items()} == vaulted.refs(taken)
    assert all(isinstance(ref, uuid.UUID) for ref in refs.values())
