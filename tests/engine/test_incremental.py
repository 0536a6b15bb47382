"""A run that carries over what an earlier one made is the run that makes everything anew: row by row, byte by byte.

Each test runs a town once, lets something happen, runs it again in the same home, and once more in a home that knows
nothing. That the second run really carried over is asserted too: else it would be equal for a poor reason.
"""

import fcntl
import json
import pickle
import re
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import date

import duckdb
import pytest

from doudi.engine.carried import LIST
from doudi.engine.lineage import Source
from doudi.engine.previous import read_previous
from doudi.landing.contract import load_contract
from engine.town import BOOK, FEW, Town, alerts_of, edited, rows, something_happens

pytestmark = pytest.mark.slow


def carried(how, *but):
    """The relations that were taken as they were, but for those."""
    return {name for name, made in how.items() if made == "沿用"} - set(but)


# What sums over events; rolls are read as fast as a copy of them.
EVERYTHING_CARRIED = {"death_on_record", "illness_on_record", "medical_12m"}


# --- one thing happens ---------------------------------------------------------------------------------------------------


def test_where_nothing_happened_every_person_relation_is_carried_over(town):
    assert carried(town.agrees()) == EVERYTHING_CARRIED


def test_a_reversal_that_comes_later_takes_back_what_was_settled_before(town):
    town.settled("大额", 7, date(2026, 2, 3))
    town.run()
    before = town.made.manifest.relations["medical_12m"]
    town.settled("冲销", 7, date(2026, 3, 9), total=-9000, in_scope=-9000, reverses="大额")
    how = town.agrees()
    assert how["medical_12m"] == "增量"
    assert carried(how) == EVERYTHING_CARRIED - {"medical_12m"}
    assert town.made.manifest.relations["medical_12m"] != before


def test_a_late_delivery_of_an_old_month_is_counted_in_its_month(town):
    town.settled("迟到", 8, date(2025, 11, 20))
    how = town.agrees()
    assert how["medical_12m"] == "增量"
    assert carried(how) == EVERYTHING_CARRIED - {"medical_12m"}


def test_lines_that_are_sent_again_change_nothing_but_are_looked_at(town):
    before = town.made.manifest.relations["medical_12m"]
    again = town.lake.rows[("medical_settlement", "2026-02", 1)][:5]
    town.lake.add("medical_settlement", *again, period="2026-02", revision=2)
    assert town.agrees()["medical_12m"] == "增量"
    assert town.made.manifest.relations["medical_12m"] == before


def test_a_line_that_moves_to_another_person_under_the_same_key_leaves_the_first(town):
    town.settled("张冠李戴", 9, date(2026, 2, 3))
    town.run()
    before = {row[0] for row in medical(town)}
    town.settled("张冠李戴", 12, date(2026, 2, 3), total=8000)
    assert town.agrees()["medical_12m"] == "增量"
    after = {row[0] for row in medical(town)}
    assert 9 in before - after
    assert 12 in after


def medical(town):
    (file,) = (town.lake.home / "cache").glob("medical_12m-*.parquet")
    return rows(file)


def test_a_line_that_somebody_else_claimed_in_vain_keeps_its_owner_when_the_other_is_touched(town):
    town.settled("争", 9, date(2026, 2, 3)).add("medical_settlement", period="2026-02", revision=50)
    town.settled("争", 12, date(2026, 2, 3), total=8000)
    town.run()
    town.settled("无关", 9, date(2026, 2, 5))
    assert town.agrees()["medical_12m"] == "增量"


def test_a_correction_that_moves_an_event_past_the_monitoring_date_takes_it_out(town):
    town.settled("改期", 10, date(2026, 2, 3))
    town.run()
    assert 10 in {row[0] for row in medical(town)}
    town.settled("改期", 10, date(2026, 4, 2))
    assert town.agrees()["medical_12m"] == "增量"
    assert 10 not in {row[0] for row in medical(town)}


