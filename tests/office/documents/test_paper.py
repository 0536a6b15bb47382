"""A printed sheet: A4, marked and numbered on every page, nothing lost, nothing broken that is read as one."""

import io
import tempfile
import time
from datetime import UTC, datetime

import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doudi.office.common.clock import BEIJING
from doudi.office.documents.paper import (
    VISITED,
    Blank,
    Blanks,
    Fact,
    Facts,
    Heading,
    Listing,
    Points,
    Says,
    Sheet,
    print_pages,
)
from doudi.office.documents.paper.pen import Mark
from doudi.office.documents.paper.wrapping import LACKING, printable, width, wrap
from office.nasty import NASTY

AT = datetime(2026, 6, 30, 9, 5, tzinfo=BEIJING)
LINE = "兜底 · 一户一表 · 打印人 张敏（zhangmin，县区民政经办人员）· 2026-06-30 09:05"
MARK = Mark("张敏 zhangmin", AT, LINE)
LONG = Listing(("事实", "出处", "日期"), tuple((f"第 {n} 件事", "医保 医疗结算", "2026-06-02") for n in range(90)))


def read(*blocks, mark=MARK, **more):
    printed = print_pages(Sheet("一户一表", "这一户的情况。", blocks, **more), mark)
    return pypdf.PdfReader(io.BytesIO(printed.content))


def texts(*blocks, **more):
    return [page.extract_text() for page in read(*blocks, **more).pages]


def solid(text):
    return "".join(text.split())


def test_every_page_says_what_it_is_who_printed_it_when_and_which_of_how_many_it_is():
    pages = texts(LONG)
    assert len(pages) > 2
    for number, page in enumerate(pages, 1):
        assert solid(LINE) in solid(page)
        assert solid(page).count("张敏zhangmin2026-06-3009:05") >= 12, "the watermark lies all over it"
        assert solid(f"第 {number} 页 共 {len(pages)} 页") in solid(page)


def test_a_table_that_goes_on_has_its_heads_on_every_page_and_loses_no_row():
    pages = texts(Heading("事实和来源"), LONG)
    assert all("事实出处日期" in solid(page) for page in pages)
    whole = solid("".join(pages))
    assert [f"第{n}件事" in whole for n in range(90)] == [True] * 90


def test_a_row_higher_than_a_page_is_cut_and_not_lost():
    pages = texts(Listing(("一", "二"), (("长" * 6_000, "短"),)))
    assert solid("".join(pages)).count("长") == 6_000
    assert len(pages) < 8


def rows_of(number):
    """A table so high that what follows comes near the foot of the first page."""
    return Listing(("甲",), tuple((str(n),) for n in range(number)))


@pytest.mark.parametrize("rows", range(25, 34))
def test_a_head_never_stands_alone_at_the_foot_of_a_page(rows):
    first, *_ = texts(rows_of(rows), Heading("末项", "一句话。"), Listing(LONG.heads, LONG.rows[:3]))
    assert ("末项" in solid(first)) == ("第0件事" in solid(first))


@pytest.mark.parametrize("rows", range(17, 26, 2))
def test_what_is_filled_in_by_hand_stays_together_with_its_head(rows):
    pages = texts(rows_of(rows), Heading("走访记录"), VISITED)
    marked = [page for page in pages if "走访记录" in solid(page)]
    assert len(marked) == 1
    assert all(blank.label in solid(marked[0]) for blank in VISITED.blanks)


def test_the_kinds_of_blocks_all_stand_on_the_paper():
    said = solid(
        "".join(
            texts(
                Facts((Fact("户主", "张*"), Fact("人数", "3 人"), Fact("管理地", "山东省东营市东营区文汇街道" * 3))),
                Says("来源偏旧", strong=True),
                Says("还要知道：收入", soft=True),
                Points(("一问", "二看"), numbered=True),
                Points(("另一件",)),
                Blanks((Blank("核查情况", 6), Blank("是否属实", 1, "□ 属实"))),
            )
        )
    )
    for part in ("户主张*人数3人", "来源偏旧", "还要知道", "1.一问2.二看", "·另一件", "核查情况", "□属实"):
        assert part in said, part


def test_markup_is_text():
    assert "<b>张&amp;</b>" in solid(texts(Says("<b>张&amp;</b>"))[0])


