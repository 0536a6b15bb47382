"""A run from the lake to alerts that explain themselves, by a small book of its own (minibook/)."""

import json
import random
import re
import shutil
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from doudi.engine.manifest import differences, read_manifest
from doudi.engine.previous import find_previous, read_previous
from doudi.engine.run import Settings, run
from doudi.errors import Refusal
from doudi.policy.load import load_book
from engine.lake import COUNTY, TOWN, Lake

pytestmark = pytest.mark.slow

HERE = Path(__file__).parent
ALSO = ("relation_to_head", "means_check_consent", "enrolled_dibao")  # facts that reasons use though no rule names them
ROLL = {
    "kind": "农村",
    "single": "否",
    "amount_month": 600,
    "division": TOWN,
    "since": date(2024, 1, 1),
    "case_no": "c1",
}
COST = {"kind": "住院", "in_scope": 0, "basic_paid": 0, "major_paid": 0, "aid_paid": 0, "date": date(2026, 1, 2)}


@pytest.fixture(scope="module")
def minibook(tmp_path_factory):
    folder = tmp_path_factory.mktemp("book") / "policybook"
    shutil.copytree(HERE / "minibook", folder)
    (folder / "facts").mkdir(exist_ok=True)  # git keeps no empty folder
    rules = "".join(path.read_text() for path in folder.rglob("*.yaml"))
    for path in (HERE.parents[1] / "policybook" / "facts").glob("*.yaml"):
        entries = re.findall(r"^- \{id: (\w+), 名: (\w+),.*$", path.read_text(), re.MULTILINE)
        lines = path.read_text().splitlines()
        wanted = [f"- {{id: {name}," for name, chinese in entries if name in ALSO or chinese in rules]
        (folder / "facts" / path.name).write_text("\n".join(x for x in lines if x.startswith(tuple(wanted))) or "[]")
    return load_book(folder)


@pytest.fixture
def monitor(minibook):
    """monitor(lake) -> (run, alerts by indicator)"""

    def go(lake, **more):
        made = run(lake.inputs(), minibook, refs, **{"settings": Settings(memory="512MB"), **more})
        entries = [json.loads(line) for line in (made.folder / "alerts.jsonl").read_text().splitlines()]
        return made, {entry["indicator"]: entry for entry in entries}

    return go


def refs(keys):
    return {key: f"ref{key}" for key in keys}


def costly(lake, person=1, total=8000):
    lake.whole_year("medical_settlement", "assistance")
    return lake.add(
        "medical_settlement", {"id": person, "settlement_no": "a", "total": total, **COST}, period="2026-01"
    )


def on_roll(lake, person=1):
    return lake.add("dibao_roll", {"id": person, "name": f"n{person}", **ROLL})


def rolls_without_him(lake):
    return on_roll(lake, 99)


# --- the reasons ---------------------------------------------------------------------------------------------------------


def test_an_alert_names_the_fact_the_line_it_crossed_and_where_it_was_written(lake, monitor):
    _, alerts = monitor(rolls_without_him(costly(lake.person(1))))
    alert = alerts["eligible.cost"]
    assert (alert["status"], alert["level"], alert["distance"], alert["opened_on"]) == (
        "new",
        "橙",
        300000,
        "2026-03-31",
    )
    assert (alert["subject_ref"], alert["county"], alert["clause"]) == ("household:ref1", "370502", ["M.1"])
    (reason,) = [reason for reason in alert["reasons"] if "line" in reason]
    assert reason["fact"] == "self_paid_fen_12m"
    assert (reason["value"], reason["unit"], reason["op"], reason["threshold"]) == (800000, "fen", ">", 500000)
    assert (reason["feed"], reason["line"], reason["date"], reason["person_ref"]) == (
        "medical_settlement",
        2,
        "2026-01-02",
        "ref1",
    )
    assert reason["batch"].startswith("medical_settlement_2026-01_r1_")


