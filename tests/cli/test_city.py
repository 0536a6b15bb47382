"""The main job by the command line on a small invented city: from files to explained alerts, twice."""

import csv
import io
import json
import re
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from cli.door import assert_refused, doudi
from doudi.cli import monitor
from doudi.cli.alerts import FIELDS
from doudi.engine.manifest import read_manifest
from doudi.engine.run import Run
from doudi.landing import Vault
from doudi.readout.runs import find_run
from doudi.readout.whom import household_of

pytestmark = pytest.mark.slow

FIRST, SECOND = "2026-03-15", "2026-03-31"
WHOLE_ID = re.compile(r"\d{17}[\dX]")


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    """A home in which one month of 600 people landed and two days were monitored."""
    folder = tmp_path_factory.mktemp("city")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DOUDI_HOME", str(folder / "home"))
        patch.delenv("DOUDI_PRODUCTION", raising=False)
        assert doudi("demo", folder / "files", "--persons", 600, "--month", "2026-03").code == 0
        landed = doudi("land", folder / "files", "--json")
        assert landed.code == 0, landed.err
        for day in (FIRST, SECOND):
            monitored = doudi("monitor", "--at", day)
            assert monitored.code == 0, monitored.err
        manifest = json.loads((folder / "home" / "runs" / SECOND / "manifest.json").read_text("utf-8"))
        said = monitored.out
        return {
            "home": folder / "home",
            "files": folder / "files",
            "landed": landed,
            "manifest": manifest,
            "said": said,
        }


@pytest.fixture(autouse=True)
def at_home(city, monkeypatch):
    monkeypatch.setenv("DOUDI_HOME", str(city["home"]))


def listed(*options):
    return doudi("alerts", "--format", "jsonl", *options).lines()


def test_every_physical_line_of_every_file_has_a_fate(city):
    fates = ("header", "blank", "title", "total", "accepted", "repeated", "superseded", "rejected")
    open_accounts = [f for f in city["landed"].json()["files"] if f["physical"] != sum(f[fate] for fate in fates)]
    assert open_accounts == []


def test_every_alert_has_exactly_the_promised_fields():
    assert {tuple(alert) for alert in listed()} - {FIELDS, (*FIELDS, "reopens")} == set()


def test_every_alert_has_a_reason_traced_to_a_line_or_to_a_silent_delivery():
    alerts = [alert for alert in listed() if alert["status"] in ("new", "continuing")]
    assert alerts
    bare = [
        a["alert_id"] for a in alerts if not any("line" in r or "absent" in r for r in a["reasons"]) and a["person_id"]
    ]
    assert bare == []


def test_the_second_run_knows_the_alerts_of_the_first(city):
    status = city["manifest"]["counts"]["status"]
    assert status["continuing"] > 0
    assert {alert["status"] for alert in listed("--status", "延续")} == {"continuing"}
    assert len(listed("--status", "continuing")) == status["continuing"]


def test_the_latest_day_is_shown_unless_another_run_is_named():
    assert {alert["status"] for alert in listed("--run", FIRST)} == {"new"}


@pytest.mark.parametrize(
    ("option", "field"), [("--disposition", "disposition"), ("--indicator", "indicator"), ("--level", "level")]
)
def test_alerts_are_chosen_by_what_they_say(option, field):
    alerts = listed()
    value = alerts[0][field]
    assert listed(option, value) == [alert for alert in alerts if alert[field] == value]


def test_alerts_are_chosen_by_place():
    alerts = [alert for alert in listed() if alert["division"]]
    county = alerts[0]["division"][:6]
    chosen = [alert for alert in listed("--division", county) if alert["division"]]
    assert chosen == [alert for alert in alerts if alert["division"].startswith(county)]
    assert listed("--division", "110101") == []


@pytest.mark.parametrize(
    "options", [["--level", "紫"], ["--disposition", "x"], ["--indicator", "x"], ["--status", "x"]]
)
def test_a_choice_that_is_none_is_refused_with_those_that_are(options):
    assert_refused(doudi("alerts", *options), "可用的有")


def test_ids_and_names_are_masked_unless_revealed_and_the_household_number_is_plain():
    masked, plain = listed(), listed("--reveal")
    people = [(one, other) for one, other in zip(masked, plain, strict=True) if one["person_id"]]
    assert people
    assert not [one["person_id"] for one, _ in people if not re.fullmatch(r"\d{4}\*{10}\d{3}[\dX]", one["person_id"])]
    assert not [other["person_id"] for _, other in people if not WHOLE_ID.fullmatch(other["person_id"])]
    assert all(one["household_no"] == other["household_no"] for one, other in people)
    assert not [one["name"] for one, _ in people if one["name"] and "*" not in one["name"]]


def test_no_whole_id_is_shown_by_any_command_unless_asked():
    commands = (["alerts"], ["alerts", "--format", "csv"], ["rejects"], ["coverage"])
    assert [words for words in commands if WHOLE_ID.search(doudi(*words).out)] == []


