"""逐列核对：读得懂的收下并有类型，读不懂的退回并说清哪一列、什么毛病、怎么办。"""

from datetime import date

import polars as pl
import pytest

from doudi.landing.contract import load_contract
from doudi.landing.reasons import REASONS, REPAIRS, reason, repair
from landing.files import (
    DEATH,
    DIBAO,
    SETTLEMENT,
    csv_text,
    dibao_line,
    read,
    settlement_line,
    valid_id,
    write,
)


@pytest.fixture
def dibao(tmp_path):
    """Reads 低保 lines: each given as the cells that differ from a clean line."""

    def lands(*changes):
        lines = [dibao_line(number, **change) for number, change in enumerate(changes, 1)]
        header = [word for word in DIBAO if word in lines[0]]
        return read(write(tmp_path / "dibao_roll_2026-03.csv", csv_text(header, lines)))

    return lands


@pytest.fixture
def settlements(tmp_path):
    """Reads medical settlements likewise."""

    def lands(*changes):
        lines = [settlement_line(number, **change) for number, change in enumerate(changes, 1)]
        return read(write(tmp_path / "medical_settlement_2026-03.csv", csv_text(SETTLEMENT, lines)))

    return lands


def test_a_clean_line_becomes_typed_columns(dibao):
    frame, rejects, notes, account = dibao({})
    assert frame.to_dicts() == [
        {
            "line": 2, "span": 1, "repaired": False, "id": valid_id(1), "name": "赵一", "case_no": "D000001", "kind": "农村",
            "single": "否", "amount_month_fen": 1234_50, "division": 370502001000, "status": "在保", "members_counted": 3,
            "members_paid": 2, "income_class": "稳定", "since": date(2024, 5, 1), "reviewed": date(2026, 1, 15),
        }
    ]  # fmt: skip
    assert (rejects, dict(notes)) == ([], {})
    assert (account.physical, account.accepted, account.repaired) == (2, 1, 0)


@pytest.mark.parametrize("feed", load_contract())
def test_every_feed_has_the_same_typed_columns_whether_a_line_is_good_or_bad(tmp_path, feed):
    contract = load_contract()[feed]
    kinds = {"id": pl.String, "text": pl.String, "code": pl.String, "date": pl.Date, "month": pl.Date}
    expected = {"line": pl.Int32, "span": pl.Int32, "repaired": pl.Boolean} | {
        column.checked_name: pl.Int64 if column.is_division else kinds.get(column.kind, pl.Int64)
        for column in contract.columns
    }
    header = [column.header for column in contract.columns]
    good = [
        {"id": valid_id(1), "date": "2026-03-01", "month": "2026-03", "yuan": "1", "int": "2026", "decimal": "1.5"}.get(
            column.kind, column.codes[0] if column.codes else "370502001000"
        )
        for column in contract.columns
    ]
    frame, rejects, _, _ = read(
        write(tmp_path / f"{feed}.csv", csv_text(header, [",".join(good), ",".join("!" * len(good))])), feed=feed
    )
    assert frame.schema == expected
    assert frame.height == 1
    assert [reject.line for reject in rejects] == [3]


@pytest.mark.parametrize(
    ("cells", "code", "column", "sentence"),
    [
        ({"公民身份号码": "370502198001150016"}, "id_check_digit", "id", "“公民身份号码”的校验位不对"),
        ({"公民身份号码": ""}, "missing_value", "id", "“公民身份号码”必须填写"),
        ({"公民身份号码": "无"}, "missing_value", "id", "必须填写"),
        ({"姓名": "　 "}, "missing_value", "name", "“姓名”必须填写"),
        ({"姓名": "=1+1"}, "formula", "name", "像公式"),
        ({"低保证号": "D" * 2_001}, "value_too_long", "case_no", "超过 2000 字"),
        ({"保障类别": "郊区"}, "code_unknown", "kind", "请改为：城市、农村。"),
        ({"家庭月保障金额": "1e400"}, "money_format", "amount_month", "“家庭月保障金额”不是能认出的金额"),
        ({"家庭月保障金额": "-5"}, "money_negative", "amount_month", "不是冲销行"),
        ({"经办乡镇代码": "370599001000"}, "division_unknown", "division", "区划代码不存在"),
        ({"纳入日期": "9999-99-99"}, "date_absent", "since", "并不存在"),
        ({"纳入日期": "1899-12-31"}, "date_early", "since", "早于 1900 年"),
        ({"纳入日期": "2028-01-01"}, "date_late", "since", "远在本期之后"),
    ],
)
def test_an_unusable_required_value_sends_the_line_back(dibao, cells, code, column, sentence):
    frame, (reject,), _, account = dibao({}, cells)
    assert frame["line"].to_list() == [2]
    assert (reject.line, reject.span, reject.reason_code, reject.column) == (3, 1, code, column)
    assert sentence in reject.reason
    assert reject.raw["待遇状态"] == "在保"
    assert account.rejected == 1


