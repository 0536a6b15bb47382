"""The files look like what departments really send, and each failure of theirs is on show."""

import re
from datetime import date

import polars as pl
import pytest

from demo.received import fen, files, plain_id, rows
from doudi.demo import build_city
from doudi.demo.draw import Draw
from doudi.demo.feeds.health import NOT_DELIVERED
from doudi.demo.names import RARE
from doudi.demo.spelling import Style, spelled
from doudi.landing.contract import load_contract

pytestmark = pytest.mark.slow  # a whole city is made first


def cells(city, kind):
    return [
        row[column.name]
        for file in files(city)
        for column in file.feed.columns
        if column.kind == kind
        for row in file.rows
    ]


def test_files_come_in_every_format_and_encoding(city):
    suffixes = {file.path.suffix for file in files(city)}
    assert {".csv", ".xlsx", ".xls", ".parquet"} <= suffixes
    raw = [file.path.read_bytes() for file in files(city) if file.path.suffix == ".csv"]
    assert any(text.startswith(b"\xef\xbb\xbf") for text in raw)
    assert any("公民身份号码".encode("gb18030") in text for text in raw)
    assert any(not text.startswith(b"\xef\xbb\xbf") and "公民身份号码".encode() in text for text in raw)


def test_some_files_have_titles_totals_blank_lines_and_other_headers(city):
    received = files(city)
    assert any(file.title for file in received)
    assert any(file.total for file in received)
    assert any(file.blank for file in received)
    assert any(
        set(file.header) & {alias for column in file.feed.columns for alias in column.aliases} for file in received
    )


@pytest.mark.parametrize(
    "shape", [r"\d{6} \d{8} .{4}", r"[０-９]{17}.", r".*　", r"\d{17}x", r"\d{15}", r"\d{17}[\dX]\d\d"]
)
def test_ids_come_in_every_spelling(city, shape):
    assert any(re.fullmatch(shape, cell) for cell in cells(city, "id"))


@pytest.mark.parametrize(
    "shape", [r"\d{4}-\d\d-\d\d", r"\d{4}/\d{1,2}/\d{1,2}", r"\d{8}", r"\d{4}年\d{1,2}月\d{1,2}日", r"4\d{4}"]
)
def test_dates_come_in_every_spelling(city, shape):
    assert any(re.fullmatch(shape, cell) for cell in cells(city, "date"))


@pytest.mark.parametrize("shape", [r"\d+\.\d\d", r"\d{1,3}(,\d{3})+\.\d\d", r"¥.*", r".*元", r"-.*"])
def test_money_comes_in_every_spelling(city, shape):
    assert any(re.fullmatch(shape, cell) for cell in cells(city, "yuan"))


def test_every_spelling_of_an_amount_is_the_same_amount():
    amounts = [0, 5, 123_456, -123_456, 100_000_000, 1_234_567_890, -99]
    feed = load_contract()["housing_fund"]
    frame = pl.LazyFrame(
        {"id": ["379901198001010000"] * 700, "base": amounts * 100, "status": ["正常"] * 700, "_planted": [True] * 700},
    )
    table = spelled(Draw(3), frame, feed, Style("q", "iso", aliases=False, card_numbers=False))
    assert [fen(text) for text in table["缴存基数"]] == amounts * 100
    assert table["缴存基数"].n_unique() > 2 * len(amounts)


def test_codes_have_blanks_around_them_now_and_then(city):
    assert any(cell != cell.strip() for cell in cells(city, "code"))


def test_lines_are_repeated_and_what_is_planted_is_never_spoilt(city):
    register = [tuple(row.items()) for row in rows(city, "population", "2026-06")]
    assert len({plain_id(dict(row)["id"]) for row in register}) < len(register)
    feed = load_contract()["custody"]
    line = {"id": "379999198001010011", "kind": "服刑", "since": date(2026, 1, 1), "until": None, "_planted": True}
    frame = pl.LazyFrame([line] * 20_000, schema_overrides={"until": pl.Date})
    table = spelled(Draw(3), frame, feed, Style("q", "iso", aliases=False, card_numbers=False))
    assert {plain_id(text) for text in table["公民身份号码"]} == {line["id"]}


