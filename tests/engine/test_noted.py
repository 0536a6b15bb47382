"""Whom no special register names is judged by what silence says: the sieve keeps the same households either way."""

import random
from contextlib import contextmanager
from dataclasses import replace

import pytest

from doudi.engine import kept
from doudi.engine.backends.duckdb import open_backend
from doudi.engine.facts import silent_facts
from doudi.engine.noted import noted_steps, with_children, with_parents
from doudi.engine.plan import plan
from doudi.engine.relations import fact_relations
from engine.busy_lake import BusyLake

OF = ("members", "households")
EVERYTHING = frozenset(relation.name for relation in fact_relations())


class Made:
    """Relations of one lake by several plans, one after the other: what two plans write alike is made once."""

    def __init__(self, backend):
        self.backend, self.done = backend, {}

    def rows(self, steps, *names):
        """The households of these relations by a plan, made with all that stands before them."""
        changed = set()
        for step in steps:
            if self.done.get(step.name) != step.sql or changed & set(step.reads):
                changed.add(step.name)
                self.done[step.name] = step.sql
                kind = "TABLE" if step.stored else "VIEW"
                self.backend.execute(f"CREATE OR REPLACE {kind} {step.name} AS {step.sql}")
            if step.name == names[-1]:
                break
        return [set(self.backend.rows(f"SELECT household_key FROM {name}")) for name in names]


@contextmanager
def made_of(inputs):
    with open_backend(inputs.home, "512MB", inputs.folders) as backend:
        yield Made(backend)


# --- the same households are kept -------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_whoever_counts_as_rarely_named_the_same_households_are_kept(tmp_path, book, monkeypatch, seed):
    inputs = BusyLake(tmp_path, random.Random(seed), people=300).fill(lines=2).lake.inputs()
    with made_of(inputs) as made:
        noted, found = made.rows(plan(inputs, book).steps, "noted", "kept")
        assert 0 < len(noted) < 101  # some are noted and some are not: 300 people live in 101 households
        for of_nearly_all, all_noted in ((frozenset(), True), (EVERYTHING, False)):
            monkeypatch.setattr(kept, "OF_NEARLY_ALL", of_nearly_all)
            others, same = made.rows(plan(inputs, book).steps, "noted", "kept")
            assert same == found
            assert (others >= noted) is all_noted


@pytest.mark.slow
def test_where_a_register_is_not_fresh_its_silence_says_nothing_and_everybody_is_noted(tmp_path, book, monkeypatch):
    lake = BusyLake(tmp_path, random.Random(1), people=60).fill(lines=2).lake.stale("disability")
    inputs = lake.inputs()
    with made_of(inputs) as made:
        noted, households, found = made.rows(plan(inputs, book).steps, "noted", "households", "kept")
        assert noted == households
        monkeypatch.setattr(kept, "OF_NEARLY_ALL", EVERYTHING)
        assert made.rows(plan(inputs, book).steps, "kept") == [found]


# --- what silence says ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("fact", "value", "silent"), [
    ("serious_illness_on_record", False, []),  # it speaks of the register itself
    ("enrolled_dibao", False, ["silence.fresh_dibao_roll"]),
    ("disability_kind", "无", ["silence.fresh_disability"]),
    ("disability_grade", (9, 9), ["silence.fresh_disability"]),
    ("illness_diagnosed", (None, None), []),  # whom no register names may have been ill for long
    ("self_paid_fen_12m", (0, 0), ["silence.whole_medical_settlement"]),
])  # fmt: skip
def test_of_a_person_whom_no_register_names_the_facts_are_what_silence_says(lake, book, fact, value, silent):
    found = silent_facts(lake.inputs(), [book.facts[fact]], fact_relations())
    assert found == ({fact: value}, silent)


def test_where_the_contract_lets_silence_say_nothing_nothing_is_known(lake, book):
    inputs = lake.inputs()
    feeds = inputs.feeds | {"disability": replace(inputs["disability"], absence="unknown")}
    found = silent_facts(replace(inputs, feeds=feeds), [book.facts["disability_grade"]], fact_relations())
    assert found == ({"disability_grade": (0, None)}, [])


# --- who is noted ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def backend(tmp_path):
    """Four households in a row: 1 is parent of 2, 2 of 3, 3 of 4; 5 stands alone in another county."""
    with open_backend(tmp_path, "512MB") as opened:
        keys = (("household_key", "BIGINT"), ("person_key", "BIGINT"))
        opened.insert("members", keys, [(home, 10 * home + person) for home in range(1, 6) for person in (0, 1)])
        opened.insert(
            "households", (("household_key", "BIGINT"), ("county", "INTEGER")), [(n, n // 5) for n in range(1, 6)]
        )
        opened.insert("parents", (("person_key", "BIGINT"), ("parent_key", "BIGINT")), [(20, 11), (30, 21), (40, 31)])
        opened.insert("silence", (("county", "INTEGER"), ("fresh", "BOOLEAN")), [(0, True), (1, True)])
        opened.insert("on_roll", (("person_key", "BIGINT"),), [])
        opened.insert("blind", (("person_key", "BIGINT"),), [])
        yield opened


def noted(backend, generations, silent=("silence.fresh",)):
    """The households that are noted, and those whose members' facts are looked at for them."""
    for step in noted_steps(["on_roll"], silent, generations, OF, OF):
        backend.execute(f"CREATE OR REPLACE TABLE {step.name} AS {step.sql}")
    people = {
        home for (home,) in backend.rows("SELECT household_key FROM noted_members GROUP BY 1 HAVING count(*) = 2")
    }
    beside = {home for (home,) in backend.rows("SELECT household_key FROM noted_household_facts")}
    assert people == beside
    return {home for (home,) in backend.rows("SELECT household_key FROM noted")}, beside


@pytest.mark.parametrize("relation", ["on_roll", "blind"])
def test_a_household_is_noted_when_a_register_names_a_member_or_contradicts_itself_about_one(backend, relation):
    backend.execute(f"INSERT INTO {relation} VALUES (31)")
    assert noted(backend, 0) == ({3}, {3})


def test_nobody_is_noted_when_nobody_is_named(backend):
    assert noted(backend, 1) == (set(), set())


@pytest.mark.parametrize(("generations", "expected"), [(1, ({2, 3}, {1, 2, 3})), (2, ({2, 3, 4}, {1, 2, 3, 4}))])
def test_a_household_is_noted_when_the_rules_ask_its_members_about_parents_in_a_noted_one(
    backend, generations, expected
):
    backend.execute("INSERT INTO on_roll VALUES (20)")  # one of household 2: its other member is the parent of 30
    assert noted(backend, generations) == expected


@pytest.mark.parametrize("fresh", ["FALSE", "NULL"])
def test_a_county_of_which_silence_proves_nothing_is_noted_whole(backend, fresh):
    backend.execute(f"UPDATE silence SET fresh = {fresh} WHERE county = 1")
    assert noted(backend, 0) == ({5}, {5})


def test_households_of_no_county_are_noted_unless_silence_is_not_asked(backend):
    backend.execute("DELETE FROM silence WHERE county = 1")
    assert noted(backend, 0) == ({5}, {5})
    assert noted(backend, 0, silent=()) == (set(), set())


@pytest.mark.parametrize(("along", "expected"), [(with_parents, {2, 3}), (with_children, {3, 4})])
def test_households_go_with_those_of_parents_or_of_children(backend, along, expected):
    rows = backend.rows(along("SELECT 3 AS household_key", 1, "members"))
    assert {home for (home,) in rows} == expected
