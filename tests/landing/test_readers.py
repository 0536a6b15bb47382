"""读文件：格式看字节不看扩展名；每个物理行都有去处；不是表格的，一句话说清。"""

import csv
import datetime as dt
import os
import struct
import zipfile
from io import BytesIO, StringIO

import polars as pl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from doudi.errors import Refusal
from doudi.landing.readers import open_table
from doudi.landing.readers.lines import whole_lines
from doudi.landing.readers.records import record_at, split_record
from doudi.landing.readers.table import MAX_LINE_BYTES
from landing.files import DEATH, DIBAO, csv_text, dibao_line, read, valid_id, write, write_xls, write_xlsx

DEAD = [f"{valid_id(number)},2026-03-0{number}" for number in range(1, 6)]
CLEAN = csv_text(DEATH, DEAD)


def blocks(path):
    return list(open_table(path).blocks())


def records(path):
    """(line, span, cells…) of every record."""
    return [
        (line, span, *cells)
        for block in blocks(path)
        for line, span, cells in zip(block.lines, block.spans, zip(*block.columns.values(), strict=True), strict=True)
    ]


def counted(path):
    """(physical, header, blank, title, total) of the whole file."""
    table = open_table(path)
    read = list(table.blocks())
    head = table.head
    return (
        head.physical + sum(block.physical for block in read),
        head.header + sum(block.header for block in read),
        head.blank + sum(block.blank for block in read),
        head.title,
        sum(block.total for block in read),
    )


def unread(path):
    return [(found.line, found.span, found.code) for block in blocks(path) for found in block.unread]


# --- delimited text -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|", "，", '","'])
def test_text_is_read_in_every_encoding_ending_and_delimiter(tmp_path, encoding, ending, delimiter):
    quote = '"' * (delimiter == '","')
    text = "".join(quote + line.replace(",", delimiter) + quote + ending for line in CLEAN.splitlines())
    path = write(tmp_path / "death.xls", text, encoding)
    assert records(path) == [(number + 1, 1, *DEAD[number - 1].split(",")) for number in range(1, 6)]
    assert counted(path) == (6, 1, 0, 0, 0)


def test_rare_characters_of_four_bytes_survive_gb18030(tmp_path):
    path = write(tmp_path / "d.csv", csv_text(DIBAO, [dibao_line(姓名="\U00020087䶮")]), "gb18030")
    assert records(path)[0][3] == "\U00020087䶮"


def test_a_last_line_without_its_end_is_a_line(tmp_path):
    assert (
        counted(write(tmp_path / "d.csv", CLEAN.rstrip("\n")))[0] == counted(write(tmp_path / "e.csv", CLEAN))[0] == 6
    )


def test_titles_blanks_totals_and_repeated_headers_have_their_own_place(tmp_path):
    text = "东营市 2026 年 3 月死亡名单\n\n" + CLEAN + ",\n  \n" + ",".join(DEATH) + "\n" + DEAD[0] + "\n合 计：,6\n\n"
    path = write(tmp_path / "d.csv", text)
    assert counted(path) == (14, 2, 4, 1, 1)
    assert [record[0] for record in records(path)] == [4, 5, 6, 7, 8, 12]


@pytest.mark.parametrize("total", ["合计,5", "总计：5人,", ",合 计", '"小计",5', "　合　计,", "本页合计,1", "合计"])
def test_every_spelling_of_a_total_is_one(tmp_path, total):
    assert counted(write(tmp_path / "d.csv", CLEAN + total + "\n"))[4] == 1


@pytest.mark.parametrize("name", ["合计划,1", "总计算中心,1"])
def test_a_word_that_only_begins_like_a_total_is_none(tmp_path, name):
    assert counted(write(tmp_path / "d.csv", CLEAN + name + "\n"))[4] == 0


