"""`--memory` is obeyed: a run that must spill stays within its limit, and one that was killed leaves no spill behind."""

import json
import os
import pickle
import random
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import pytest

from doudi.engine.inputs import LakeFile
from engine.busy_lake import BusyLake

pytestmark = pytest.mark.slow

BOOK = Path(__file__).parents[2] / "policybook"
# A book of few words: what must spill here are the relations of nine hundred thousand persons, not the rules' columns.
FEW = {"eligible.self_paid", "ineligible.dead", "supervision.death_not_settled"}
MEMORY, PEOPLE, SETTLEMENTS = "600MB", 900_000, 400_000

# The columns that differ from line to line, by the number of the line.
RESIDENT = """(1000 + i) AS person_key, (5000 + i) AS name_token, (i // 3) AS household_no_token,
CASE i % 3 WHEN 0 THEN '户主' WHEN 1 THEN '配偶' ELSE '子' END AS relation,
DATE '1940-01-01' + (i * 7 % 30000)::INTEGER AS birth, i % 2 = 0 AS male"""
SETTLED = """(1000 + i * 3) AS person_key, (9000000 + i) AS settlement_no_token,
DATE '2026-01-01' + (i % 80)::INTEGER AS date, (i % 5000) * 100 AS total_fen, (i % 4000) * 100 AS in_scope_fen"""

RUN = """
import json, os, pickle, re, signal, sys
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from doudi.engine.run import Settings, run
from doudi.policy.load import load_book
inputs, shelf, few, memory, killed_at = pickle.loads(Path(sys.argv[1]).read_bytes())
book = load_book(shelf)
book = replace(book, indicators=tuple(one for one in book.indicators if one.id in few))
# Of this program alone: what getrusage tells is never less than what its parent held when it began it.
peak = lambda: 1024 * int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
rose = {}
spilt = 0
@contextmanager
def progress(what):
    global spilt
    before = peak()
    print(what, before // 10**6, file=sys.stderr)
    yield
    rose[what] = peak() - before
    spilt = max(spilt, sum(path.stat().st_size for path in (inputs.home / "tmp").rglob("*.tmp")))
    if what == killed_at:
        os.kill(os.getpid(), signal.SIGKILL)
refs = lambda keys: {key: f"ref{key}" for key in keys}
made = run(inputs, book, refs, settings=Settings(memory=memory, progress=progress))
steepest = sorted(rose.items(), key=lambda one: -one[1])[:5]
print(json.dumps({"peak": peak(), "spilt": spilt, "people": made.manifest.people, "rose": steepest}))
"""


def a_big_city(home):
    """A small lake whose register and settlements were multiplied, in files as landing writes them."""
    lake = BusyLake(home, random.Random(1), people=30, at=date(2026, 3, 31)).fill(lines=3).lake
    inputs = lake.inputs()
    feeds = dict(inputs.feeds)
    for name, count, columns in (
        ("population", PEOPLE, RESIDENT),
        ("medical_settlement", SETTLEMENTS, SETTLED),
    ):
        feed = feeds[name]
        feeds[name] = replace(feed, files=(*feed.files[:-1], _multiplied(feed.files[-1], count, columns)))
    return replace(inputs, feeds=feeds)


def _multiplied(file: LakeFile, count: int, columns: str) -> LakeFile:
    """The file's first line over and over, each with its own key and the `columns` given as a text of the number i."""
    many = file.path.with_name(f"many-{file.path.name}")
    duckdb.sql(
        f"COPY (SELECT line.* REPLACE ({columns}, hash(i)::UBIGINT::HUGEINT % 4611686018427387904 AS key_hash) "
        f"FROM (SELECT * FROM read_parquet('{file.path}') LIMIT 1) AS line, range({count}) AS r(i)) "
        f"TO '{many}' (FORMAT parquet, COMPRESSION zstd)"
    )
    return replace(file, path=many, contested=None)


def started(inputs, folder, killed_at=None):
    told = folder / "told.pickle"
    told.write_bytes(pickle.dumps((inputs, BOOK, FEW, MEMORY, killed_at)))
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.run(
        [sys.executable, "-c", RUN, str(told)], check=False, capture_output=True, text=True, env=environment
    )


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    return a_big_city(tmp_path_factory.mktemp("big"))


def test_a_run_that_must_spill_stays_within_a_fifth_above_its_limit_also_after_one_that_was_killed(city, tmp_path):
    killed = started(city, tmp_path, killed_at="members")
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert list((city.home / "tmp").glob("run-*"))  # what a killed run leaves, until the next one
    ended = started(city, tmp_path)
    assert ended.returncode == 0, ended.stderr
    told = json.loads(ended.stdout)
    assert told["people"] > PEOPLE
    assert told["spilt"] > 0, told
    assert list((city.home / "tmp").iterdir()) == []
    assert told["peak"] <= 1.2 * 600_000_000, told
