"""The file says who took it and why, holds no formula, and is made in memory alone."""

import csv
import io
import tempfile
import zipfile
from datetime import date, datetime

import pytest
from python_calamine import CalamineWorkbook

from doudi.office.common.clock import BEIJING
from doudi.office.documents.files import as_csv, as_xlsx, neutral

AT = datetime(2026, 6, 30, 9, 5, tzinfo=BEIJING)
MARK = "兜底 · 预警列表 · 导出人 张敏（zhangmin）· 2026-06-30 09:05 · 用途：走访"
COLUMNS = ("户主", "金额（分）", "日期", "在册")
ROWS = [
    ("王*", 120_000, date(2026, 6, 1), True),
    ("=cmd|' /C calc'!A0", -5, AT, False),
    ("370502******123X", None, "", None),
]


def test_a_csv_opens_in_a_spreadsheet_as_chinese():
    assert as_csv("表", MARK, COLUMNS, ROWS).content.startswith(b"\xef\xbb\xbf")


def test_the_first_row_and_the_last_say_who_took_it():
    lines = list(csv.reader(io.StringIO(as_csv("表", MARK, COLUMNS, ROWS).content.decode("utf-8-sig"))))
    assert lines[0] == lines[-1] == [MARK]
    assert lines[1] == list(COLUMNS)
    assert lines[2] == ["王*", "120000", "2026-06-01", "是"]
    assert lines[3] == ["'=cmd|' /C calc'!A0", "-5", "2026-06-30 09:05", "否"]


@pytest.mark.parametrize("text", ["=1+1", "+86", "-1", "@SUM(A1)", "\tx", "\rx", "＝1", " =1", "\u3000=1", "\n=1"])
def test_what_a_spreadsheet_would_calculate_is_text(text):
    assert neutral(text) == f"'{text}"


@pytest.mark.parametrize("text", ["王*", "1-2", "", "a=b", "（=1）"])
def test_what_it_would_not_is_left_alone(text):
    assert neutral(text) == text


def test_a_sheet_holds_texts_as_texts_and_numbers_as_numbers():
    file = as_xlsx("表", MARK, COLUMNS, ROWS, AT)
    rows = CalamineWorkbook.from_filelike(io.BytesIO(file.content)).get_sheet_by_index(0).to_python()
    assert rows[0][0] == rows[-1][0] == MARK
    assert rows[1] == list(COLUMNS)
    assert rows[2] == ["王*", 120_000, "2026-06-01", "是"]
    assert rows[3][0] == "=cmd|' /C calc'!A0"
    with zipfile.ZipFile(io.BytesIO(file.content)) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "导出人 张敏" in sheet.split("<headerFooter>")[1]


def test_a_number_too_long_for_a_spreadsheet_is_written_as_text():
    file = as_xlsx("表", MARK, ("长",), [(123_456_789_012_345_678,)], AT)
    rows = CalamineWorkbook.from_filelike(io.BytesIO(file.content)).get_sheet_by_index(0).to_python()
    assert rows[2] == ["123456789012345678"]


def test_no_temporary_file_is_made(monkeypatch):
    def never(*_, **__):
        raise AssertionError("a temporary file")

    for name in ("mkstemp", "NamedTemporaryFile", "TemporaryFile", "mkdtemp"):
        monkeypatch.setattr(tempfile, name, never)
    assert as_xlsx("表", MARK, COLUMNS, ROWS * 1000, AT).rows == 3000


def test_an_empty_list_is_still_a_file():
    assert as_xlsx("表", MARK, COLUMNS, [], AT).rows == as_csv("表", MARK, COLUMNS, []).rows == 0