def test_it_tells_readers_its_title_its_language_and_the_moment():
    book = read(Says("甲"))
    assert book.metadata.title == "一户一表"
    assert book.metadata.creation_date.astimezone(UTC) == AT.astimezone(UTC)
    assert book.trailer["/Root"]["/Lang"] == "zh-CN"
    assert book.trailer["/Root"]["/ViewerPreferences"]["/DisplayDocTitle"]
    assert [round(side) for side in book.pages[0].mediabox[2:]] == [595, 842]
    assert [round(side) for side in read(Says("甲"), landscape=True).pages[0].mediabox[2:]] == [842, 595]


def test_no_font_travels_with_it():
    content = print_pages(Sheet("一户一表", "", (LONG,)), MARK).content
    assert b"FontFile" not in content
    assert len(content) < 60_000


def test_the_same_sheet_gives_the_same_bytes_whenever_it_is_made():
    sheet = Sheet("一户一表", "", (LONG,))
    assert print_pages(sheet, MARK) == print_pages(sheet, MARK)


def test_no_temporary_file_is_made(monkeypatch):
    def never(*_, **__):
        raise AssertionError("a temporary file")

    for name in ("mkstemp", "NamedTemporaryFile", "TemporaryFile", "mkdtemp"):
        monkeypatch.setattr(tempfile, name, never)
    assert print_pages(Sheet("一户一表", "", (LONG,)), MARK).pages > 2


def test_a_character_that_no_reader_has_is_shown_as_lacking_and_explained():
    said = texts(Says("姓名：张𬀩"))[0]
    assert f"张{LACKING}" in said
    assert "以网页所示为准" in said
    assert "以网页所示为准" not in texts(Says("姓名：张䶮"))[0], "extension A is in the font"


def test_a_long_purpose_is_printed_whole_on_every_page():
    long = Mark("张敏 zhangmin", AT, LINE + "用途：" + "季度核查会商用" * 28)
    assert all(solid(long.line) in solid(page) for page in texts(LONG, mark=long))


@pytest.mark.parametrize(
    ("text", "within", "lines"),
    [
        ("自付 30,000.00 元", 5, ["自付", "30,000.00", "元"]),
        ("查一查，再说", 3, ["查一", "查，再", "说"]),
        ("说明（附后）", 3, ["说明", "（附", "后）"]),
        ("medical_settlement_2026", 6, ["medical_", "settlement_", "2026"]),
        ("一行\n另一行", 9, ["一行", "另一行"]),
        ("", 9, [""]),
    ],
)
def test_a_line_breaks_where_a_reader_expects_it(text, within, lines):
    assert wrap(text, 10, within * 10_000) == lines


@settings(max_examples=200)
@given(st.text(max_size=120), st.integers(20_000, 300_000))
def test_no_line_is_too_wide_and_no_sign_is_lost(text, within):
    lines = wrap(text, 10, within)
    assert all(width(line, 10) <= within for line in lines)
    assert solid("".join(lines)) == solid(printable(text.replace("\n", "")))


@settings(max_examples=30)
@given(st.lists(st.text(max_size=300), min_size=1, max_size=4))
def test_whatever_is_printed_it_is_printed(parts):
    row = tuple(parts)
    blocks = (Facts(tuple(Fact(part[:9], part) for part in parts)), Listing(row, (row,)), Points(row), Says(parts[0]))
    assert read(*blocks).pages


def test_whatever_was_typed_somewhere_is_printed_as_text():
    rows = tuple((word, value[:2_000]) for word, value in NASTY.items())
    said = solid("".join(texts(Listing(("什么", "内容"), rows))))
    assert [word for word in NASTY if solid(printable(word)) not in said] == []


def test_a_household_of_eight_takes_no_time():
    tests = Listing(
        ("答", "问", "规则和凭据", "依据"),
        (("不知", "本人收入是否低于当地标准？", "家庭年收入（未知）< 线", "N2.6"),) * 12,
    )
    blocks = [block for _ in range(8) for block in (Says("低保：无法判断", strong=True), tests, LONG)]
    sheet = Sheet("一户一表", "", tuple(blocks))
    began = time.process_time()
    print_pages(sheet, MARK)
    assert time.process_time() - began < 1.5  # some forty pages: 0.5 s where nobody else works
