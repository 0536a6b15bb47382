"""A second run of a day judges again only what has changed, and says what a run from nothing says.

Each test monitors a town, lets something happen, and monitors it once more on the same day: relations, verdicts, alerts and
reasons are compared with a home that knows nothing. That only a part was judged again is asserted too.
"""

from datetime import date
from importlib.resources import files

import pytest

from doudi.engine.part_steps import SAMPLED
from doudi.engine.previous import read_previous
from engine.town import Town, alerts_of

pytestmark = pytest.mark.slow


def test_where_nothing_happened_nobody_is_judged_again(town):
    before = {path: path.stat().st_mtime_ns for path in town.made.folder.iterdir()}
    assert town.again().is_empty
    assert {path: path.stat().st_mtime_ns for path in town.made.folder.iterdir()} == before


def test_one_settlement_more_is_about_one_household(town):
    town.settled("大额", 7, date(2026, 2, 3))
    part = town.again()
    assert (part.feeds, part.persons) == (("medical_settlement",), 1)
    assert town.made.how["part_members"] == "局部"


def test_households_that_become_cases_are_alerted_and_those_that_no_longer_are_none_are_not(town):
    before = alerts_of(town.made)
    sick = range(100, 130, 3)
    for key in sick:
        town.settled(f"极大{key}", key, date(2026, 2, 3), total=90_000_000, in_scope=90_000_000)
    assert town.again().persons == len(sick)
    after = alerts_of(town.made)
    assert after > before
    for key in sick:
        back = {"total": -90_000_000, "in_scope": -90_000_000, "reverses": f"极大{key}"}
        town.settled(f"极大退{key}", key, date(2026, 3, 3), **back)
    assert town.again().persons == len(sick)
    assert alerts_of(town.made) == before


def test_a_key_that_moves_to_another_person_concerns_both(town):
    town.settled("张冠李戴", 9, date(2026, 2, 3))
    town.run()
    town.settled("张冠李戴", 12, date(2026, 2, 3), total=8000)
    assert town.again().persons == 2


def test_a_roll_that_is_sent_again_forms_households_again_and_concerns_those_that_came_out_otherwise(town):
    kept = town.lake.rows[("dibao_roll", "2026-03", 1)]
    town.lake.add("dibao_roll", *kept[:3], period="2026-03", revision=2)
    part = town.again()
    assert part is None or "dibao_roll" in part.feeds


def test_people_who_leave_the_register_leave_their_households(town):
    town.busy.register("2026-03", without=(7, 8, 30, 31, 32), revision=2)
    assert town.again() is None  # a register names everybody
    assert town.made.manifest.relations["in_population"]["rows"] == 300 - 5


def test_a_child_is_judged_again_when_something_is_said_of_a_parent_who_lives_elsewhere(tmp_path, book):
    town = Town(tmp_path, book)
    town.lake.add(
        "kinship",
        *({"id": 60 + n, "relative_id": 90 + n, "kind": "父亲"} for n in range(20)),
        period="2026-03",
        revision=9,
    )
    town.run()
    town.lake.add("custody", town.busy.line("custody", 95), period="2026-03", revision=9)
    assert town.again().feeds == ("custody",)


def test_a_house_may_have_several_owners_and_they_are_judged_again_together(town):
    before = town.lake.rows[("real_estate", "2026-03", 1)]
    owners = [{**town.busy.line("real_estate", key), "certificate": "同证", "share": None} for key in (100, 130)]
    town.lake.add("real_estate", *before, owners[0], period="2026-03", revision=2)
    town.run()
    town.lake.add("real_estate", *before, *owners, period="2026-03", revision=3)
    part = town.again()
    assert part.feeds == ("real_estate",)
    town.lake.add("real_estate", *before, owners[1], period="2026-03", revision=4)
    assert town.again().persons == part.persons


def test_a_feed_that_speaks_of_most_people_makes_everything_anew(town):
    town.lake.add(
        "medical_settlement", *(town.busy.line("medical_settlement", key) for key in range(1, 200)), period="2026-03",
        revision=9,
    )  # fmt: skip
    assert town.is_made_anew()


def test_a_feed_that_turned_stale_makes_everything_anew_for_silence_proves_less(town):
    town.lake.stale("medical_settlement", "death")
    assert town.is_made_anew()


def test_another_day_is_another_run(town):
    town.at(date(2026, 4, 1))
    assert town.is_made_anew()


def test_the_alerts_of_the_day_before_continue_whoever_is_judged_again(town):
    first = read_previous(town.made.folder)
    town.at(date(2026, 4, 2)).run(previous=first)
    town.settled("后来", 7, date(2026, 2, 3), total=90_000_000, in_scope=90_000_000)
    assert town.again(previous=first).persons == 1


def test_after_another_run_before_it_everything_is_made_anew(town):
    first = read_previous(town.made.folder)
    town.at(date(2026, 4, 2)).run()
    assert town.is_made_anew(previous=first)


@pytest.mark.parametrize("lost", ["basis.json", "verdicts.parquet", "manifest.json"])
def test_a_run_that_is_not_whole_is_built_on_by_nobody(town, lost):
    (town.made.folder / lost).unlink()
    assert town.is_made_anew()


def test_what_is_left_of_a_run_that_is_not_whole_gives_way_to_a_whole_one(town):
    before = alerts_of(town.made)
    (town.made.folder / "basis.json").unlink()
    assert town.again() is None
    assert alerts_of(town.made) == before


def test_a_basis_that_cannot_be_read_is_none(town):
    (town.made.folder / "basis.json").write_text("{")
    assert town.is_made_anew()


def test_as_many_doubtful_are_kept_ready_as_the_relation_takes():
    text = (files("doudi.engine") / "relations" / "50_alerts" / "doubtful.sql").read_text("utf-8")
    assert text.rstrip().endswith(f"WHERE place <= {SAMPLED}")