def test_a_header_merged_over_two_rows_is_read_as_one(tmp_path):
    header = "公民身份号码,姓名,低保证号,情况,,金额,\n,,,保障类别,单人保,家庭月保障金额,经办乡镇代码\n"
    table = open_table(write(tmp_path / "d.csv", header))
    assert table.header == ["公民身份号码", "姓名", "低保证号", "保障类别", "单人保", "家庭月保障金额", "经办乡镇代码"]
    assert (table.head.header, table.head.physical, table.header_line) == (2, 2, 2)


def test_a_header_whose_larger_half_is_the_lower_one_is_read_as_one_too(tmp_path):
    table = open_table(write(tmp_path / "d.csv", "公民身份号码,姓名,情况,,\n,,低保证号,保障类别,单人保\n"))
    assert table.header == ["公民身份号码", "姓名", "低保证号", "保障类别", "单人保"]
    assert (table.head.header, table.head.title, table.header_line) == (2, 0, 2)


def test_a_form_above_the_table_is_no_header_though_it_uses_the_same_words(tmp_path):
    text = "单位,东营市民政局,日期,2026-03-31\n" + csv_text(DIBAO, [dibao_line()])
    table = open_table(write(tmp_path / "d.csv", text))
    assert (table.header, table.head.title) == (DIBAO, 1)


def test_a_group_row_above_the_header_is_a_title(tmp_path):
    table = open_table(write(tmp_path / "d.csv", "基本情况,\n" + CLEAN))
    assert (table.head.title, table.head.header) == (1, 1)


def test_quoted_cells_keep_commas_quotes_and_line_ends(tmp_path):
    lines = [f'"{valid_id(1)}","甲,""乙"""', f'{valid_id(2)},"甲\n\n乙"', DEAD[2]]
    path = write(tmp_path / "d.csv", csv_text(DEATH, lines))
    assert records(path) == [
        (2, 1, valid_id(1), '甲,"乙"'),
        (3, 3, valid_id(2), "甲\n\n乙"),
        (6, 1, *DEAD[2].split(",")),
    ]
    assert counted(path) == (6, 1, 0, 0, 0)


def test_quotes_inside_a_cell_are_characters(tmp_path):
    path = write(tmp_path / "d.csv", csv_text(DEATH, [f'="{valid_id(1)}",2026-03-01', '甲"乙"丙,"山东"省']))
    assert [record[2:] for record in records(path)] == [(f'="{valid_id(1)}"', "2026-03-01"), ('甲"乙"丙', '"山东"省')]


def test_quotes_around_nothing_make_a_blank_line(tmp_path):
    path = write(tmp_path / "d.csv", CLEAN + '"",""\n" ",\n"\n",""\n')
    assert counted(path) == (10, 1, 4, 0, 0)


@pytest.mark.parametrize("delimiter", ["，", "|", "\t"])
def test_quoted_cells_may_hold_any_delimiter(tmp_path, delimiter):
    header = delimiter.join(DEATH)
    path = write(tmp_path / "d.csv", f'{header}\n"甲{delimiter}乙"{delimiter}1\n')
    assert records(path) == [(2, 1, f"甲{delimiter}乙", "1")]


def test_an_unclosed_quote_costs_its_own_line_only(tmp_path):
    path = write(tmp_path / "d.csv", csv_text(DEATH, [DEAD[0], f'{valid_id(9)},"2026-03-09', *DEAD[1:]]))
    assert unread(path) == [(3, 1, "unclosed_quote")]
    assert [record[0] for record in records(path)] == [2, 4, 5, 6, 7]


def test_two_unclosed_quotes_do_not_swallow_what_is_between_them(tmp_path):
    path = write(tmp_path / "d.csv", csv_text(DEATH, ['"甲,1', *DEAD, '"乙,2', *DEAD]))
    assert unread(path) == [(2, 1, "unclosed_quote"), (8, 1, "unclosed_quote")]
    assert len(records(path)) == 10


