"""The cache in which a run leaves what it made: never believed where it is not whole, and for its owner only."""

import fcntl
import json
import pickle
import re
import shutil
import signal
import subprocess
import sys
from datetime import date

import duckdb
import pytest

from doudi.engine.carried import LIST, open_carried
from doudi.landing.contract import load_contract
from engine.town import BOOK, EVERYTHING_CARRIED, FEW, Town, carried

pytestmark = pytest.mark.slow


def spoil(cache, how):
    listed, (first, *_) = cache / LIST, sorted(cache.glob("medical_12m-*.parquet"))
    match how:
        case "gone":
            shutil.rmtree(cache)
        case "a file is gone":
            first.unlink()
        case "a file is cut off":
            first.write_bytes(first.read_bytes()[:100])
        case "a file has grown":
            first.write_bytes(first.read_bytes() + b"x")
        case "the list is cut off":
            listed.write_text(listed.read_text()[:200])
        case "the list is none":
            listed.write_text("[]")
        case "the list is not text":
            listed.write_bytes(b"\xff\xfe\x00")
        case "the list lacks a word":
            listed.write_text(listed.read_text().replace('"shape"', '"form"'))


SPOILT = (
    "gone", "a file is gone", "a file is cut off", "a file has grown", "the list is cut off", "the list is none",
    "the list is not text", "the list lacks a word",
)  # fmt: skip


OF_ONE_RELATION = ("a file is cut off", "a file has grown")  # the others are still believed


@pytest.mark.parametrize("how", SPOILT)
def test_of_a_cache_that_is_not_whole_only_what_is_whole_is_believed(town, how):
    def believed():
        with open_carried(town.lake.home, afresh=False) as found:
            return dict(found.entries)

    whole = believed()
    spoil(town.lake.home / "cache", how)
    left = {name: entry for name, entry in whole.items() if name != "medical_12m"}
    assert whole.keys() >= EVERYTHING_CARRIED
    assert believed() == (left if how in OF_ONE_RELATION else {})


@pytest.mark.parametrize("how", ["gone", "a file has grown", "the list lacks a word"])
def test_a_cache_that_is_not_whole_costs_time_and_changes_nothing(town, how):
    spoil(town.lake.home / "cache", how)
    again = town.agrees()
    assert again["medical_12m"] == "全做"
    if how not in OF_ONE_RELATION:
        assert carried(again) == set()
    assert carried(town.run().how) == EVERYTHING_CARRIED  # and it is whole again


def test_while_another_run_has_the_cache_everything_is_made_anew_and_the_cache_stays_as_it_is(town):
    cache = town.lake.home / "cache"
    before = {path.name: path.stat().st_mtime_ns for path in cache.iterdir()}
    with (cache / "lock").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert set(town.agrees().values()) == {"全做"}
        assert {path.name: path.stat().st_mtime_ns for path in cache.iterdir()}.keys() == before.keys()
    assert carried(town.run().how) == EVERYTHING_CARRIED


KILLED = """
import contextlib, os, pickle, signal, sys
from dataclasses import replace
from doudi.engine.run import Settings, run, run_name
from doudi.policy.load import load_book
inputs, shelf, few = pickle.load(open(sys.argv[1], "rb"))
book = load_book(shelf)
book = replace(book, indicators=tuple(one for one in book.indicators if one.id in few))
def progress(what):
    if what == sys.argv[2]:
        os.kill(os.getpid(), signal.SIGKILL)
    return contextlib.nullcontext()
run(inputs, book, lambda keys: {key: f"ref{key}" for key in keys}, settings=Settings(memory="1GB", progress=progress))
"""


@pytest.mark.parametrize("moment", ["on_dibao_roll", "留存人的关系", "说明理由"])
def test_a_run_that_was_killed_leaves_nothing_that_the_next_one_could_believe_wrongly(town, tmp_path, moment):
    town.settled("死前", 14, date(2026, 2, 3))
    inputs = town.lake.inputs()
    told = tmp_path / "told.pickle"
    told.write_bytes(pickle.dumps((inputs, BOOK, FEW)))
    shutil.rmtree(town.made.folder)  # a whole run
    ended = subprocess.run([sys.executable, "-c", KILLED, str(told), moment], check=False)
    assert ended.returncode == -signal.SIGKILL
    town.settled("死后", 15, date(2026, 2, 3))
    assert town.agrees()["medical_12m"] == "增量"
    assert list((town.lake.home / "tmp").iterdir()) == []
    named = {entry["file"] for entry in json.loads((town.lake.home / "cache" / LIST).read_text()).values()}
    assert {path.name for path in (town.lake.home / "cache").glob("*.parquet")} == named


def test_the_cache_is_for_its_owner_and_holds_keys_facts_and_the_contracts_own_words_only(tmp_path, book):
    town = Town(tmp_path, book)
    town.run()
    cache = town.lake.home / "cache"
    assert cache.stat().st_mode & 0o777 == 0o700
    words = {code for feed in load_contract().values() for column in feed.columns for code in column.codes}
    files = sorted(cache.glob("*.parquet"))
    assert len(files) >= len(EVERYTHING_CARRIED)
    for file in files:
        columns = duckdb.sql(f"DESCRIBE SELECT * FROM read_parquet('{file}')").fetchall()
        for name, kind, *_ in columns:
            assert not re.search(r"(^|_)(id|name|no|plate|certificate|employer)$", name), (file.name, name)
            assert kind in ("BIGINT", "INTEGER", "DATE", "BOOLEAN", "VARCHAR"), (file.name, name, kind)
            if kind == "VARCHAR":
                said = duckdb.sql(f"SELECT DISTINCT {name} FROM read_parquet('{file}')").fetchall()
                assert {word for (word,) in said if word is not None} <= words, (file.name, name)