def test_what_is_not_planted_has_a_wrong_check_digit_now_and_then():
    feed = load_contract()["custody"]
    line = {"id": "379999198001010011", "kind": "服刑", "since": date(2026, 1, 1), "until": None, "_planted": False}
    frame = pl.LazyFrame([line] * 30_000, schema_overrides={"until": pl.Date})
    table = spelled(Draw(3), frame, feed, Style("q", "iso", aliases=False, card_numbers=False))
    wrong = sum(plain_id(text) != line["id"] for text in table["公民身份号码"])
    assert 0 < wrong < 30


def test_large_exports_come_in_two_parts_and_each_line_stands_in_one(city):
    parts = files(city, "medical_settlement", "2026-06")
    assert [file.path.stem.endswith("_part2") for file in parts] == [False, True]
    numbers = [{row["settlement_no"] for row in file.rows} for file in parts]
    assert numbers[0]
    assert not numbers[0] & numbers[1]


def test_one_feed_is_late(city):
    assert {file.month for file in files(city, "housing_fund")} == {"2026-03"}


def test_one_roll_is_under_half_its_size(city):
    before, last = (len(rows(city, "public_payroll", month)) for month in ("2026-05", "2026-06"))
    assert 0 < last < before / 2


def test_one_county_never_sends_its_allowances(city):
    counties = {int(row["division"].strip()[:6]) for row in rows(city, "disability_allowance")}
    assert NOT_DELIVERED not in counties
    assert len(counties) >= 4


def test_one_roll_is_sent_again_corrected(city):
    first, second = files(city, "dibao_roll", "2026-05")
    assert second.path.stem.endswith("_r2")
    wrong = {row["case_no"]: fen(row["amount_month"]) for row in first.rows}
    right = {row["case_no"]: fen(row["amount_month"]) for row in second.rows}
    assert wrong.keys() == right.keys()
    assert all(wrong[case] == right[case] + 100_000 for case in right if case.startswith("DB"))


def test_a_single_month_has_nothing_late_nor_half(tmp_path):
    build_city(tmp_path / "out", persons=800, seed=3, month="2026-06", months=1)
    assert files(tmp_path / "out", "housing_fund", "2026-06")
    assert len(files(tmp_path / "out", "dibao_roll", "2026-06")) == 2


def test_bills_are_reversed_with_negative_amounts(city):
    bills = {row["settlement_no"]: row for row in rows(city, "medical_settlement")}
    undone = [row for row in bills.values() if row["reverses"]]
    assert undone
    for row in undone:
        assert fen(row["total"]) == -fen(bills[row["reverses"]]["total"]) < 0


def test_event_files_carry_their_own_month_and_the_first_one_what_is_older(city):
    months = sorted({file.month for file in files(city, "assistance")})
    assert (months[0], months[-1], len(months)) == ("2025-04", "2026-06", 15)
    for file in files(city, "social_insurance"):
        assert {row["month"] for row in file.rows} == {file.month}


def test_a_household_has_one_insurance_line_per_person_and_month(city):
    lines = [
        (plain_id(row["id"]), row["month"], row["employer_no"])
        for file in files(city, "social_insurance")
        for row in {tuple(row.items()): row for row in file.rows}.values()
    ]
    people = {(identity, month) for identity, month, _ in lines}
    assert len(people) > 0.98 * len(set(lines))


def test_rare_characters_survive_gb18030(city):
    assert RARE.encode("gb18030").decode("gb18030") == RARE
    assert len(RARE.encode("gb18030")) == 4
    assert any(RARE in row["name"] for row in rows(city, "population"))