def test_a_roll_of_the_next_month_that_lost_people_forgets_them(town):
    town.lake.at = date(2026, 4, 30)
    town.busy.register("2026-04", without=range(1, 40))
    kept = town.lake.rows[("dibao_roll", "2026-03", 1)][5:]
    town.lake.add("dibao_roll", *kept, period="2026-04")
    how = town.agrees()
    assert how["in_population"] == how["on_dibao_roll"] == "全做"
    assert town.made.manifest.relations["in_population"]["rows"] == 300 - 39
    assert how["death_on_record"] == "增量"


def test_a_roll_that_came_for_one_county_only_leaves_the_other_as_it_was(town):
    one = [row for row in town.lake.rows[("dibao_roll", "2026-03", 1)] if row["division"] == 370502001000]
    assert len(one) < len(town.lake.rows[("dibao_roll", "2026-03", 1)])
    town.lake.add("dibao_roll", *one[:-3], period="2026-03", revision=2)
    assert carried(town.agrees()) == EVERYTHING_CARRIED


def test_somebody_new_is_known_by_every_relation_that_may_tell_of_him(town):
    town.lake.add("serious_illness", town.busy.line("serious_illness", 9000), period="2026-03", revision=2)
    how = town.agrees()
    assert how["illness_on_record"] == "增量"
    assert carried(how) == EVERYTHING_CARRIED - {"illness_on_record"}


def test_a_file_that_says_much_is_not_worth_its_trouble_and_the_relation_is_made_anew(town):
    lines = [town.busy.line("medical_settlement") for _ in range(200)]
    town.lake.add("medical_settlement", *lines, period="2026-03", revision=2)
    assert town.agrees()["medical_12m"] == "全做"


def test_a_feed_that_comes_for_the_first_time_is_told_by_whoever_reads_it(tmp_path, few):
    town = Town(tmp_path, few)
    settlements = [key for key in town.lake.rows if key[0] == "medical_settlement"]
    later = {key: town.lake.rows.pop(key) for key in settlements}
    town.run()
    town.lake.rows |= later
    assert town.agrees()["medical_12m"] == "全做"


def test_a_feed_that_turned_stale_is_told_the_same_by_both(town):
    town.lake.stale("medical_settlement", "death")
    assert carried(town.agrees()) == EVERYTHING_CARRIED


# --- the date moves --------------------------------------------------------------------------------------------------------


def test_inside_a_month_an_event_beyond_the_date_becomes_past(tmp_path, few):
    town = Town(tmp_path, few).at(date(2026, 3, 10))
    town.settled("将来", 11, date(2026, 3, 15))
    town.run()
    assert 11 not in {row[0] for row in medical(town)}
    town.at(date(2026, 3, 20))
    how = town.agrees()
    assert how["medical_12m"] == how["death_on_record"] == "增量"
    assert 11 in {row[0] for row in medical(town)}


def test_back_to_an_earlier_day_what_was_past_is_to_come(tmp_path, few):
    town = Town(tmp_path, few).at(date(2026, 3, 20))
    town.settled("将来", 11, date(2026, 3, 15))
    town.run()
    town.at(date(2026, 3, 10))
    assert town.agrees()["medical_12m"] == "增量"
    assert 11 not in {row[0] for row in medical(town)}


def test_across_the_end_of_a_month_what_rests_on_a_window_is_made_anew(town):
    first = read_previous(town.made.folder)
    town.at(date(2026, 4, 30))
    how = town.agrees(previous=first)
    assert how["medical_12m"] == "全做"
    assert how["death_on_record"] == "增量"


def test_on_the_last_day_of_a_month_the_window_moves_and_on_the_day_before_it_does_not(tmp_path, few):
    town = Town(tmp_path, few).at(date(2026, 3, 29))
    town.run()
    assert town.at(date(2026, 3, 30)).agrees()["medical_12m"] in ("增量", "沿用")
    assert town.at(date(2026, 3, 31)).agrees()["medical_12m"] == "全做"


