"""Households out of the relations: what was asked for is read, and nothing else is taken for unknown."""

import duckdb
import pytest

from doudi.engine.backends.duckdb import Backend
from doudi.engine.subjects import read_households
from policy.expressions import small_book, the_view

RELATIONS = (
    "household_facts AS SELECT 7 AS household_key, 370502 AS county, 30 AS land_lo, 40 AS land_hi",
    """person_facts AS SELECT * FROM (VALUES
        (1, 7, TRUE, 5, 5, TRUE), (2, 7, FALSE, 0, NULL, NULL), (3, 8, TRUE, 9, 9, FALSE)
    ) AS given(person_key, household_key, is_head, wage_lo, wage_hi, ill)""",
    "parents AS SELECT 2 AS person_key, 3 AS parent_key",
)


@pytest.fixture
def backend(tmp_path):
    backend = Backend(duckdb.connect(":memory:"), tmp_path)
    for relation in RELATIONS:
        backend.execute(f"CREATE TABLE {relation}")
    return backend


@pytest.fixture
def household(backend):
    book = small_book()
    (chunk,) = read_households(backend, book, {370502: the_view(book)}, [7, 99], {"wage", "ill", "land"})
    assert chunk.keys() == {7}, "99 no longer stands"
    return chunk[7]


def test_a_household_has_its_members_its_head_and_the_parents_who_live_elsewhere(household):
    assert (household.members, household.head, household.county) == (("1", "2"), "1", 370502)
    assert [(p.label, p.outside) for p in household.evaluation.household.persons] == [
        ("1", False), ("2", False), ("3", True),
    ]  # fmt: skip
    assert household.evaluation.persons["2"].father == "3"


def test_facts_are_bounds_or_one_value_and_unknown_where_nothing_is_recorded(household):
    value = household.evaluation.value
    assert (value("wage", "1"), value("wage", "2"), value("land")) == ((5, 5), (0, None), (30, 40))
    assert (value("ill", "1"), value("ill", "2"), value("ill", "3")) == (True, None, False)


def test_a_fact_that_was_not_read_is_an_error_and_never_unknown(household):
    with pytest.raises(KeyError, match="rent"):
        household.evaluation.value("rent", "1")


def test_of_each_household_only_the_facts_wanted_of_it_are_read(backend):
    book = small_book()
    (chunk,) = read_households(backend, book, {370502: the_view(book)}, [7], {7: frozenset({"wage"})})
    assert chunk[7].evaluation.value("wage", "1") == (5, 5)
    with pytest.raises(KeyError, match="ill"):
        chunk[7].evaluation.value("ill", "1")


def test_nothing_asked_is_left_behind_even_by_who_stops_at_the_first_chunk(backend):
    book = small_book()
    before = backend.rows("SHOW TABLES")
    for _ in range(2):
        assert next(read_households(backend, book, {370502: the_view(book)}, [7], {"wage"})).keys() == {7}
    assert backend.rows("SHOW TABLES") == before