def test_an_amount_that_is_only_a_floor_says_at_least(lake, monitor):
    lake = rolls_without_him(costly(lake.person(1)))
    lake.rows.pop(("medical_settlement", "2025-10", 1))
    _, alerts = monitor(lake)
    (reason,) = [reason for reason in alerts["eligible.cost"]["reasons"] if "line" in reason]
    assert reason["at_least"] == 800000
    assert "value" not in reason


def test_a_threshold_is_told_as_the_law_has_it_not_as_it_was_multiplied(lake, monitor):
    lake = on_roll(costly(lake.person(1)))
    lake.add("pension", {"id": 1, "scheme": "职工", "amount_month": 1600})
    _, alerts = monitor(lake)
    (reason,) = [reason for reason in alerts["eligible.rich"]["reasons"] if reason["fact"] == "pension_fen_month"]
    assert (reason["value"], reason["threshold"]) == (160000, 150000)


def test_an_exclusion_only_record_of_somebody_not_enrolled_is_told_as_its_existence_alone(lake, monitor):
    lake = rolls_without_him(costly(lake.person(1)))
    lake.add("pension", {"id": 1, "scheme": "职工", "amount_month": 1600})
    made, alerts = monitor(lake)
    reasons = alerts["eligible.rich"]["reasons"]
    assert {"fact": "有排除性记录"} in reasons
    assert not any(reason.get("feed") == "pension" for reason in reasons)
    assert "160000" not in (made.folder / "alerts.jsonl").read_text()


def test_absence_is_a_reason_with_the_delivery_that_is_silent(lake, monitor):
    lake = on_roll(lake.person(1)).whole_year("assistance")
    _, alerts = monitor(heated(lake, 9, date(2025, 12, 1)))
    reasons = alerts["unfulfilled.heating"]["reasons"]
    (absent,) = [reason for reason in reasons if reason["fact"] == "recorded_heating"]
    assert (absent["absent"], absent["feed"], absent["value"]) == (True, "assistance", False)
    assert any(reason["fact"] == "enrolled_dibao" and reason["line"] == 2 for reason in reasons)


def test_a_fact_that_raises_the_level_makes_it_red(lake, monitor):
    lake = rolls_without_him(costly(lake.person(1)))
    lake.add("serious_illness", {"id": 1, "disease": "x", "diagnosed": date(2026, 1, 1)})
    assert monitor(lake)[1]["eligible.cost"]["level"] == "红"


def test_a_book_whose_indicators_are_all_off_runs_and_alerts_nobody(lake, minibook):
    off = replace(minibook, indicators=tuple(replace(one, off=True) for one in minibook.indicators))
    made = run(costly(lake.person(1)).inputs(), off, refs, settings=Settings(memory="512MB"))
    assert (made.manifest.people, made.manifest.alerts) == (1, 0)


# --- what silences, what is unknown --------------------------------------------------------------------------------------


def test_who_is_on_the_roll_is_not_alerted_for_what_the_roll_gives(lake, monitor):
    assert "eligible.cost" not in monitor(on_roll(costly(lake.person(1))))[1]


def test_an_unknown_exclusion_does_not_silence(lake, monitor):
    assert "eligible.cost" in monitor(costly(lake.person(1)))[1]


def test_unknown_opens_no_alert_and_is_counted_with_the_missing_feed(lake, monitor):
    made, alerts = monitor(rolls_without_him(lake.person(1)))
    assert "eligible.cost" not in alerts
    told = made.manifest.cannot_tell["eligible.cost"]
    assert told["subjects"] == 1  # the household on the roll is silenced, not unknown
    assert (told["missing"], told["facts"]) == (["medical_settlement"], ["self_paid_fen_12m"])


