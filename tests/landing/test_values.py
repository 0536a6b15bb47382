"""一个值的各种写法：日期、月份、金额、数、词、区划，各有收下的和退回的。"""

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from doudi.landing.contract import Column
from doudi.landing.typed import judge_block
from doudi.landing.values import (
    Place,
    Read,
    Unusable,
    read_code,
    read_date,
    read_division,
    read_fen,
    read_int,
    read_micro,
    read_month,
    read_text,
)

LAST_DAY = date(2026, 3, 31)
LATEST = date(2027, 4, 1)
FIRST_OF_MARCH = date(2026, 3, 1)
HERE = Place.of("3705", [370502001001])


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-01", "2026/3/1", "2026.03.01", "20260301", "2026年3月1日", "2026年03月01日", "２０２６-０３-０１", "2026 - 03 - 01",
        "2026-03-01 12:30", "2026-03-01 00:00:00", "2026-03-01T08:00:00.000+08:00", "2026/3/1 0:00:00", "20260301123000", "46082",
        "46082.5", "2026年3月1号",
    ],
)  # fmt: skip
def test_a_day_is_read_in_every_spelling(text):
    assert read_date(text, LATEST) == Read(FIRST_OF_MARCH)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("9999-99-99", "date_absent"),
        ("2026-02-29", "date_absent"),
        ("2026-13-01", "date_absent"),
        ("0000-01-01", "date_absent"),
        ("20260230", "date_absent"),
        ("1899-12-31", "date_early"),
        ("2027-04-02", "date_late"),
        ("99999", "date_late"),
        ("长期", "date_late"),
        ("2026-03", "date_format"),
        ("26/3/1", "date_format"),
        ("3/1/2026", "date_format"),
        ("2026-03/01", "date_format"),
        ("2026", "date_format"),
        ("-46082", "date_format"),
        ("昨天", "date_format"),
        ("2026-03-01那天", "date_format"),
    ],
)
def test_what_is_no_day_is_refused_with_its_own_reason(text, code):
    assert read_date(text, LATEST) == Unusable(code)


@pytest.mark.parametrize(
    "text", ["2026-03", "2026/3", "202603", "2026年3月", "2026年03月份", "2026.3", "2026-03-15", "46082", "20260331"]
)
def test_a_month_is_its_first_day(text):
    assert read_month(text, LATEST) == Read(FIRST_OF_MARCH)


@pytest.mark.parametrize(
    ("text", "code"),
    [("2026-13", "date_absent"), ("202600", "date_absent"), ("3月", "month_format"), ("2026", "month_format"), ("189912", "date_early"),
     ("2030-01", "date_late"), ("2026-02-30", "date_absent"), ("0000-05", "date_early")],
)  # fmt: skip
def test_what_is_no_month_is_refused(text, code):
    assert read_month(text, LATEST) == Unusable(code)


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("1234.50", 1234_50), ("1,234.50", 1234_50), ("¥1234.5", 1234_50), ("￥1,234.5元", 1234_50), ("1234.5元", 1234_50),
        ("1234", 1234_00), ("0", 0), ("0.01", 1), ("1234.500000", 1234_50), ("1234.", 1234_00), ("１２３４．５", 1234_50),
        ("1 234.50", 1234_50), ("-88.8", -88_80), ("¥-88.8", -88_80), ("-¥88.8", -88_80), ("(88.80)", -88_80), ("（88.80）", -88_80),
        ("1.2万元", 12_000_00), ("0.01万元", 100_00), ("999999999999.99", 999_999_999_999_99), ("-0", 0),
    ],
)  # fmt: skip
def test_yuan_become_fen_exactly(text, fen):
    assert read_fen(text) == Read(fen)


def test_the_dust_of_binary_fractions_is_wiped_off_and_told():
    assert read_fen("0.30000000000000004") == Read(30, "money_float")
    assert read_fen("1234.4999999999998") == Read(1234_50, "money_float")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("12.345", "money_cents"), ("0.001", "money_cents"), ("1e400", "money_format"), ("1E3", "money_format"), ("NaN", "money_format"),
        ("inf", "money_format"), ("一千元", "money_format"), ("12,34", "money_format"), ("1.2.3", "money_format"), ("--1", "money_format"),
        (".", "money_format"), ("¥", "money_format"), ("=1+1", "money_format"), ("9" * 17, "money_range"), ("1000000000001", "money_range"),
        ("0.3000001", "money_cents"), ("0.123456789123", "money_cents"),
    ],
)  # fmt: skip
def test_what_is_no_money_is_refused(text, code):
    assert read_fen(text) == Unusable(code)


@pytest.mark.parametrize(
    ("text", "number"), [("3", 3), ("3人", 3), ("3.0", 3), ("２０２６年度", 2026), ("1,024", 1024), (" 3", 3)]
)
def test_a_whole_number_is_read(text, number):
    found = read_int(text)
    assert isinstance(found, Read)
    assert found.value == number


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("3.5", "number_format"),
        ("三", "number_format"),
        ("-1", "number_range"),
        ("1e5", "number_format"),
        ("9" * 30, "number_range"),
    ],
)
def test_what_is_no_whole_number_is_refused(text, code):
    assert read_int(text) == Unusable(code)


