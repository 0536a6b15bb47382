"""中途被杀：无论死在哪一刻，湖要么如前，要么如后；再入一次库就都好了。"""

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from doudi.landing import list_rejects
from doudi.landing.desk import CHECKPOINTS
from doudi.landing.vault import Vault
from landing.files import dibao_line, valid_id
from landing.homes import landed, roll, snapshot

SCRIPT = Path(__file__).with_name("killed.py")
LINES = 400


def lines(amount):
    """A roll of two thirds known people and one third new ones, with rejects and a conflict."""
    people = [dibao_line(number, 公民身份号码=valid_id(number % 1000, born=f"19{60 + number // 1000}0115"), 家庭月保障金额=amount)
              for number in range(LINES)]  # fmt: skip
    return [*people, dibao_line(1, 家庭月保障金额="7"), dibao_line(2, 公民身份号码="1"), dibao_line(3, 纳入日期="昨天")]


def told(home):
    """Everything that a home says of what landed."""
    with Vault.open(home) as vault:
        keys = range(1, 3 * LINES)
        return snapshot(home), list(list_rejects(home, reveal=True)), vault.people(keys), vault.refs(keys)


def trials(folder, moments, *others):
    """Kills a landing at each moment; gives the homes, what was before, what an unharmed landing says, the files' folder."""
    home, path = folder / "home", folder / "files"
    path.mkdir()
    landed(home, roll(folder, "dibao_roll_2026-02.csv", lines("5")[: LINES * 2 // 3]))
    roll(path, "dibao_roll_2026-03.csv", lines("6"))
    for name in others:
        roll(path, name, lines("7"))
    killed = folder / "killed"
    killed.mkdir()
    source = os.pathsep.join([str(SCRIPT.parents[1]), *sys.path])
    run = subprocess.run(
        [sys.executable, str(SCRIPT), str(home), str(path), str(killed), *map(str, moments)],
        env=os.environ | {"PYTHONPATH": source}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    homes = [killed / str(number) for number in range(len(moments))]
    return homes, list(map(int, run.stdout.split())), told(home), told(killed / "unharmed"), path


def is_before(told_now, before):
    """The lake, its rejects and its originals are as before; the vault may know more people, whose keys are theirs."""
    return told_now[:2] == before[:2] and all(told_now[2][key] == person for key, person in before[2].items())


def sealed_originals(home):
    return sorted(path.name for path in (home / "vault" / "originals").iterdir())


@pytest.mark.slow
def test_killed_at_any_named_moment_the_lake_is_as_before_and_at_the_last_as_after(tmp_path):
    homes, signals, before, after, path = trials(tmp_path, CHECKPOINTS)
    assert signals == [signal.SIGKILL] * len(CHECKPOINTS)
    for name, home in zip(CHECKPOINTS, homes, strict=True):
        if name == "committed":
            assert told(home) == after, name
        else:
            found = told_without_leftovers(home)
            assert is_before(found, before), name
        landed(home, path, place=None)
        assert told(home) == after, name
        assert sealed_originals(home) == sealed_originals(tmp_path / "killed" / "unharmed")


@pytest.mark.slow
def test_killed_while_the_next_file_is_read_neither_has_landed_and_once_more_both_do(tmp_path):
    moments = ("vault_committed", "original_sealed", "lines_published")
    homes, signals, before, after, path = trials(tmp_path, moments, "dibao_roll_2026-04.csv", "dibao_roll_2026-05.csv")
    assert signals == [signal.SIGKILL] * len(moments)
    for name, home in zip(moments, homes, strict=True):
        assert is_before(told_without_leftovers(home), before), name
        landed(home, path, place=None)
        assert told(home) == after, name


def told_without_leftovers(home):
    """What is told of the batches that landed: an original that was sealed for a batch that did not is not one of them."""
    (records, files, originals), rejects, people, refs = told(home)
    batches = {record.batch for record in records}
    return (records, files, [name for name in originals if name.removesuffix(".sm4") in batches]), rejects, people, refs


@pytest.mark.slow
def test_killed_at_twenty_random_moments_the_lake_is_as_before_or_as_after(tmp_path):
    chance = random.Random(7)
    moments = [round(chance.uniform(0.02, 1.1), 3) for _ in range(20)]
    homes, _, before, after, path = trials(tmp_path, moments)
    for moment, home in zip(moments, homes, strict=True):
        found = told_without_leftovers(home)
        assert is_before(found, before) or found == after, moment
        landed(home, path, place=None)
        assert told(home) == after, moment