def test_a_line_with_several_troubles_tells_them_all_and_is_counted_once(dibao):
    _, (reject,), _, account = dibao({"姓名": "", "保障类别": "乡", "纳入日期": "昨天"})
    assert reject.reason_code == "missing_value"
    assert [word in reject.reason for word in ("姓名", "保障类别", "纳入日期")] == [True] * 3
    assert account.rejected == 1


@pytest.mark.parametrize(
    ("cells", "column", "note"),
    [
        (
            {"最近复核日期": "9999-99-99"},
            "reviewed",
            "“最近复核日期”写的日期并不存在（月份或日子超出范围）；该列可不填，已按空值收下",
        ),
        ({"待遇状态": "暂停"}, "status", "“待遇状态”的内容不在约定的词里；该列可不填，已按空值收下"),
        ({"核算人数": "三"}, "members_counted", "“核算人数”不是能认出的整数；该列可不填，已按空值收下"),
        ({"核算人数": "-3"}, "members_counted", "“核算人数”的数超出可能的范围；该列可不填，已按空值收下"),
    ],
)
def test_an_unusable_optional_value_is_left_empty_and_the_line_counts_as_repaired(dibao, cells, column, note):
    frame, rejects, notes, account = dibao(cells)
    assert (frame[column].to_list(), frame["repaired"].to_list(), rejects) == ([None], [True], [])
    assert notes == {note: 1}
    assert (account.accepted, account.repaired) == (1, 1)


@pytest.mark.parametrize(
    ("cells", "column", "value", "note"),
    [
        ({"公民身份号码": valid_id(1).replace("0", "０")}, "id", valid_id(1), "已改正"),
        ({"公民身份号码": "370502800115001"}, "id", valid_id(1), "15 位号码已升为 18 位"),
        ({"公民身份号码": f'"=""{valid_id(1)}"""'}, "id", valid_id(1), "单引号已去掉"),
        ({"公民身份号码": f"'{valid_id(1)}"}, "id", valid_id(1), "单引号已去掉"),
        ({"姓名": '"赵\n一"'}, "name", "赵 一", "已换成空格"),
        ({"经办乡镇代码": "370502001"}, "division", 370502001000, "已在后面补零"),
        ({"经办乡镇代码": "370502777000"}, "division", 370502000000, "已记到县级"),
        ({"核算人数": "3人"}, "members_counted", 3, "已去掉"),
        ({"保障类别": "农 村"}, "kind", "农村", "已改正"),
        ({"家庭月保障金额": "0.30000000000000004"}, "amount_month_fen", 30, "取到分"),
    ],
)
def test_what_was_put_right_is_told(dibao, cells, column, value, note):
    frame, rejects, notes, account = dibao(cells)
    assert (frame[column].to_list(), rejects) == ([value], [])
    assert [note in told for told in notes] == [True]
    assert account.repaired == 1


@pytest.mark.parametrize(
    "cells",
    [
        {"家庭月保障金额": '"¥1,234.50元"'}, {"纳入日期": "2024年5月1日"}, {"纳入日期": "45413"}, {"姓名": " 赵一　"},
        {"保障类别": " 农村 "}, {"公民身份号码": valid_id(1) + "\t"},
    ],
)  # fmt: skip
def test_spellings_of_the_contract_and_outer_blanks_are_no_repair(dibao, cells):
    frame, _, notes, account = dibao(cells)
    assert frame.drop("line", "span").to_dicts() == dibao({})[0].drop("line", "span").to_dicts()
    assert (account.repaired, dict(notes)) == (0, {})


@pytest.mark.parametrize("nothing", ["", "-", "——", "无", "NULL", "N/A", "\\N", "/", "#REF!"])
def test_what_people_write_for_nothing_is_an_empty_value(dibao, nothing):
    frame, _, _, account = dibao({"最近复核日期": nothing, "待遇状态": nothing})
    assert frame.select("reviewed", "status").row(0) == (None, None)
    assert account.repaired == 0