def test_a_county_has_its_own_line(lake, monitor):
    lake = costly(lake.person(1, hukou_division=370503001001))
    lake.add(
        "tekun_roll",
        {
            "id": 9,
            "name": "n9",
            "kind": "农村",
            "support": "集中",
            "care": "全自理",
            "amount_month": 1,
            "division": 370503001000,
            "since": date(2024, 1, 1),
        },
    )
    lake.counties = (COUNTY, 370503)
    assert "eligible.cost" not in monitor(lake)[1]


# --- receipts --------------------------------------------------------------------------------------------------------------


def paid(lake, person, day, programme):
    line = {
        "record_no": f"{person}{day}",
        "id": person,
        "programme": programme,
        "amount": 400,
        "date": day,
        "department": "某局",
    }
    lake.add("assistance", line, period=f"{day:%Y-%m}")
    return lake.programme("assistance", programme, f"{day:%Y-%m}")


def heated(lake, person, day):
    return paid(lake, person, day, "取暖补贴")


def test_what_any_member_received_since_the_due_date_fulfils_the_household(lake, monitor):
    lake = on_roll(lake.person(1).person(2, relation="配偶")).whole_year("assistance")
    assert "unfulfilled.heating" not in monitor(heated(lake, 2, date(2025, 11, 15)))[1]


def test_what_was_paid_before_the_due_date_was_for_the_season_before(lake, monitor):
    lake = on_roll(lake.person(1)).whole_year("assistance")
    heated(lake, 1, date(2025, 11, 14))
    assert "unfulfilled.heating" in monitor(heated(lake, 9, date(2025, 12, 1)))[1]


def test_nobody_is_missing_what_the_department_has_not_reported_since(lake, monitor):
    lake = on_roll(lake.person(1)).whole_year("assistance")
    made, alerts = monitor(lake)
    assert "unfulfilled.heating" not in alerts
    assert made.manifest.cannot_tell["unfulfilled.heating"]["subjects"] == 1


def test_an_event_is_due_on_its_own_day(lake, monitor):
    lake = lake.person(1).whole_year("assistance", "disaster")
    lake.add("disaster", {"id": 1, "event": "暴雨", "date": date(2026, 1, 10), "loss": 1}, period="2026-01")
    assert "unfulfilled.relief" in monitor(paid(lake, 9, date(2026, 2, 1), "受灾救助"))[1]
    assert "unfulfilled.relief" not in monitor(paid(lake, 1, date(2026, 1, 10), "受灾救助"))[1]


# --- again, and later ------------------------------------------------------------------------------------------------------


def test_running_again_gives_equal_hashes_and_equal_bytes(lake, monitor):
    lake = rolls_without_him(costly(lake.person(1)))
    first, _ = monitor(lake)
    told = (first.folder / "alerts.jsonl").read_bytes()
    again, _ = monitor(lake, folder=lake.home / "runs" / "again", settings=Settings(memory="1GB"))
    assert differences(read_manifest(first.folder / "manifest.json"), again.manifest) == []
    assert (again.folder / "alerts.jsonl").read_bytes() == told


def city_of(lake, key):
    """A small city in which nobody is anybody's obvious head; `key` numbers its people."""
    for number in range(1, 8):
        lake.person(key(number), household=f"h{number % 3}", relation="其他", name=f"名{number}")
    costly(lake, key(2)).add(
        "death", {"id": key(9), "date": date(2026, 1, 5)}, {"id": key(4), "date": date(2026, 1, 5)}
    )
    lake.add(
        "kinship",
        {"id": key(6), "relative_id": key(9), "kind": "父亲"},
        {"id": key(3), "relative_id": key(9), "kind": "父亲"},
    )
    for number in (4, 7):
        lake.add("dibao_roll", {"id": key(number), "name": f"名{number}", **ROLL, "case_no": f"c{number}"})
    return lake.add(
        "serious_illness", *({"id": key(n), "disease": "x", "diagnosed": date(2026, 1, 1)} for n in (1, 2, 5))
    )


