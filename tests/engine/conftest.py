"""Fixtures of the engine: a lake to fill, the words of the real book."""

import shutil
from pathlib import Path

import pytest

from doudi.policy.load import load_book
from engine.city import City
from engine.lake import Lake

BOOK = Path(__file__).parents[2] / "policybook"


@pytest.fixture(scope="session")
def words(tmp_path_factory):
    """The book's documents, facts and parameters without its rules: what relations and facts need."""
    folder = tmp_path_factory.mktemp("words")
    for shelf in ("documents", "facts", "parameters"):
        shutil.copytree(BOOK / shelf, folder / shelf)
    for shelf in ("tiers", "programmes", "indicators"):
        (folder / shelf).mkdir()
    return load_book(folder)


@pytest.fixture
def lake(tmp_path):
    return Lake(tmp_path)


@pytest.fixture
def city(words):
    """facts(lake) -> the facts of a small lake, by person and by household."""
    return City(words)


@pytest.fixture(scope="session")
def book():
    """The whole book."""
    return load_book(BOOK)
