"""Fixtures of the engine: a lake to fill, the words of the real book."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from doudi.policy.load import load_book
from engine.city import City
from engine.lake import Lake
from engine.town import FEW, Town

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


@pytest.fixture(scope="session")
def few(book):
    """The book with a few indicators only, enough that every kind of person relation is carried."""
    return replace(book, indicators=tuple(one for one in book.indicators if one.id in FEW))


@pytest.fixture(scope="session")
def monitored(tmp_path_factory, few):
    """A town that was monitored once, at the end of March."""
    made = Town(tmp_path_factory.mktemp("monitored"), few)
    made.run()
    return made


@pytest.fixture
def town(tmp_path, monitored):
    """That town, to be done with as a test likes."""
    return monitored.moved_to(tmp_path)
