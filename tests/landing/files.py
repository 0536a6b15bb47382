"""Small builders of department files, clean and dirty. Every person in them is invented."""

import datetime as dt

import polars as pl
import xlsxwriter
import xlwt

from doudi.landing.account import Account
from doudi.landing.checks import check_block
from doudi.landing.ids import check_character
from doudi.landing.readers import open_table
from doudi.landing.recognise import recognise
from doudi.landing.values import Place

DEATH = ("死者身份证号", "死亡日期")
DIBAO = (
    "公民身份号码 姓名 低保证号 保障类别 单人保 家庭月保障金额 经办乡镇代码 "
    "待遇状态 核算人数 保障人数 收入类别 纳入日期 最近复核日期"
).split()
SETTLEMENT = (
    "结算流水号 身份证号 结算日期 就诊类型 医疗总费用 政策范围内费用 "
    "基本医保支付 大病保险支付 医疗救助支付 冲销原流水号 主要诊断"
).split()
PLACE = Place.of("3705", [370500000000, 370502001000, 370502001001, 370503100000])


def valid_id(number, region="370502", born="19800115"):
    """The `number`-th invented id of a region and a birthday."""
    first17 = f"{region}{born}{number % 1000:03d}"
    return first17 + check_character(first17)


def dibao_line(number=1, **changes):
    """A clean line of the 低保 roll, as a dict by header, with some cells changed."""
    cells = (
        valid_id(number), "赵一", f"D{number:06d}", "农村", "否", "1234.50", "370502001000", "在保", "3", "2", "稳定",
        "2024-05-01", "2026-01-15",
    )  # fmt: skip
    return dict(zip(DIBAO, cells, strict=True)) | changes


def settlement_line(number=1, **changes):
    """A clean line of the medical settlements."""
    cells = (
        f"S{number:08d}", valid_id(number), "2026-03-05", "住院", "1000.00", "900.00", "500.00", "0", "0", "", "肺炎",
    )  # fmt: skip
    return dict(zip(SETTLEMENT, cells, strict=True)) | changes


def csv_text(header, lines, ending="\n"):
    """Lines joined as they stand: cells with commas or quotes must come quoted."""
    rows = [",".join(header), *(line if isinstance(line, str) else ",".join(line.values()) for line in lines)]
    return ending.join(rows) + ending


def write(path, text, encoding="utf-8"):
    """Writes text or bytes and returns the path."""
    path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
    return path


def write_xlsx(path, rows, merges=(), sheet="Sheet1", before=()):
    """A workbook of the rows; `merges` are (first_row, first_col, last_row, last_col, text), `before` earlier sheets."""
    with xlsxwriter.Workbook(str(path)) as book:
        for name in before:
            book.add_worksheet(name).write(0, 0, "填表说明")
        page = book.add_worksheet(sheet)
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for at, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, dt.date):
                    page.write_datetime(at, column, cell, day)
                elif cell not in ("", None):
                    page.write(at, column, cell)
        for merge in merges:
            page.merge_range(*merge)
    return path


def write_xls(path, rows):
    """An old workbook of the rows."""
    book = xlwt.Workbook()
    page = book.add_sheet("Sheet1")
    day = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    for at, row in enumerate(rows):
        for column, cell in enumerate(row):
            if cell not in ("", None):
                page.write(at, column, cell, *([day] if isinstance(cell, dt.date) else []))
    book.save(str(path))
    return path


def read(path, feed=None, month="2026-03", place=PLACE):
    """Reads and checks a whole file: (frames, rejects, notes, account) with every checked line counted as accepted."""
    table = open_table(path)
    what = recognise(path, table.header, feed=feed, month=month)
    account = Account.of_head(table.head)
    frames, rejects, notes = [], [], {}
    for block in table.blocks():
        checked = check_block(block, what.feed, what.columns, period=what.period, place=place)
        account = account.with_block(block).with_records(
            accepted=int(checked.frame["span"].sum()),
            rejected=sum(reject.span for reject in checked.rejects),
            repaired=int(checked.frame["repaired"].sum()),
        )
        frames.append(checked.frame)
        rejects.extend(checked.rejects)
        for note, times in checked.notes.items():
            notes[note] = notes.get(note, 0) + times
    return pl.concat(frames), rejects, notes, account.proved()