def test_csv_has_the_promised_fields_and_as_many_rows():
    rows = list(csv.reader(io.StringIO(doudi("alerts", "--format", "csv").out.removeprefix("\ufeff"))))
    assert tuple(rows[0]) == FIELDS
    assert len(rows) == len(listed()) + 1


def test_the_table_says_how_many_and_lists_no_more_than_asked():
    assert f"共 {len(listed()):,} 条，列出 2 条" in doudi("alerts", "--limit", 2).out


def test_the_manifest_answers_what_was_asked_of_it(city):
    asked = ("新增", "延续", "未确认", "解除", "每千户", "红、橙涉及", "无法判断的指标", "示范参数", "东营区")
    assert [words for words in asked if words not in city["said"]] == []
    assert any(told["missing"] for told in city["manifest"]["cannot_tell"].values())


def test_monitoring_again_changes_nothing(city):
    folder = city["home"] / "runs" / SECOND
    before = {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix != ".parquet"}
    again = doudi("monitor", "--at", SECOND, "--json").json()
    assert again.pop("households_red_or_orange") <= again["households"]
    assert again == city["manifest"]
    assert {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix != ".parquet"} == before


def test_a_run_made_again_is_the_same_run(city):
    answer = doudi("monitor", "--replay", city["home"] / "runs" / SECOND / "manifest.json")
    assert (answer.code, answer.err) == (0, "")
    assert "重算一致" in answer.out


def test_a_run_that_does_not_come_out_the_same_is_named(city, tmp_path, monkeypatch):
    was = city["home"] / "runs" / SECOND

    def another(_inputs, _book, _refs, *, folder, **_):
        folder.mkdir(parents=True)
        (folder / "alerts.jsonl").write_bytes(b"")
        manifest = read_manifest(was / "manifest.json")
        relations = dict(manifest.relations) | {"persons": {"rows": 0, "hash": ""}}
        return Run(folder, replace(manifest, relations=relations), {})

    monkeypatch.setattr(monitor, "run", another)
    answer = doudi("monitor", "--replay", was / "manifest.json")
    assert_refused(answer, "persons", "alerts.jsonl")
    assert not (city["home"] / "tmp" / f"replay-{SECOND}").exists()


def test_a_file_that_is_no_manifest_is_refused(tmp_path):
    assert_refused(doudi("monitor", "--replay", tmp_path / "manifest.json"), "不是运行单")


def test_a_horizon_before_the_first_file_is_refused():
    assert_refused(doudi("monitor", "--at", SECOND, "--known", "2020-01-01"), "2020-01-01", "还没有收到任何文件")


def test_a_memory_limit_that_cannot_be_read_is_refused():
    assert_refused(doudi("monitor", "--at", SECOND, "--memory", "plenty"), "plenty")


def test_a_household_is_explained_with_its_reasons():
    alert = next(alert for alert in listed() if alert["household_no"] and alert["status"] == "continuing")
    said = doudi("explain", alert["household_no"])
    assert said.code == 0, said.err
    for words in ("成员", "事实", "层级", "应享、已享、未享", "预警", "由于", "依据", "解除：", alert["alert_id"]):
        assert words in said.out
    assert not WHOLE_ID.search(said.out)


def test_alert_number_and_id_mean_the_same_household(city):
    alert = next(alert for alert in listed("--reveal") if alert["household_no"])
    run = find_run(city["home"])
    with Vault.open(city["home"]) as vault:
        meant = {household_of(vault, run, alert[word]) for word in ("alert_id", "household_no", "person_id")}
    assert len(meant) == 1


@pytest.mark.parametrize("whom", ["nobody", "0123456789abcdef", "110101199001011237", "370502199001011234"])
def test_nobody_is_not_explained(whom):
    answer = doudi("explain", whom)
    assert_refused(answer, "没有")
    assert not WHOLE_ID.search(answer.err)


def test_a_register_for_exclusion_tells_nothing_of_who_is_neither_enrolled_nor_authorised(city):
    lines = city["home"] / "lake" / "lines"

    def keys(feed):
        return set(pl.concat([pl.read_parquet(path) for path in (lines / feed).glob("*.parquet")])["person_key"])

    rolls = set().union(
        *(keys(feed) for feed in ("dibao_roll", "tekun_roll", "low_income_roll", "fanpin_roll", "child_welfare_roll"))
    )
    with Vault.open(city["home"]) as vault:
        person_id, _ = vault.people([min(keys("pension") - rolls)]).popitem()[1]
    said = doudi("explain", person_id).out
    assert "有排除性记录" in said
    assert "月养老金" not in said


def test_a_second_name_for_the_same_files_changes_no_count(city):
    again = doudi("land", *sorted(Path(city["files"]).glob("2026-03/death_*")), "--json").json()
    assert {file["accepted"] for file in again["files"]} == {0}


def test_a_city_is_not_written_over_anything(city):
    assert_refused(doudi("demo", city["files"]), "空目录")