def test_words_behind_a_closing_quote_do_not_join_two_lines(tmp_path):
    path = write(tmp_path / "d.csv", csv_text(DEATH, ['甲,"乙', '"丙', '"丁"戊,己']))
    assert unread(path) == [(2, 1, "unclosed_quote"), (3, 1, "unclosed_quote")]
    assert records(path) == [(4, 1, '"丁"戊', "己")]


def test_a_quote_that_never_closes_within_reach_is_given_up(tmp_path):
    path = write(tmp_path / "d.csv", csv_text(DEATH, ['甲,"', *DEAD * 10, '"']))
    assert unread(path) == [(2, 1, "unclosed_quote"), (53, 1, "unclosed_quote")]
    assert len(records(path)) == 50


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("只有一格", "cell_count"),
        ("甲,乙,丙", "cell_count"),
        ('"甲",乙,丙', "cell_count"),
        ("甲\x00,乙", "control_character"),
        ("甲\x1b[31m,乙", "control_character"),
        ("甲" * MAX_LINE_BYTES + ",乙", "line_too_long"),
        (b"\xd5\xd4,\xd2\xbb\xff", "undecodable"),
    ],
    ids=["too few", "too many", "too many, quoted", "nul", "escape", "too long", "another encoding"],
)
def test_a_line_that_is_no_record_is_set_aside_with_its_reason(tmp_path, line, code):
    raw = line if isinstance(line, bytes) else line.encode()
    path = write(tmp_path / "d.csv", CLEAN.encode() + raw + b"\n" + DEAD[0].encode() + b"\n")
    assert unread(path) == [(7, 1, code)]
    assert [record[0] for record in records(path)] == [2, 3, 4, 5, 6, 8]
    assert counted(path)[0] == 8


def test_an_undecodable_line_inside_a_quote_is_not_taken_for_text(tmp_path):
    raw = f'{valid_id(1)},"甲\n'.encode() + b"\xff\xfe\n" + '乙"\n'.encode()
    assert unread(write(tmp_path / "d.csv", CLEAN.encode() + raw)) == [(7, 3, "undecodable")]


def test_blank_cells_past_the_header_or_missing_under_an_unnamed_one_do_not_matter(tmp_path):
    path = write(tmp_path / "d.csv", "死者身份证号,死亡日期,\n甲,1\n甲,1,\n甲,1,,,\n甲,1,备注\n")
    assert [record[2:] for record in records(path)] == [("甲", "1")] * 4


def test_the_same_holds_for_quoted_lines(tmp_path):
    path = write(
        tmp_path / "d.csv",
        '死者身份证号,死亡日期,\n"甲","1"\n"甲","1",\n"甲","1",,,\n"甲","1","",""\n"甲","1",,"备注"\n',
    )
    assert [record[2:] for record in records(path)] == [("甲", "1")] * 4
    assert unread(path) == [(6, 1, "cell_count")]


@given(st.lists(st.lists(st.text("甲9\",\n x'=", max_size=6), min_size=3, max_size=3), max_size=8))
def test_a_table_written_by_any_program_is_read_back_cell_by_cell(tmp_path_factory, rows):
    text = StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows([["死者身份证号", "死亡日期", "备注"], *rows])
    path = write(tmp_path_factory.mktemp("csv") / "d.csv", text.getvalue())
    assert [list(record[2:]) for record in records(path)] == [row for row in rows if any(cell.strip() for cell in row)]


def test_a_line_as_long_as_the_file_is_not_held_in_memory(tmp_path):
    path = write(tmp_path / "d.csv", CLEAN.encode() + b"x" * (9 << 20) + b"\n" + DEAD[0].encode())
    assert unread(path) == [(7, 1, "line_too_long")]
    assert [record[0] for record in records(path)] == [2, 3, 4, 5, 6, 8]
    assert max(len(found.text) for block in blocks(path) for found in block.unread) <= 2_000


def test_records_that_cross_the_pieces_of_a_large_file_are_whole(tmp_path):
    line = f'{valid_id(1)},"{"甲" * 300}\n{"乙" * 299}"'
    path = write(tmp_path / "d.csv", csv_text(DEATH, [line] * 6_000))
    read = blocks(path)
    assert len(read) > 1
    assert sum(block.lines.len() for block in read) == 6_000
    assert all((block.spans == 2).all() and not block.unread for block in read)