@pytest.mark.parametrize(
    ("text", "micro"),
    [
        ("89.5", 89_500_000),
        ("89.5㎡", 89_500_000),
        ("1/2", 500_000),
        ("50%", 500_000),
        ("0.333333", 333_333),
        ("1,000", 10**9),
    ],
)
def test_a_decimal_becomes_millionths_exactly(text, micro):
    found = read_micro(text)
    assert isinstance(found, Read)
    assert found.value == micro


@pytest.mark.parametrize(
    ("text", "code"),
    [("1/3", "decimal_digits"), ("1/0", "decimal_format"), ("0.1234567", "decimal_digits"), ("-1", "decimal_format"),
     ("大", "decimal_format"),
     ("9" * 17, "number_range")],
)  # fmt: skip
def test_what_is_no_decimal_is_refused(text, code):
    assert read_micro(text) == Unusable(code)


def test_a_code_word_is_read_through_blanks_and_full_width_letters_and_no_other_word_is():
    words = ("危房C级", "危房D级")
    assert read_code("危房C级", words) == Read("危房C级")
    assert read_code("危房 Ｃ 级", words) == Read("危房C级", "code_spelling")
    assert read_code("危房E级", words) == Unusable("code_unknown")


@pytest.mark.parametrize(
    ("text", "code", "repair"),
    [
        ("370502001001", 370502001001, None),
        ("370502001", 370502001000, "division_padded"),
        ("370502", 370502000000, "division_padded"),
        ("370502001099", 370502000000, "division_county"),
        ("110105001001", 110105000000, None),
        ("110105", 110105000000, "division_padded"),
    ],
)
def test_a_division_is_12_digits_and_kept_at_county_level_where_we_know_no_more(text, code, repair):
    assert read_division(text, HERE) == Read(code, repair)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("370599001001", "division_unknown"),
        ("993705020010", "division_unknown"),
        ("37050200100", "division_format"),
        ("文汇街道", "division_format"),
    ],
)
def test_what_is_no_division_is_refused(text, code):
    assert read_division(text, HERE) == Unusable(code)


def test_without_a_place_a_division_is_taken_by_its_form():
    assert read_division("370599001001", Place()) == Read(370599001001)


@pytest.mark.parametrize("text", ["=SUM(A1:A9)", "@cmd", "+cmd|' /C calc'!A0", "-张三"])
def test_a_text_that_a_sheet_would_run_is_refused(text):
    assert read_text(text) == Unusable("formula")


@pytest.mark.parametrize(
    ("text", "kept"),
    [("-12.5", "-12.5"), ("+86 0546-8300000", "+86 0546-8300000"), ("甲\r\n 乙", "甲 乙"), ("a=b", "a=b")],
)
def test_a_harmless_text_is_kept(text, kept):
    found = read_text(text)
    assert isinstance(found, Read)
    assert found.value == kept


@pytest.mark.parametrize(("text", "code"), [("甲\x07乙", "control_in_value"), ("长" * 2_001, "value_too_long")])
def test_a_text_that_cannot_be_shown_is_refused(text, code):
    assert read_text(text) == Unusable(code)


# The column reader and the single reader agree on everything, clean or dirty.
SLOW = {
    "date": lambda text: read_date(text, LATEST),
    "month": lambda text: read_month(text, LATEST),
    "yuan": read_fen,
    "int": read_int,
    "decimal": read_micro,
    "text": read_text,
}
words = st.one_of(
    st.text(min_size=1, max_size=12),
    st.from_regex(r"-?[0-9]{1,14}(\.[0-9]{0,4})?", fullmatch=True),
    st.from_regex(r"[12][0-9]{3}[-/.年]?[0-9]{1,2}([-/.月]?[0-9]{1,2}日?)?", fullmatch=True),
    st.from_regex(r"[¥￥]?-?[0-9]{1,3}(,[0-9]{3}){0,2}(\.[0-9]{1,2})?元?", fullmatch=True),
).filter(lambda text: text.strip() == text and not text.startswith(("'", '="')) and text.isprintable())


@pytest.mark.slow
@pytest.mark.parametrize("kind", SLOW)
@given(st.lists(words, min_size=1, max_size=20))
def test_the_column_and_the_single_reader_agree(kind, texts):
    column = Column(name="x", header="列", aliases=(), kind=kind, required=True, codes=())
    judged = judge_block(pl.DataFrame({"x": texts}, schema={"x": pl.String}), [column], LAST_DAY, HERE)["x"]
    for text, value, trouble, repaired in zip(texts, judged.values, judged.trouble, judged.repaired, strict=True):
        if trouble == "missing_value":
            assert value is None
            continue
        alone = SLOW[kind](text)
        assert (value, trouble, repaired) == (
            (None, alone.code, None) if isinstance(alone, Unusable) else (alone.value, None, alone.repair)
        )
