"""Landing on the command line: which files are meant, the account, what is returned, what is held back."""

import json
from datetime import date

import pyarrow.parquet as pq
import pytest

from cli.door import assert_refused, doudi, written
from doudi.cli.land import meant
from doudi.engine.inputs import COMMON_COLUMNS
from doudi.landing import load_contract
from doudi.landing.ids import check_character
from doudi.readout.inputs import lake_columns, read_inputs


def person(number):
    first = f"379902{1960 + number % 40}0101{number:03d}"
    return first + check_character(first)


ANNA, BERT, CARL = person(1), person(2), person(3)


def deaths(folder, *ids, month="2026-03", name=None):
    lines = "".join(f"{each},2026-03-02\n" for each in ids)
    return written(folder, name or f"death_{month}.csv", f"死者身份证号,死亡日期\n{lines}")


def roll(folder, count, month):
    rows = "".join(f"{person(n)},某某,H{n // 2},农村,否,300,370502001000,2024-01-01\n" for n in range(1, count + 1))
    head = "公民身份号码,姓名,低保证号,保障类别,单人保,家庭月保障金额,经办乡镇代码,纳入日期\n"
    return written(folder, f"dibao_roll_{month}.csv", head + rows)


def test_the_account_in_json_stands_alone_on_standard_output(tmp_path):
    answer = doudi("land", deaths(tmp_path, ANNA, ANNA, "3799020000"), "--json")
    assert (answer.code, answer.err) == (0, "")
    (file,) = answer.json()["files"]
    assert list(file) == [
        "file", "feed", "period", "revision", "batch", "physical", "header", "blank", "title", "total", "accepted",
        "repeated", "superseded", "rejected", "repaired",
    ]  # fmt: skip
    counted = {key: file[key] for key in ("physical", "header", "accepted", "repeated", "rejected")}
    assert counted == {"physical": 4, "header": 1, "accepted": 1, "repeated": 1, "rejected": 1}


def test_the_account_for_people_sums_up(tmp_path):
    answer = doudi("land", deaths(tmp_path, ANNA, "3799020000"))
    assert answer.code == 0
    assert "共 1 个文件" in answer.out
    assert "退回 1 行" in answer.out


def test_a_folder_is_searched_to_the_bottom_and_what_lies_beside_is_left_alone(tmp_path):
    deaths(tmp_path / "2026" / "03", ANNA)
    for name in ("README.md", "truth.json", ".hidden", "~$open.xlsx", "Thumbs.db"):
        written(tmp_path, name, "not a delivery")
    assert [path.name for path in meant([tmp_path])] == ["death_2026-03.csv"]
    assert doudi("land", tmp_path, "--json").code == 0


def test_a_file_named_twice_is_landed_once(tmp_path):
    path = deaths(tmp_path, ANNA)
    assert list(meant([path, tmp_path])) == [path]


def test_a_file_that_is_no_table_is_refused_and_stops_no_other(tmp_path):
    deaths(tmp_path, ANNA)
    written(tmp_path, "letter.pdf", "%PDF-1.7 nothing")
    answer = doudi("land", tmp_path, "--json")
    assert answer.code == 2
    assert [file["accepted"] for file in answer.json()["files"]] == [1]
    assert "拒收 letter.pdf" in answer.err


@pytest.mark.parametrize("content", ["", "\x00\x01\x02", "一行字", "甲,乙\n1,2\n"])
def test_bytes_of_any_sort_are_a_sentence(tmp_path, content):
    answer = doudi("land", written(tmp_path, "x_2026-03.csv", content), "--json")
    assert answer.code == 2
    assert len(answer.err.strip().splitlines()) == 1
    assert answer.json()["files"] == []


def test_a_path_that_does_not_exist_is_refused(tmp_path):
    assert_refused(doudi("land", tmp_path / "nothing.csv"), "nothing.csv")


def test_an_empty_folder_is_refused(tmp_path):
    assert_refused(doudi("land", tmp_path), "没有可以入库的文件")


def test_the_feed_and_the_month_may_be_said(tmp_path):
    path = deaths(tmp_path, ANNA, name="名单.csv")
    assert doudi("land", path).code == 2
    (file,) = doudi("land", path, "--feed", "death", "--month", "2026-02", "--json").json()["files"]
    assert (file["feed"], file["period"]) == ("death", "2026-02")


def test_before_anything_landed_the_other_commands_say_so():
    for words in (["rejects"], ["coverage"], ["monitor"], ["alerts"], ["explain", "x"]):
        assert_refused(doudi(*words), "还没有入库任何文件")


def test_rejects_say_why_and_show_their_content_only_when_asked(tmp_path):
    doudi("land", deaths(tmp_path, ANNA, "3799020000"))
    masked, plain = doudi("rejects", "--json"), doudi("rejects", "--json", "--reveal")
    assert "3799020000" not in masked.out + doudi("rejects").out
    assert "3799020000" in plain.out
    assert "3799020000" in doudi("rejects", "--reveal").out
    (entry,) = masked.json()["rejects"]
    assert (entry["feed"], entry["line"], "raw" in entry) == ("death", 3, False)
    assert entry["reason"]