@given(st.binary(max_size=300), st.integers(1, 40))
def test_the_pieces_hold_every_line_whole(data, size):
    pieces = list(whole_lines(BytesIO(data), size))
    assert all(piece.endswith(b"\n") for piece in pieces[:-1])
    normal = data.replace(b"\r", b"\n") if b"\r" in data and b"\n" not in data else data
    assert b"".join(pieces) == normal


@given(st.lists(st.lists(st.text('甲",\n x', max_size=5), min_size=2, max_size=4), min_size=1, max_size=5))
def test_what_is_properly_quoted_is_read_back(rows):
    text = "\n".join(",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows)
    lines, at = text.split("\n"), 0
    for row in rows:
        cells, span = record_at(lines, at, ",", len(row))
        assert cells == row
        at += span
    assert at == len(lines)


@given(st.text('a",', max_size=12))
def test_a_record_of_one_line_always_ends(text):
    assert split_record(text, ",") == "open" or split_record(text, ",")


# --- sheets and Parquet ----------------------------------------------------------------------------------------------

DIBAO_ROW = [
    valid_id(1), "赵一", "D000001", "农村", "否", 1234.5, 370502001000, "在保", 3, 2, "稳定", dt.date(2024, 5, 1), dt.date(2026, 1, 15),
]  # fmt: skip
DIBAO_TEXT = (
    valid_id(1), "赵一", "D000001", "农村", "否", "1234.5", "370502001000", "在保", "3", "2", "稳定", "2024-05-01", "2026-01-15",
)  # fmt: skip


@pytest.mark.parametrize("writer", [write_xlsx, write_xls])
def test_a_sheet_is_read_as_people_see_it(tmp_path, writer):
    rows = [["三月低保"], [], DIBAO, DIBAO_ROW, [], DIBAO, DIBAO_ROW, ["合计", "", "", "", "", 2469]]
    path = writer(tmp_path / "d.csv", rows)
    assert records(path) == [(4, 1, *DIBAO_TEXT), (7, 1, *DIBAO_TEXT)]
    assert counted(path) == (8, 2, 2, 1, 1)


def test_a_number_of_18_digits_is_read_as_the_sheet_shows_it(tmp_path):
    row = [370502198001150016, *DIBAO_ROW[1:]]
    assert records(write_xlsx(tmp_path / "d.xlsx", [DIBAO, row]))[0][2] == "370502198001150000"


def test_merged_header_cells_count_for_all_they_cover(tmp_path):
    merges = [(1, column, 2, column, word) for column, word in enumerate(DIBAO[:5])]
    merges += [(0, 0, 0, 12, "三月低保"), (1, 5, 1, 12, "待遇情况")]
    path = write_xlsx(tmp_path / "d.xlsx", [[], [], [""] * 5 + DIBAO[5:], DIBAO_ROW], merges)
    assert open_table(path).header == DIBAO
    assert records(path) == [(4, 1, *DIBAO_TEXT)]
    assert counted(path) == (4, 2, 0, 1, 0)


@pytest.mark.parametrize("writer", [write_xlsx, write_xls])
@pytest.mark.parametrize("name", ["d.xlsx", "d.xls", "d.csv", "d"])
def test_empty_rows_and_columns_before_the_table_and_a_false_extension_do_not_matter(tmp_path, writer, name):
    path = writer(tmp_path / name, [[], [], ["", "", *DIBAO], ["", "", *DIBAO_ROW]])
    assert records(path) == [(4, 1, *DIBAO_TEXT)]
    assert counted(path) == (4, 1, 2, 0, 0)


def test_merged_cells_are_found_beside_empty_columns(tmp_path):
    merges = [(0, 2, 0, 14, "三月低保"), (1, 2, 2, 2, DIBAO[0])]
    path = write_xlsx(tmp_path / "d.xlsx", [[], [], ["", "", "", *DIBAO[1:]], ["", "", *DIBAO_ROW]], merges)
    assert open_table(path).header == DIBAO
    assert records(path) == [(4, 1, *DIBAO_TEXT)]


def test_the_sheet_with_the_header_is_read_and_the_others_are_named(tmp_path):
    path = write_xlsx(tmp_path / "d.xlsx", [DIBAO, DIBAO_ROW], before=["填表说明", "字典"])
    assert open_table(path).ignored_sheets == ("填表说明", "字典")
    assert len(records(path)) == 1


def test_two_sheets_that_both_look_like_data_are_refused_rather_than_one_be_lost(tmp_path):
    with xlsxwriter.Workbook(str(tmp_path / "d.xlsx")) as book:
        for name in ("东营区", "河口区"):
            book.add_worksheet(name).write_row(0, 0, DIBAO)
    with pytest.raises(Refusal, match="东营区、河口区"):
        open_table(tmp_path / "d.xlsx")


@pytest.mark.parametrize("compression", ["zstd", "snappy", "uncompressed"])
def test_parquet_is_read_as_text_whatever_its_types(tmp_path, compression):
    frame = pl.DataFrame(
        {
            "公民身份号码": [valid_id(1), None, valid_id(2)],
            "单人保": [True, None, False],
            "家庭月保障金额": [1234.5, None, 600.0],
            "纳入日期": [dt.date(2024, 5, 1), None, dt.date(2024, 6, 1)],
            "认定时间": [dt.datetime(2024, 5, 1, 8), None, dt.datetime(2024, 6, 1)],  # noqa: DTZ001  # as exported: local
            "核算人数": [3, None, 2],
        }
    )
    frame.write_parquet(tmp_path / "d", compression=compression)
    assert records(tmp_path / "d") == [
        (1, 1, valid_id(1), "是", "1234.5", "2024-05-01", "2024-05-01 08:00:00", "3"),
        (3, 1, valid_id(2), "否", "600", "2024-06-01", "2024-06-01", "2"),
    ]
    assert counted(tmp_path / "d") == (3, 0, 1, 0, 0)


@pytest.mark.parametrize("form", ["csv", "xlsx", "xls", "parquet"])
def test_a_table_without_a_single_record_is_a_table(tmp_path, form):
    path = tmp_path / "dibao_roll_2026-03.csv"
    match form:
        case "csv":
            write(path, csv_text(DIBAO, []))
        case "xlsx":
            write_xlsx(path, [DIBAO])
        case "xls":
            write_xls(path, [DIBAO])
        case "parquet":
            pl.DataFrame(schema=dict.fromkeys(DIBAO, pl.String)).write_parquet(path)
    (block,) = blocks(path)
    assert list(block.columns) == DIBAO
    frame, rejects, _, account = read(path)
    assert (frame.height, rejects, account.physical) == (0, [], 0 if form == "parquet" else 1)


# --- what is no table ------------------------------------------------------------------------------------------------


def far_cell(path):
    """A workbook of two cells, in two corners of the world."""
    with xlsxwriter.Workbook(str(path)) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, DIBAO)
        page.write(1_048_575, 16_383, "x")
    return path