def test_the_order_in_which_people_got_their_keys_changes_no_alert(tmp_path, minibook):
    told = []
    for seed in range(4):
        numbers = list(range(1, 10))
        if seed:
            random.Random(seed).shuffle(numbers)
        people = dict(zip(numbers, (f"ref{number}" for number in range(1, 10)), strict=True))
        lake = city_of(Lake(tmp_path / str(seed)), lambda n, numbers=numbers: numbers[n - 1])
        made = run(
            lake.inputs(),
            minibook,
            lambda keys, people=people: {k: people[k] for k in keys},
            settings=Settings(memory="512MB"),
        )
        told.append(re.sub(r"_r1_[0-9a-f]+", "", (made.folder / "alerts.jsonl").read_text()))
    assert told == [told[0]] * 4
    assert told[0].count("\n") == 2


def test_a_run_over_other_lines_differs_by_name(lake, monitor):
    first, _ = monitor(costly(lake.person(1)))
    other, _ = monitor(lake.add("death", {"id": 1, "date": date(2026, 3, 1)}), folder=lake.home / "runs" / "again")
    assert {"death_on_record", "inputs"} <= set(differences(first.manifest, other.manifest))


def test_an_alert_continues_is_cleared_by_a_no_and_named_when_it_returns(lake, monitor):
    costly(rolls_without_him(lake.person(1)))
    _, opened = monitor(lake)
    april = moved(lake, date(2026, 4, 30))
    _, standing = monitor(april, previous=find_previous(lake.home, april.at))
    assert (standing["eligible.cost"]["status"], standing["eligible.cost"]["alert_id"]) == (
        "continuing",
        opened["eligible.cost"]["alert_id"],
    )
    may = moved(lake, date(2026, 5, 31))
    may.add(
        "medical_settlement", {"id": 1, "settlement_no": "b", "total": -8000, **COST, "reverses": "a"}, period="2026-05"
    )
    _, cleared = monitor(may, previous=find_previous(lake.home, may.at))
    assert (cleared["eligible.cost"]["status"], cleared["eligible.cost"]["cleared_on"]) == ("cleared", "2026-05-31")
    june = moved(lake, date(2026, 6, 30))
    june.add("medical_settlement", {"id": 1, "settlement_no": "c", "total": 9000, **COST}, period="2026-06")
    _, back = monitor(june, previous=find_previous(lake.home, june.at))
    assert (back["eligible.cost"]["status"], back["eligible.cost"]["reopens"]) == (
        "new",
        opened["eligible.cost"]["alert_id"],
    )


def test_a_stale_feed_clears_nothing(lake, monitor):
    costly(rolls_without_him(lake.person(1)))
    monitor(lake)
    later = moved(lake, date(2027, 2, 28)).stale("medical_settlement")
    _, alerts = monitor(later, previous=find_previous(lake.home, later.at))
    assert alerts["eligible.cost"]["status"] == "unconfirmed"
    assert alerts["eligible.cost"]["reasons"]


@pytest.fixture(scope="module")
def opened(minibook, tmp_path_factory):
    """opened(*stale feeds) -> the alerts of a small city, as (indicator, subject)."""

    def alerts(*stale):
        lake = city_of(Lake(tmp_path_factory.mktemp("opened")), lambda number: number).whole_year("assistance")
        inputs = heated(lake, 5, date(2025, 12, 1)).stale(*stale).inputs()
        made = run(inputs, minibook, refs, settings=Settings(memory="512MB"))
        entries = map(json.loads, (made.folder / "alerts.jsonl").read_text().splitlines())
        return {(entry["indicator"], entry["subject_ref"]) for entry in entries}

    return cache(alerts)


@pytest.mark.parametrize("feed", ["medical_settlement", "assistance", "dibao_roll", "population", "death"])
def test_a_feed_that_turns_stale_opens_no_alert(opened, feed):
    assert opened(feed) <= opened()
    assert ("unfulfilled.heating", "household:ref7") in opened()