def test_rejects_of_another_feed_are_not_listed(tmp_path):
    doudi("land", deaths(tmp_path, "3799020000"))
    assert doudi("rejects", "--feed", "custody", "--json").json()["rejects"] == []
    assert len(doudi("rejects", "--feed", "death", "--json").json()["rejects"]) == 1


def test_coverage_lists_every_feed_and_says_what_never_came(tmp_path):
    doudi("land", deaths(tmp_path, ANNA))
    entries = {each["feed"]: each for each in doudi("coverage", "--at", "2026-03-31", "--json").json()["coverage"]}
    assert set(entries) == set(load_contract())
    assert entries["death"]["in_force"] == "2026-03 r1"
    assert entries["death"]["fresh"] is True
    assert entries["custody"]["in_force"] is None
    assert "从未到过" in doudi("coverage", "--at", "2026-03-31").out


def test_coverage_of_a_later_day_is_stale(tmp_path):
    doudi("land", deaths(tmp_path, ANNA))
    entries = {each["feed"]: each for each in doudi("coverage", "--at", "2026-12-31", "--json").json()["coverage"]}
    assert entries["death"]["fresh"] is False


def test_a_shrunken_roll_is_held_until_somebody_accepts_it(tmp_path):
    doudi("land", roll(tmp_path, 20, "2026-02"), roll(tmp_path, 5, "2026-03"))

    def held():
        entries = doudi("coverage", "--at", "2026-03-31", "--json").json()["coverage"]
        return next((e["in_force"], e["quarantined"]) for e in entries if e["feed"] == "dibao_roll")

    assert held() == ("2026-02 r1", ["dibao_roll_2026-03_r1"])
    answer = doudi("coverage", "--accept", "dibao_roll_2026-03_r1", "--by", "张敏", "--at", "2026-03-31")
    assert "已放行" in answer.out
    assert held() == ("2026-03 r1", [])


def test_accepting_what_never_came_is_refused(tmp_path):
    doudi("land", deaths(tmp_path, ANNA))
    assert_refused(doudi("coverage", "--accept", "dibao_roll_2026-03_r1"), "dibao_roll_2026-03_r1")


def test_the_engine_is_given_every_feed_with_its_files(tmp_path, doudi_home):
    doudi("land", deaths(tmp_path, ANNA))
    inputs = read_inputs(doudi_home, date(2026, 3, 31))
    assert set(inputs.feeds) == set(load_contract())
    assert [file.period for file in inputs["death"].files] == ["2026-03"]
    assert inputs["custody"].files == ()


def test_what_was_received_later_is_not_known_earlier(tmp_path, doudi_home):
    doudi("land", deaths(tmp_path, ANNA))
    assert read_inputs(doudi_home, date(2026, 3, 31), "2020-01-01T00:00:00.000000+08:00")["death"].files == ()


def test_the_columns_told_to_the_engine_are_those_of_the_lake(tmp_path, doudi_home):
    doudi("land", deaths(tmp_path, ANNA), roll(tmp_path, 4, "2026-03"))
    sql = {
        "int64": "BIGINT",
        "int32": "INTEGER",
        "date32[day]": "DATE",
        "string": "VARCHAR",
        "large_string": "VARCHAR",
        "bool": "BOOLEAN",
    }
    for feed in ("death", "dibao_roll"):
        (path,) = (doudi_home / "lake" / "lines" / feed).glob("*.parquet")
        in_file = [(field.name, sql[str(field.type)]) for field in pq.read_schema(path)]
        assert in_file == [*COMMON_COLUMNS, *lake_columns(load_contract()[feed])]


def test_an_own_table_of_divisions_is_used(tmp_path, doudi_home):
    written(doudi_home, "divisions.csv", "code,name\n370502001000,某街道\n370502000000,某区\n")
    doudi("land", roll(tmp_path, 2, "2026-03"))
    entries = doudi("coverage", "--at", "2026-03-31", "--json").json()["coverage"]
    assert next(each["sender"] for each in entries if each["feed"] == "dibao_roll") == "某区"


def test_a_table_of_divisions_that_cannot_be_read_is_refused(tmp_path, doudi_home):
    written(doudi_home, "divisions.csv", "代码,名称\n1,2\n")
    assert_refused(doudi("land", deaths(tmp_path, ANNA)), "divisions.csv")


def test_nothing_but_the_vault_knows_who_landed(tmp_path, doudi_home):
    answer = doudi("land", deaths(tmp_path, BERT, CARL), "--json")
    assert BERT not in answer.out
    records = json.dumps([path.read_text("utf-8") for path in (doudi_home / "lake" / "batches").glob("*.json")])
    assert CARL not in records
