"""What a finished relation must satisfy before anything is built on it; what a killed run leaves behind."""

import os
import signal
import subprocess
import sys
import time

import pytest

from doudi.engine.audits import audit_grain, audit_people
from doudi.engine.backends.duckdb import open_backend
from doudi.engine.step import Step, in_order
from doudi.errors import Fault


@pytest.fixture
def backend(tmp_path):
    with open_backend(tmp_path, "512MB") as opened:
        yield opened


def step(name, *reads, grain=()):
    return Step(name, "20_persons", "SELECT 1", reads, grain=grain)


def test_a_unique_grain_passes_with_its_rows(backend):
    backend.insert("homes", (("person_key", "BIGINT"),), [(1,), (2,)])
    assert audit_grain(backend, step("homes", grain=("person_key",))) == 2


def test_a_grain_that_repeats_is_a_fault(backend):
    backend.insert("homes", (("person_key", "BIGINT"),), [(1,), (1,)])
    with pytest.raises(Fault, match="实有 2 行、1 个"):
        audit_grain(backend, step("homes", grain=("person_key",)))


def test_a_grain_of_one_column_that_is_null_is_a_fault(backend):
    backend.insert("homes", (("person_key", "BIGINT"),), [(1,), (None,)])
    with pytest.raises(Fault, match="实有 2 行、1 个"):
        audit_grain(backend, step("homes", grain=("person_key",)))


def test_a_grain_of_several_columns_may_repeat_each_of_them(backend):
    backend.insert("kin", (("person_key", "BIGINT"), ("parent_key", "BIGINT")), [(1, 2), (1, 3), (4, 3)])
    assert audit_grain(backend, step("kin", grain=("person_key", "parent_key"))) == 3


@pytest.mark.parametrize(("last", "different"), [
    ("3000", 3000),  # all dense
    ("2 * 1099511627776 + 1", 3000),  # one far beyond the others, and alone
    ("2999", 2999),  # twice
    ("NULL", 2999),
])  # fmt: skip
def test_a_large_relation_is_counted_key_by_key(backend, last, different):
    backend.materialise(
        "homes", f"SELECT CASE WHEN n = 3000 THEN {last} ELSE n END AS household_key FROM range(1, 3001) AS t(n)"
    )
    assert backend.different("homes", ("household_key",)) == different


def test_a_key_far_beyond_the_others_may_not_repeat_either(backend):
    backend.materialise(
        "homes", "SELECT CASE WHEN n > 2997 THEN 1099511627776 ELSE n END AS household_key FROM range(3000) AS t(n)"
    )
    with pytest.raises(Fault, match="实有 3000 行、2999 个"):
        audit_grain(backend, step("homes", grain=("household_key",)))


def city(backend, members, households):
    backend.insert("members", (("person_key", "BIGINT"), ("household_key", "BIGINT")), members)
    backend.insert("households", (("household_key", "BIGINT"),), [(key,) for key in households])


def counted(**other):
    looked = {"sieve_person_facts": 2, "noted_members": 1, "noted_person_facts": 1}
    return {"persons": 2, "members": 2, "kept_members": 1, "person_records": 1} | looked | other


def test_a_city_in_which_everybody_has_one_household_passes(backend):
    city(backend, [(1, 1), (2, 1)], [1])
    assert audit_people(backend, counted()) == 2


@pytest.mark.parametrize(("lost", "why"), [
    ({"members": 1}, "persons 有 2 人，members 里却有 1 人"),
    ({"sieve_person_facts": 3}, "members 有 2 人，sieve_person_facts 里却有 3 人"),
    ({"noted_person_facts": 0}, "noted_members 有 1 人，noted_person_facts 里却有 0 人"),
    ({"person_records": 0}, "kept_members 有 1 人，person_records 里却有 0 人"),
])  # fmt: skip
def test_a_person_who_is_lost_on_the_way_is_a_fault(backend, lost, why):
    city(backend, [(1, 1), (2, 1)], [1])
    with pytest.raises(Fault, match=why):
        audit_people(backend, counted(**lost))


def test_a_household_of_nobody_is_a_fault(backend):
    city(backend, [(1, 1), (2, 1)], [1, 3])
    with pytest.raises(Fault, match="1 户没有成员"):
        audit_people(backend, counted())


# --- the order of a plan -----------------------------------------------------------------------------------------------


def test_every_step_comes_after_what_it_reads():
    assert [each.name for each in in_order([step("c", "b"), step("b", "a"), step("a")])] == ["a", "b", "c"]


def test_only_what_the_targets_stand_on_is_planned():
    assert [each.name for each in in_order([step("a"), step("b", "a"), step("c", "a")], ["b"])] == ["a", "b"]


@pytest.mark.parametrize(("steps", "why"), [
    ([step("a", "b"), step("b", "a")], "一圈"),
    ([step("a", "nowhere")], "不在计划里"),
    ([step("a"), step("a")], "同名"),
])  # fmt: skip
def test_a_plan_that_cannot_be_ordered_is_a_fault(steps, why):
    with pytest.raises(Fault, match=why):
        in_order(steps)


# --- killed ------------------------------------------------------------------------------------------------------------


HOLD = """
import sys, time
from pathlib import Path
from doudi.engine.backends.duckdb import open_backend
with open_backend(Path(sys.argv[1]), "512MB") as backend:
    backend.materialise("t", "SELECT 1 AS a")
    print("open", flush=True)
    time.sleep(60)
"""


def test_the_next_run_removes_what_a_killed_one_left_and_never_a_living_one(tmp_path):
    held = subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    try:
        assert held.stdout.readline() == "open\n"
        (folder,) = (tmp_path / "tmp").iterdir()
        with open_backend(tmp_path, "512MB"):
            assert folder.exists()
        os.kill(held.pid, signal.SIGKILL)
        held.wait()
        held.stdout.close()
        time.sleep(0.1)
        with open_backend(tmp_path, "512MB"):
            assert not folder.exists()
    finally:
        held.kill()
        held.wait()