def test_a_run_that_fails_leaves_the_one_before_as_it_was(lake, monitor, monkeypatch):
    made, _ = monitor(rolls_without_him(costly(lake.person(1))))
    told = {path.name: path.read_bytes() for path in made.folder.iterdir()}
    monkeypatch.setattr("doudi.engine.run.cannot_tell", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        monitor(lake.add("death", {"id": 1, "date": date(2026, 3, 1)}))
    assert {path.name: path.read_bytes() for path in made.folder.iterdir()} == told


def test_a_household_keeps_its_key_when_its_head_is_replaced(lake, monitor):
    costly(rolls_without_him(lake.person(1).person(2, relation="配偶").person(3, relation="子")))
    monitor(lake)
    later = moved(lake, date(2026, 4, 30))
    later.rows[("population", "2026-03", 1)][:] = []
    later.person(2, relation="户主").person(3, relation="子")
    later.add("medical_settlement", {"id": 2, "settlement_no": "d", "total": 9000, **COST}, period="2026-04")
    _, alerts = monitor(later, previous=find_previous(lake.home, later.at))
    assert (alerts["eligible.cost"]["status"], alerts["eligible.cost"]["subject_ref"]) == (
        "continuing",
        "household:ref1",
    )


def test_the_run_before_is_the_latest_of_an_earlier_date(lake, monitor):
    costly(rolls_without_him(lake.person(1)))
    monitor(lake)
    monitor(moved(lake, date(2026, 4, 30)))
    assert find_previous(lake.home, date(2026, 3, 31)) is None
    assert find_previous(lake.home, date(2026, 4, 30)).folder.name == "2026-03-31"
    assert find_previous(lake.home, date(2026, 9, 1)).folder.name == "2026-04-30"


def test_a_folder_that_is_no_run_is_refused(tmp_path):
    with pytest.raises(Refusal, match="不是一次完成的运行"):
        read_previous(tmp_path)
    (tmp_path / "manifest.json").write_text("[]")
    with pytest.raises(Refusal, match="不是运行单"):
        read_manifest(tmp_path / "manifest.json")


# --- the manifest ----------------------------------------------------------------------------------------------------------


def test_the_manifest_counts_what_was_opened_and_names_the_demo_settings(lake, monitor):
    made, _ = monitor(rolls_without_him(costly(lake.person(1))))
    told = made.manifest
    assert (told.people, told.households, told.alerts, told.alerts_per_1000_households) == (2, 2, 1, "500.0")
    assert told.counts["disposition"] == {"eligible": 1}
    assert told.counts["status"] == {"new": 1}
    assert told.demo_parameters == ("pension_line",)
    assert told.relations["hits"]["rows"] == 1
    assert (made.folder / "book.json").read_text().startswith("{")


def test_production_refuses_demo_settings(lake, monitor):
    lake = on_roll(costly(lake.person(1)))
    lake.add("pension", {"id": 1, "scheme": "职工", "amount_month": 1600})
    _, alerts = monitor(lake, settings=Settings(memory="512MB", production=True))
    assert "eligible.rich" not in alerts


def test_a_late_department_is_itself_an_alert(lake, monitor):
    lake = lake.person(1)
    lake.at = date(2026, 6, 30)
    lake.add("death", {"id": 9, "date": date(2026, 3, 1)}).stale("death")
    made, alerts = monitor(lake)
    assert alerts["supervision.late"]["subject_ref"].startswith("delivery:")
    assert made.manifest.counts["indicator"]["supervision.late"] >= 1


def moved(lake, at):
    """The same lake at a later date: every month up to then delivered, rolls sent again."""
    later = Lake(lake.home, at)
    later.rows = {key: list(rows) for key, rows in lake.rows.items()}
    later.whole_year("medical_settlement", "assistance")
    lake.at = later.at
    return later
