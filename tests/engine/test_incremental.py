"""A run that carries over what an earlier one made is the run that makes everything anew: row by row, byte by byte.

Each test runs a town once, lets something happen, runs it again in the same home, and once more in a home that knows
nothing. That the second run really carried over is asserted too: else it would be equal for a poor reason.
"""

from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import pytest

from doudi.engine.lineage import Source
from engine.town import EVERYTHING_CARRIED, Town, carried, edited, medical

pytestmark = pytest.mark.slow


def test_where_nothing_happened_every_person_relation_is_carried_over(town):
    assert carried(town.agrees()) == EVERYTHING_CARRIED


# --- one delivery about many things, each of another person ---------------------------------------------------------------


@pytest.fixture(scope="module")
def delivered(monitored, tmp_path_factory):
    """A town before and after files that say something of a few persons each, found equal to what is made from nothing."""
    town = monitored.moved_to(tmp_path_factory.mktemp("delivered"))
    town.settled("大额", 7, date(2026, 2, 3))
    town.settled("张冠李戴", 9, date(2026, 2, 3))
    town.settled("争", 21, date(2026, 2, 3)).add("medical_settlement", period="2026-02", revision=50)
    town.settled("争", 24, date(2026, 2, 3), total=8000)
    town.settled("改期", 10, date(2026, 2, 3))
    town.run()
    before = medical(town)
    town.settled("冲销", 7, date(2026, 3, 9), total=-9000, in_scope=-9000, reverses="大额")
    town.settled("迟到", 8, date(2025, 11, 20))
    town.settled("张冠李戴", 12, date(2026, 2, 3), total=8000)
    town.settled("无关", 21, date(2026, 2, 5))
    town.settled("改期", 10, date(2026, 4, 2))
    town.lake.add("serious_illness", town.busy.line("serious_illness", 9000), period="2026-03", revision=2)
    return SimpleNamespace(how=town.agrees(), before=before, after=medical(town))


def test_only_what_rests_on_a_feed_that_spoke_is_made_again_and_only_for_the_persons_named(delivered):
    assert delivered.how["medical_12m"] == delivered.how["illness_on_record"] == "增量"
    assert carried(delivered.how) == EVERYTHING_CARRIED - {"medical_12m", "illness_on_record"}


def test_a_reversal_that_comes_later_takes_back_what_was_settled_before(delivered):
    assert delivered.after.get(7) != delivered.before[7]


def test_a_late_delivery_of_an_old_month_is_counted_in_its_month(delivered):
    assert delivered.after[8] != delivered.before.get(8)


def test_a_line_that_moves_to_another_person_under_the_same_key_leaves_the_first(delivered):
    assert 9 in delivered.before.keys() - delivered.after.keys()
    assert 12 in delivered.after


def test_a_line_that_somebody_else_claimed_in_vain_keeps_its_owner_when_the_other_is_touched(delivered):
    assert delivered.after[24] == delivered.before[24]
    assert delivered.after[21] != delivered.before.get(21)


def test_a_correction_that_moves_an_event_past_the_monitoring_date_takes_it_out(delivered):
    assert 10 in delivered.before
    assert 10 not in delivered.after


# --- one thing happens ---------------------------------------------------------------------------------------------------


def test_lines_that_are_sent_again_change_nothing_but_are_looked_at(town):
    before = town.made.manifest.relations["medical_12m"]
    again = town.lake.rows[("medical_settlement", "2026-02", 1)][:5]
    town.lake.add("medical_settlement", *again, period="2026-02", revision=2)
    assert town.agrees()["medical_12m"] == "增量"
    assert town.made.manifest.relations["medical_12m"] == before


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


# --- the book, the horizon, what holds ---------------------------------------------------------------------------------------


def test_changed_parameters_are_obeyed_by_all_that_rest_on_them(town, tmp_path, few):
    town.book = edited(tmp_path / "edited", few, ("largest_household", "12", "2"), ("wage_running_months", "3", "1"))
    assert carried(town.agrees()) == EVERYTHING_CARRIED  # none of them rests on these; households and rules do


def test_a_horizon_of_knowledge_before_a_batch_does_not_know_it_and_afterwards_it_is_known_again(town):
    town.settled("后来", 13, date(2026, 3, 3))
    inputs = town.lake.inputs()
    town.run(inputs)
    feed = inputs["medical_settlement"]
    earlier = replace(feed, files=tuple(file for file in feed.files if file.revision == 1))
    known = replace(inputs, known="2026-03-31T00:00:00+08:00", feeds={**inputs.feeds, feed.feed: earlier})
    assert town.agrees(known)["medical_12m"] == "全做"  # what a batch said cannot be told when it is not there
    assert 13 not in medical(town)
    assert town.agrees(inputs)["medical_12m"] == "增量"
    assert 13 in medical(town)


def test_a_roll_that_is_no_longer_in_force_gives_way_to_the_one_before(town):
    rows_before = town.made.manifest.relations["on_dibao_roll"]
    town.lake.add("dibao_roll", town.busy.line("dibao_roll", 1), period="2026-03", revision=2)
    after = town.lake.inputs()
    town.run(after)
    feed = after["dibao_roll"]
    held = tuple((county, period, 1) for county, period, _ in feed.in_force)
    town.agrees(replace(after, feeds={**after.feeds, feed.feed: replace(feed, in_force=held)}))
    assert town.made.manifest.relations["on_dibao_roll"] == rows_before


# --- where a source cannot be told ------------------------------------------------------------------------------------------


def test_a_source_tells_apart_batches_conditions_and_days():
    one = Source({"a": ""}, date(2026, 3, 31))
    assert one == Source({"a": ""}, date(2026, 3, 31))
    assert one != Source({"a": " WHERE scope IN (370502)"}, date(2026, 3, 31))
    assert one != Source({"a": ""}, date(2026, 4, 30))