def test_a_birthday_changes_who_is_alerted_though_no_line_changed(tmp_path, few):
    town = Town(tmp_path, few).at(date(2026, 3, 15))
    for key, row in enumerate(town.lake.rows[("population", "2026-03", 1)]):
        row["birth"] = date((1966, 2008, 2010, 1971, 1965)[key % 5], 3, 16)
    for rows_of_file in town.lake.rows.values():  # nothing else happens on that day
        rows_of_file[:] = [row for row in rows_of_file if date(2026, 3, 16) not in row.values()]
    town.run()
    before = alerts_of(town.made)
    how = town.at(date(2026, 3, 16)).agrees()
    assert {how[name] for name in EVERYTHING_CARRIED} <= {"沿用", "增量"}
    assert alerts_of(town.made) != before


# --- the book, the horizon, what holds ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "old", "new"), [("largest_household", "12", "2"), ("wage_running_months", "3", "1")]
)  # fmt: skip
def test_a_changed_parameter_is_obeyed_by_all_that_rest_on_it(town, tmp_path, few, name, old, new):
    town.book = edited(tmp_path / "edited", few, name, old, new)
    assert carried(town.agrees()) == EVERYTHING_CARRIED  # none of them rests on it; households and rules do


def test_a_horizon_of_knowledge_before_a_batch_does_not_know_it_and_afterwards_it_is_known_again(town):
    town.settled("后来", 13, date(2026, 3, 3))
    inputs = town.lake.inputs()
    town.run(inputs)
    feed = inputs["medical_settlement"]
    earlier = replace(feed, files=tuple(file for file in feed.files if file.revision == 1))
    known = replace(inputs, known="2026-03-31T00:00:00+08:00", feeds={**inputs.feeds, feed.feed: earlier})
    assert town.agrees(known)["medical_12m"] == "全做"  # what a batch said cannot be told when it is not there
    assert 13 not in {row[0] for row in medical(town)}
    assert town.agrees(inputs)["medical_12m"] == "增量"
    assert 13 in {row[0] for row in medical(town)}


def test_a_roll_that_is_no_longer_in_force_gives_way_to_the_one_before(town):
    rows_before = town.made.manifest.relations["on_dibao_roll"]
    town.lake.add("dibao_roll", town.busy.line("dibao_roll", 1), period="2026-03", revision=2)
    after = town.lake.inputs()
    town.run(after)
    feed = after["dibao_roll"]
    held = tuple((county, period, 1) for county, period, _ in feed.in_force)
    town.agrees(replace(after, feeds={**after.feeds, feed.feed: replace(feed, in_force=held)}))
    assert town.made.manifest.relations["on_dibao_roll"] == rows_before


# --- what chance brings ------------------------------------------------------------------------------------------------------


def test_whatever_happens_round_after_round_the_run_is_the_run_from_nothing(tmp_path, book):
    town = Town(tmp_path, book)
    town.lake.at = date(2026, 3, 8)
    town.run()
    made = []
    for _ in range(4):
        something_happens(town)
        made += town.agrees().values()
    assert {"沿用", "增量", "全做"} == set(made)


@pytest.mark.parametrize("seed", range(2, 4))
def test_whatever_happens_to_a_few_feeds_the_run_is_the_run_from_nothing(tmp_path, few, seed):
    town = Town(tmp_path, few, seed)
    town.lake.at = date(2026, 3, 8)
    town.run()
    for _ in range(3):
        something_happens(town)
        assert town.agrees().keys() >= EVERYTHING_CARRIED


# --- the cache itself --------------------------------------------------------------------------------------------------------


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


@pytest.mark.parametrize("how", SPOILT)
def test_a_cache_that_is_not_whole_costs_time_and_changes_nothing(town, how):
    spoil(town.lake.home / "cache", how)
    again = town.agrees()
    assert again["medical_12m"] == "全做"
    if how not in ("a file is cut off", "a file has grown"):
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


# --- where a source cannot be told ------------------------------------------------------------------------------------------


def test_a_source_tells_apart_batches_conditions_and_days():
    one = Source({"a": ""}, date(2026, 3, 31))
    assert one == Source({"a": ""}, date(2026, 3, 31))
    assert one != Source({"a": " WHERE scope IN (370502)"}, date(2026, 3, 31))
    assert one != Source({"a": ""}, date(2026, 4, 30))
