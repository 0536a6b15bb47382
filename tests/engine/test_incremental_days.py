"""The monitoring date moves: a run that carries over what an earlier day made is the run that makes everything anew."""

from datetime import date

import pytest

from doudi.engine.previous import read_previous
from engine.town import EVERYTHING_CARRIED, Town, alerts_of, medical

pytestmark = pytest.mark.slow


# --- days of one month, and its end ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def days(few, tmp_path_factory):
    """A town on some days of March, one after the other, each found equal to what is made from nothing: how the relations
    came about, and of whom the settlements of the year tell.
    """
    town = Town(tmp_path_factory.mktemp("days"), few).at(date(2026, 3, 20))
    town.settled("将来", 11, date(2026, 3, 15))
    told = {20: (town.run().how, medical(town))}
    for day in (10, 30, 31):
        told[day] = town.at(date(2026, 3, day)).agrees(), medical(town)
    return told


def test_back_to_an_earlier_day_what_was_past_is_to_come(days):
    assert 11 in days[20][1]
    assert days[10][0]["medical_12m"] == "增量"
    assert 11 not in days[10][1]


def test_inside_a_month_an_event_beyond_the_date_becomes_past(days):
    assert days[30][0]["medical_12m"] == days[30][0]["death_on_record"] == "增量"
    assert 11 in days[30][1]


def test_on_the_last_day_of_a_month_the_window_moves_and_on_the_day_before_it_does_not(days):
    assert days[30][0]["medical_12m"] == "增量"
    assert days[31][0]["medical_12m"] == "全做"


def test_across_the_end_of_a_month_what_rests_on_a_window_is_made_anew(town):
    first = read_previous(town.made.folder)
    town.at(date(2026, 4, 30))
    how = town.agrees(previous=first)
    assert how["medical_12m"] == "全做"
    assert how["death_on_record"] == "增量"


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
