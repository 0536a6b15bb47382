"""One described household: tier by tier, with amounts, path, reasons and what is missing."""

import re
import subprocess
import sys

import pytest

from architecture.source import ROOT
from cli.door import assert_refused, doudi, written

PAGE = (ROOT / "docs" / "decide" / "decide-answers.md").read_text("utf-8")
DESCRIBED = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
TWO = """
监测日: 2024-06-30
未写明: 无
家庭: {登记城乡类别: 城市}
成员:
  - {称呼: 甲, 与户主关系: 户主, 出生日期: 1980-01-01, 工资收入: WAGE}
  - {称呼: 乙, 与户主关系: 配偶, 出生日期: 1981-01-01}
"""


def decided(folder, text, *options):
    return doudi("decide", written(folder, "家庭.yaml", text), *options)


def tier(answer, name, household=0):
    return next(each for each in answer.json()["households"][household]["tiers"] if each["tier"] == name)


@pytest.mark.parametrize(
    ("wage", "verdict"),
    [("'12 * 2 * 1075 - 0.01'", "yes"), ("12 * 2 * 1075", "no"), ("12 * 2 * 1100", "no"), ("未知", "unknown")],
)
def test_income_below_on_and_above_the_standard_and_unknown(tmp_path, wage, verdict):
    answer = decided(tmp_path, TWO.replace("WAGE", wage), "--json")
    path = next(each for each in tier(answer, "dibao")["paths"] if each["path"] == "dibao.income")
    assert (answer.code, path["verdict"]) == (0, verdict)


@pytest.mark.parametrize(
    ("place", "said"),
    [(0, "最低生活保障（收入型低保），低保月金额 1,725.00 元"), (1, "支出型低保"), (2, "还不能判断：最低生活保障")],
)
def test_the_documented_examples_are_answered_as_documented(tmp_path, place, said):
    answer = decided(tmp_path, DESCRIBED[place])
    assert answer.code == 0
    assert said in answer.out


def test_a_floor_that_reaches_the_line_decides(tmp_path):
    text = DESCRIBED[2].replace("工资收入: 未知", "工资收入: {至少: 12 * 1075}")
    assert tier(decided(tmp_path, text, "--json"), "dibao")["paths"][0]["verdict"] == "no"


def test_an_unknown_names_the_fact_that_would_decide_it(tmp_path):
    assert "乙的工资收入" in tier(decided(tmp_path, DESCRIBED[2], "--json"), "dibao")["missing"]
    assert "要判断，还要知道：乙的工资收入" in decided(tmp_path, DESCRIBED[2]).out


def test_an_amount_is_exact_to_the_fen_and_has_its_clause(tmp_path):
    amounts = tier(decided(tmp_path, DESCRIBED[0], "--json"), "dibao")["amounts"]
    assert [each["value"] for each in amounts] == ["1725.00"]
    assert amounts[0]["clauses"]


def test_every_test_of_every_path_says_its_question_its_rule_and_its_clause(tmp_path):
    for each in decided(tmp_path, DESCRIBED[0], "--json").json()["households"][0]["tiers"]:
        for path in each["paths"]:
            for test in path["tests"]:
                assert test["question"]
                assert test["why"]
                assert test["clauses"]


def test_several_households_stand_in_one_file(tmp_path):
    both = f"- {DESCRIBED[0].strip().replace(chr(10), chr(10) + '  ')}\n- {DESCRIBED[1].strip().replace(chr(10), chr(10) + '  ')}\n"
    answer = decided(tmp_path, both, "--json")
    assert [tier(answer, "dibao", place)["verdict"] for place in (0, 1)] == ["yes", "yes"]


def test_full_unfolds_down_to_the_facts(tmp_path):
    brief, full = decided(tmp_path, DESCRIBED[0]).out, decided(tmp_path, DESCRIBED[0], "--full").out
    assert len(full) > len(brief)
    assert "个人工资性收入" in full


def test_a_demo_value_is_named_and_in_production_it_is_unknown(tmp_path, monkeypatch):
    text = TWO.replace("2024-06-30", "2026-06-30").replace("WAGE", "12000")
    assert "城市低保标准" in decided(tmp_path, text, "--json").json()["households"][0]["demo_parameters"]
    assert "示范参数" in decided(tmp_path, text).out
    monkeypatch.setenv("DOUDI_PRODUCTION", "1")
    answer = decided(tmp_path, text, "--json")
    assert answer.json()["households"][0]["demo_parameters"] == []
    assert tier(answer, "dibao")["paths"][0]["verdict"] == "unknown"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "没有写任何一户"),
        ("监测日: 2024-06-30", "缺少 成员"),
        (TWO.replace("WAGE", "很多"), "很多"),
        (TWO.replace("WAGE", "1.5"), "小数"),
        (TWO.replace("工资收入: WAGE", "月光收入: 3"), "月光收入"),
        (TWO.replace("WAGE", "1/0"), "除以了零"),
        (TWO.replace("2024-06-30", "去年").replace("WAGE", "1"), "去年"),
        ("- [1, 2", "YAML"),
        ("a: &x 1\nb: *x", "锚点"),
    ],
)
def test_a_description_that_cannot_be_read_is_refused_in_a_sentence(tmp_path, text, said):
    assert_refused(decided(tmp_path, text), said)


def test_a_file_that_does_not_exist_is_refused(tmp_path):
    assert_refused(doudi("decide", tmp_path / "nobody.yaml"), "nobody.yaml")


def test_bytes_that_are_no_text_are_refused(tmp_path):
    (tmp_path / "x.yaml").write_bytes(bytes(range(256)))
    assert_refused(doudi("decide", tmp_path / "x.yaml"), "x.yaml")


def test_deciding_waits_for_neither_the_engine_nor_landing(tmp_path):
    file = written(tmp_path, "家庭.yaml", TWO.replace("WAGE", "0"))
    told = "import sys; from doudi.cli import app; app(['decide', sys.argv[1]], standalone_mode=False); print(*sys.modules)"
    answer = subprocess.run([sys.executable, "-c", told, str(file)], capture_output=True, text=True, check=True)
    opened = answer.stdout.split()
    assert "结论" in answer.stdout
    assert {"polars", "duckdb", "pyarrow", "cryptography"}.isdisjoint(opened)
