"""是哪一种来件、哪一个月：先看表头，再看文件名；说不清的拒绝。"""

from pathlib import Path

import pytest

from doudi.errors import Refusal
from doudi.landing.contract import load_contract
from doudi.landing.recognise import recognise
from landing.files import DEATH, DIBAO


def headers(feed, aliases=False):
    """The headers of a feed as sent, by the contract's own words or by the last alias of each."""
    return [
        column.aliases[-1] if aliases and column.aliases else column.header for column in load_contract()[feed].columns
    ]


@pytest.mark.parametrize("feed", load_contract())
def test_every_feed_is_recognised_by_its_header_alone(feed):
    found = recognise(Path("三月来件_2026-03.csv"), headers(feed))
    assert found.feed.name == feed
    assert (found.missing, found.ignored) == ((), ())


@pytest.mark.parametrize("feed", load_contract())
def test_every_feed_is_recognised_by_its_aliases_and_name(feed):
    assert recognise(Path(f"{feed}_2026-03.csv"), headers(feed, aliases=True)).feed.name == feed


@pytest.mark.parametrize("feed", load_contract())
def test_every_feed_is_recognised_by_its_required_columns_and_name(feed):
    header = [column.header for column in load_contract()[feed].columns if column.required]
    assert recognise(Path(f"{feed}_2026-03.csv"), header).feed.name == feed


@pytest.mark.parametrize(
    "written",
    [
        "*公民身份号码",
        "公民 身份号码",
        "公民身份号码：",
        "公民身份\n号码",
        "\ufeff公民身份号码",
        "公民身份号码（必填）",
    ],
)
def test_a_header_is_read_through_stars_blanks_breaks_and_brackets(written):
    assert recognise(Path("death_2026-03.csv"), [written, "死亡日期"]).columns == {"id": written, "date": "死亡日期"}


def test_an_amount_in_ten_thousands_is_another_column():
    header = [*DIBAO, "多余"]
    header[DIBAO.index("家庭月保障金额")] = "家庭月保障金额(万元)"
    with pytest.raises(Refusal, match="缺少必需的列：家庭月保障金额。") as refusal:
        recognise(Path("dibao_roll_2026-03.csv"), header)
    assert refusal.value.code == "landing.missing_columns"


@pytest.mark.parametrize(
    ("name", "period", "revision", "part"),
    [
        ("death_2026-03.csv", "2026-03", 1, None),
        ("death_2026-03_r2.csv", "2026-03", 2, None),
        ("death_2026-03_part2.csv", "2026-03", 1, 2),
        ("death_2026-03_r12_part10.xlsx", "2026-03", 12, 10),
        ("DEATH_2026-03_R2_PART3.CSV", "2026-03", 2, 3),
        ("死亡名单2026年3月.xls", "2026-03", 1, None),
        ("death_202603.csv", "2026-03", 1, None),
        ("death_20260331.csv", "2026-03", 1, None),
        ("death_2026-03 (1).csv", "2026-03", 1, None),
    ],
)
def test_period_revision_and_part_stand_in_the_name(name, period, revision, part):
    found = recognise(Path(name), DEATH)
    assert (found.period, found.revision, found.part) == (period, revision, part)


@pytest.mark.parametrize("name", ["death.csv", "death_2026.csv", "death_2026-13.csv", "death_03.csv"])
def test_a_name_without_a_month_is_refused_unless_the_month_is_said(name):
    with pytest.raises(Refusal, match="--month"):
        recognise(Path(name), DEATH)
    assert recognise(Path(name), DEATH, month="2026-03").period == "2026-03"


def test_the_month_that_is_said_goes_before_the_name_and_must_be_one():
    assert recognise(Path("death_2026-03.csv"), DEATH, month="2026-02").period == "2026-02"
    with pytest.raises(Refusal, match="不是月份"):
        recognise(Path("death_2026-03.csv"), DEATH, month="三月")


def test_the_header_goes_before_the_name():
    assert recognise(Path("custody_2026-03.csv"), DEATH).feed.name == "death"


def test_the_feed_that_is_said_goes_before_the_header():
    header = ["公民身份号码", "情形", "开始日期"]
    assert recognise(Path("x_2026-03.csv"), header).feed.name == "custody"
    assert recognise(Path("x_2026-03.csv"), header, feed="housing_need").feed.name == "housing_need"
    with pytest.raises(Refusal, match="没有叫“低保”的来件"):
        recognise(Path("x_2026-03.csv"), header, feed="低保")


def test_a_header_of_two_feeds_is_settled_by_the_name_or_refused():
    header = ["公民身份号码", "姓名", "单位", "账户状态", "缴存基数", "证件号码"]
    assert recognise(Path("housing_fund_2026-03.csv"), header).feed.name == "housing_fund"
    header = ["公民身份号码", "死亡日期", "单位"]
    assert recognise(Path("death_2026-03.csv"), header).feed.name == "death"
    assert recognise(Path("public_payroll_2026-03.csv"), header).feed.name == "public_payroll"
    with pytest.raises(Refusal, match="同时符合death、public_payroll") as refusal:
        recognise(Path("x_2026-03.csv"), header)
    assert refusal.value.code == "landing.ambiguous_header"


def test_missing_columns_are_named_beside_the_headers_seen():
    with pytest.raises(
        Refusal, match="缺少必需的列：低保证号、纳入日期。文件里的表头是：公民身份号码、姓名"
    ) as refusal:
        recognise(Path("a_2026-03.csv"), [word for word in DIBAO if word not in {"低保证号", "纳入日期"}])
    assert refusal.value.facts == {"feed": "dibao_roll"}


def test_missing_optional_columns_and_unknown_extra_ones_are_listed_and_no_hindrance():
    header = [*(word for word in DIBAO if word not in {"待遇状态", "核算人数"}), "备注", "", "备注"]
    found = recognise(Path("a_2026-03.csv"), header)
    assert found.missing == ("status", "members_counted")
    assert found.ignored == ("备注", "备注")


@pytest.mark.parametrize("twice", ["姓名", "身份证号"])
def test_a_column_that_comes_twice_is_refused_also_under_its_alias(twice):
    with pytest.raises(Refusal, match="出现了 2 次"):
        recognise(Path("dibao_roll_2026-03.csv"), [*DIBAO, twice])


def test_an_unknown_header_is_shown_without_anybody_s_number():
    with pytest.raises(Refusal, match="对不上") as refusal:
        recognise(Path("a_2026-03.csv"), ["赵一", "370502198001150015", "死亡日期"])
    assert "370502" not in str(refusal.value)