def patched_xls(path, old, new):
    """An old workbook in which one BIFF record was changed."""
    data = write_xls(path, [DIBAO, ["x"] * 13]).read_bytes()
    assert old in data
    return write(path, data.replace(old, new, 1))


def far_xls(path):
    """One string cell (record FD), moved from row 1, column 0 to the last row and column that two bytes can name."""
    return patched_xls(path, struct.pack("<4H", 0xFD, 10, 1, 0), struct.pack("<4H", 0xFD, 10, 0xFFFF, 0xFFFF))


def locked_xls(path):
    """The code page record (42) turned into the one that says that a password was set (2F)."""
    return patched_xls(path, struct.pack("<2H", 0x42, 2), struct.pack("<2H", 0x2F, 2))


def locked_xlsx(path):
    """A new workbook with a password is an old container with this one entry."""
    name = "EncryptedPackage".encode("utf-16-le")
    old = "Workbook".encode("utf-16-le").ljust(64, b"\x00") + struct.pack("<H", 18)
    return patched_xls(path, old, name.ljust(64, b"\x00") + struct.pack("<H", len(name) + 2))


def packed(path, name):
    with zipfile.ZipFile(path, "w") as package:
        package.writestr(name, "x")
    return path


def cut(path, size):
    write_xlsx(path, [DIBAO, DIBAO_ROW])
    return write(path, path.read_bytes()[:size])


