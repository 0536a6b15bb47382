"""A street of invented households, one in each division that the personas know, for the portal's pages."""

import pytest
from django.test import Client

import personas
from doudi.office.registry import vaulted
from doudi.office.registry.models import Household
from office.registry.conftest import City, PlainVault

# Where the household lives: the word by which tests ask for it.
DOORS = {
    "city": 370500000000, "county": 370502000000, "town": 370502001000, "village": 370502001011,
    "next village": 370502001013, "next town": 370502002000, "next county": 370503000000,
    "town of next county": 370503001000,
}  # fmt: skip


@pytest.fixture
def street(whole_city, monkeypatch):
    """Refs of the households by the words of DOORS. Each is a couple; the head of the village's is in dibao."""
    personas.divisions()
    vault = PlainVault()
    for door in ("plain", "refs", "household_no_token", "search_tokens"):
        monkeypatch.setattr(vaulted, door, getattr(vault, door))
    city = City(vault)
    keys = {
        word: city.household(
            division, {"name": f"甲{at}户主", "tiers": ["dibao"]}, f"乙{at}配偶", managing_division=division
        )[0]
        for at, (word, division) in enumerate(DOORS.items())
    }
    city.taken_over()
    refs = dict(Household.objects.values_list("household_key", "ref"))
    return {word: refs[key].hex for word, key in keys.items()}


@pytest.fixture
def seated():
    """A test client at which a person sits."""
    return lambda name: personas.log_in(Client(), name)