def test_a_word_of_the_contract_is_never_taken_for_nothing(tmp_path):
    path = write(
        tmp_path / "d_2026-03.csv", f"户主身份证号,灾害名称,受灾日期,房屋损毁\n{valid_id(1)},洪水,2026-03-01,无\n"
    )
    assert read(path)[0]["house"].to_list() == ["无"]


def test_an_end_that_never_comes_is_no_end(tmp_path):
    words = ["长期", "9999-12-31", "2099-12-31", "2036-03-01", "9998-01-01", ""]
    header = "身份证号,残疾类别,残疾等级,发证日期,有效期止\n"
    lines = "".join(f"{valid_id(n)},肢体,一级,2020-01-01,{word}\n" for n, word in enumerate(words))
    frame, _, notes, account = read(write(tmp_path / "disability.csv", header + lines))
    assert frame["until"].to_list() == [None, None, None, date(2036, 3, 1), None, None]
    assert (account.repaired, list(notes.values())) == (1, [1])


def test_negative_money_is_taken_from_a_reversal_and_from_no_other_line(settlements):
    negative = {"医疗总费用": "-1000.00", "政策范围内费用": "-900", "基本医保支付": "-500"}
    frame, (reject,), _, _ = settlements({}, {"冲销原流水号": "S00000001"} | negative, negative)
    assert frame["total_fen"].to_list() == [1000_00, -1000_00]
    assert (reject.line, reject.reason_code) == (4, "money_negative")
    assert reject.reason.count("金额为负") == 3


def test_a_division_out_of_the_city_is_kept_at_county_level_without_a_repair(tmp_path):
    header = "公民身份号码,保障类别,保障地区划代码,纳入日期\n"
    frame, _, _, account = read(write(tmp_path / "e.csv", header + f"{valid_id(1)},低保,110105001001,2025-01-01\n"))
    assert (frame["division"].to_list(), account.repaired) == ([110105000000], 0)


def test_a_20_digit_disability_number_is_the_id_in_its_first_18(tmp_path):
    header = "残疾人证号,残疾类别,残疾等级,发证日期\n"
    frame, _, notes, _ = read(
        write(tmp_path / "d.csv", header + f"{valid_id(1)}43,肢体,三级,2020-01-01\n"), feed="disability"
    )
    assert frame["id"].to_list() == [valid_id(1)]
    assert notes == {"“残疾人证号”的残疾人证号已取前 18 位": 1}


def test_an_id_that_a_sheet_turned_into_a_number_is_told_as_such(dibao):
    _, rejects, _, _ = dibao({"公民身份号码": "3.70502198001E+17"}, {"公民身份号码": "370502198001150000"})
    assert [reject.reason_code for reject in rejects] == ["id_scientific", "id_rounded"]


def test_a_line_that_could_not_be_told_apart_keeps_its_text_and_its_place(tmp_path):
    path = write(tmp_path / "death_2026-03.csv", csv_text(DEATH, [f"{valid_id(1)},2026-03-01", "甲,乙,丙"]))
    _, (reject,), _, _ = read(path)
    assert (reject.line, reject.column, reject.raw) == (3, None, {"整行": "甲,乙,丙"})
    assert reject.reason == "本行有 3 格，表头有 2 格，对不上。请检查是否少填、多填或格内带有分隔符。"


def test_no_reason_repeats_what_the_line_says(dibao):
    said = "机密内容"
    changes = [{column: said} for column in DIBAO if column not in {"姓名", "低保证号"}]
    _, rejects, notes, _ = dibao(*changes)
    assert rejects
    assert not [sentence for sentence in (*(reject.reason for reject in rejects), *notes) if said in sentence]


@pytest.mark.parametrize("code", REASONS)
def test_every_reason_is_a_sentence_with_something_to_do(code):
    sentence = reason(code, column="姓名", words="甲、乙", seen=1, expected=2)
    assert sentence.endswith("。")
    assert sentence.count("。") == 2
    assert "{" not in repair(code, column="姓名", words="甲、乙", seen=1, expected=2)


@pytest.mark.parametrize("code", REPAIRS)
def test_every_repair_names_its_column(code):
    assert "“姓名”" in repair(code, column="姓名")