@pytest.mark.parametrize(
    ("code", "make"),
    [
        ("landing.directory", lambda path: path.mkdir() or path),
        ("landing.no_file", lambda path: path),
        ("landing.empty", lambda path: write(path, b"")),
        ("landing.no_header", lambda path: write(path, b"\x00" * 5000)),
        ("landing.no_header", lambda path: write(path, b"\n\n\n")),
        ("landing.no_header", lambda path: write(path, "赵一,370502198001150015\n钱二,370502198001150016\n")),
        ("landing.no_header", lambda path: write(path, "370502198001150015,赵一,姓名\n")),
        ("landing.no_header", lambda path: write_xlsx(path, [["甲", "乙"], [1, 2]])),
        ("landing.no_header", lambda path: write_xlsx(path, [])),
        ("landing.utf_16", lambda path: write(path, CLEAN, "utf-16")),
        ("landing.utf_16", lambda path: write(path, CLEAN, "utf-16-le")),
        ("landing.utf_16", lambda path: write(path, CLEAN, "utf-16-be")),
        ("landing.utf_16", lambda path: write(path, CLEAN, "utf-32")),
        ("landing.no_table", lambda path: write(path, b"%PDF-1.7 ...")),
        ("landing.no_table", lambda path: write(path, b"\x89PNG\r\n\x1a\n")),
        ("landing.no_table", lambda path: write(path, b"\x1f\x8b\x08")),
        ("landing.no_table", lambda path: write(path, "\ufeff <html><table><tr><td>公民身份号码")),
        ("landing.no_table", lambda path: write(path, '<?xml version="1.0"?><Workbook>')),
        ("landing.no_table", lambda path: packed(path, "word/document.xml")),
        ("landing.no_table", lambda path: packed(path, "death_2026-03.csv")),
        ("landing.damaged", lambda path: packed(path, "xl/workbook.xml")),
        ("landing.damaged", lambda path: write(path, b"PK\x03\x04 nothing more")),
        ("landing.damaged", lambda path: cut(path, 3000)),
        ("landing.damaged", lambda path: write(path, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 2000)),
        ("landing.damaged", lambda path: write(path, b"PAR1" + b"\x00" * 100)),
        ("landing.damaged", lambda path: write(path, b"PAR1")),
        ("landing.too_big", far_cell),
        ("landing.too_big", far_xls),
    ],
    ids=lambda given: given if isinstance(given, str) else "",
)
def test_what_is_no_table_is_refused_in_a_sentence(tmp_path, code, make):
    with pytest.raises(Refusal, match=r"。$") as refusal:
        list(open_table(make(tmp_path / "death_2026-03.csv")).blocks())
    assert refusal.value.code == code
    assert "death_2026-03.csv" in refusal.value.sentence


@pytest.mark.parametrize(("name", "make"), [("d.xls", locked_xls), ("d.xlsx", locked_xlsx)])
def test_a_workbook_with_a_password_is_refused_as_such(tmp_path, name, make):
    with pytest.raises(Refusal, match="有打开密码。请去掉密码后再报。"):
        open_table(make(tmp_path / name))


def test_a_pipe_is_refused_and_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "d.csv")
    with pytest.raises(Refusal, match="不是普通文件"):
        open_table(tmp_path / "d.csv")
