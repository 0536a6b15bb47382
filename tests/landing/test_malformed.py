"""一万行各种残缺：一行不丢，一行不含糊，不出一次程序错。什么字节都当文件送来：一句话说清。"""

import random
from collections import Counter

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from doudi.errors import Refusal
from landing.files import (
    DIBAO,
    SETTLEMENT,
    csv_text,
    dibao_line,
    read,
    settlement_line,
    valid_id,
    write,
    write_xls,
    write_xlsx,
)

# Each kind of damage: from a clean line and some randomness to the bytes of one physical line or more.
# It must end as `rejected` (whole), `kept`, or in a class of its own.


def spoil(column, *values):
    return lambda line, rng: ",".join((line | {column: rng.choice(values)}).values())


def instead(*texts):
    return lambda _, rng: rng.choice(texts)


def as_it_is(line, rng):
    return ",".join(line.values())


def quoted(line, rng):
    return ",".join(f'"{cell}"' for cell in line.values())


def trailing_commas(line, rng):
    return ",".join(line.values()) + "," * rng.randrange(1, 4)


def spelt_id(line, rng):
    return ",".join((line | {"公民身份号码": " ".join(line["公民身份号码"])}).values())


def cut_short(line, rng):
    return ",".join(list(line.values())[: rng.randrange(1, len(line))])


def one_cell_more(line, rng):
    cells = list(line.values())
    cells.insert(rng.randrange(len(cells)), "多出")
    return ",".join(cells)


def shifted(line, rng):
    cells = list(line.values())
    return ",".join(cells[1:] + cells[:1])


def unclosed(line, rng):
    cells = list(line.values())
    at = rng.randrange(len(cells))
    cells[at] = '"' + cells[at]
    return ",".join(cells)


def broken_in_two(line, rng):
    text = ",".join(line.values())
    at = rng.randrange(25, len(text) - 25)
    return text[:at].rstrip(",") + "\n" + text[at:].lstrip(",")


def with_nul(line, rng):
    text = ",".join(line.values())
    at = rng.randrange(len(text))
    return text[:at] + "\x00" + text[at:]


def in_gb18030(line, rng):
    return ",".join(line.values()).encode("gb18030")


def torn_character(line, rng):
    return ",".join(line.values()).encode().replace("赵".encode(), "赵".encode()[: rng.randrange(1, 3)], 1)


def quoted_break(line, rng):
    return ",".join((line | {"姓名": '"赵' + "\n" * rng.randrange(1, 5) + '一"'}).values())


REJECTED = {
    "too few cells": cut_short,
    "too many cells": one_cell_more,
    "shifted": shifted,
    "quote left open": unclosed,
    "broken in two": broken_in_two,
    "nul": with_nul,
    "another encoding": in_gb18030,
    "torn character": torn_character,
    "escape sequence": spoil("姓名", "赵\x1b[2J一", "\x07", "赵\x7f"),
    "no id": spoil("公民身份号码", "", "无", "-", "不详"),
    "bad id": spoil(
        "公民身份号码",
        "370502198001150016",
        "37050219800115001",
        "999999999999999999",
        "100105198001150011",
        "37050219800230001X",
        "X" * 18,
    ),
    "id as a number": spoil("公民身份号码", "3.70502198001E+17", "370502198001150000"),
    "no name": spoil("姓名", "", "　　", "NULL"),
    "formula": spoil("姓名", "=HYPERLINK(1)", "@SUM(1+9)", "+cmd|' /C calc'!A0", "-2+3+cmd"),
    "bad day": spoil(
        "纳入日期",
        "9999-99-99",
        "2024-02-30",
        "0000-00-00",
        "昨天",
        "2024",
        "20241301",
        "1850-01-01",
        "2099-01-01",
        "²⁰²⁴",
    ),
    "bad money": spoil(
        "家庭月保障金额", "1e400", "NaN", "inf", "-1", "一百", "1.234", "9" * 40, "1.2.3", "0x10", "", "∞", "١e٢"
    ),
    "bad code": spoil("保障类别", "城镇", "1", "农村户口", "农村;城市", ""),
    "bad division": spoil("经办乡镇代码", "文汇街道", "370599001000", "12345", "000000000000", "-1", "37050200１00０x"),
    "long cell": spoil("姓名", "长" * 2_001),
    "long line": spoil("姓名", "长" * 70_000),
}
KEPT = {
    "clean": as_it_is,
    "quoted": quoted,
    "quoted break": quoted_break,
    "trailing commas": trailing_commas,
    "odd quotes": spoil("低保证号", '甲"乙', '"甲"乙', '"甲""乙"'),
    "bad optional": spoil("最近复核日期", "9999-99-99", "=1", "1e400", "昨天", "\u202e"),
    "bad optional code": spoil("待遇状态", "暂停", "？", "=1+1"),
    "bad optional number": spoil("核算人数", "1e9", "-1", "三人", "９" * 30),
    "other spelling": spoil("纳入日期", "2024/5/1", "20240501", "2024年5月1日", "45413", "２０２４-５-１"),
    "spelt id": spelt_id,
}
APART = {
    "blank": instead("", "   ", ",,,", "\t　", "," * 12),
    "total": instead("合计,,,,,99,,,,,,,", "总 计：9", '"小计",1'),
    "header": instead(",".join(DIBAO)),
}


def malformed(count, seed):
    """`count` damaged records: for each its kind, its first line and how many it takes; and the file's bytes."""
    rng = random.Random(seed)
    kinds = REJECTED | KEPT | APART
    parts, told, at = [",".join(DIBAO).encode()], [], 2
    for number in range(count):
        kind = rng.choice(list(kinds))
        part = kinds[kind](dibao_line(number), rng)
        part = part if isinstance(part, bytes) else part.encode()
        span = part.count(b"\n") + 1
        told.append((kind, at, span))
        parts.append(part)
        at += span
    return told, b"\n".join(parts) + b"\n"


@pytest.mark.slow
@pytest.mark.parametrize(("count", "ending"), [(10_000, b"\n"), (2_000, b"\r\n")], ids=["lf", "crlf"])
def test_of_ten_thousand_malformed_lines_none_is_lost_and_none_unexplained(tmp_path, count, ending):
    told, text = malformed(count, seed=39)
    frame, rejects, notes, account = read(write(tmp_path / "dibao_roll_2026-03.csv", text.replace(b"\n", ending)))

    accepted = dict(frame.select("line", "span").iter_rows())
    rejected = {reject.line: reject for reject in rejects}
    assert len(accepted) == frame.height
    assert len(rejected) == len(rejects)
    assert not accepted.keys() & rejected.keys()
    assert account.physical == text.count(b"\n")

    for kind, at, span in told:
        if kind in REJECTED:
            assert not [line for line in range(at, at + span) if line in accepted], kind
            assert sum(rejected[line].span for line in range(at, at + span) if line in rejected) == span, kind
        elif kind in KEPT:
            assert accepted.get(at) == span, kind
        else:
            assert at not in accepted.keys() | rejected.keys(), kind
    assert [reject for reject in rejects if not reject.reason.endswith("。") or not reject.raw] == []
    # Every kind of damage that the checks know by name has been seen.
    seen = Counter(reject.reason_code for reject in rejects)
    assert seen.keys() >= {
        "cell_count", "unclosed_quote", "control_character", "undecodable", "line_too_long", "value_too_long", "missing_value",
        "formula", "id_check_digit", "id_length", "id_region", "id_birth", "id_scientific", "id_rounded", "date_absent", "date_early",
        "date_late", "date_format", "money_format", "money_negative", "money_cents", "money_range", "code_unknown", "division_format",
        "division_unknown",
    }  # fmt: skip
    assert sum(notes.values()) >= account.repaired > 0


def test_a_file_of_nothing_but_open_quotes_is_read_line_by_line_and_soon(tmp_path):
    lines = [f'"{valid_id(number)},"赵一' for number in range(20_000)]
    frame, rejects, _, account = read(write(tmp_path / "dibao_roll_2026-03.csv", csv_text(DIBAO, lines)))
    assert (frame.height, len(rejects), account.rejected) == (0, 20_000, 20_000)


@pytest.mark.parametrize("writer", [write_xlsx, write_xls])
def test_a_damaged_sheet_loses_no_row_either(tmp_path, writer):
    rng = random.Random(7)
    spoilt = [None, "", "=1", "9999-99-99", 1e300, -5, 0.1 + 0.2, "赵\n一", True, "\ufffd", "长" * 3_000]
    rows = [DIBAO]
    for number in range(600):
        row = list(dibao_line(number).values())
        row[rng.randrange(len(row))] = rng.choice(spoilt)
        rows.append(rng.choice([row, row, row[: rng.randrange(len(row))], []]))
    rows.append(["合计"])
    frame, rejects, _, account = read(writer(tmp_path / "dibao_roll_2026-03.csv", rows))
    assert account.physical == len(rows)
    assert account.total == 1
    assert frame.height + len(rejects) + account.blank == 600
    assert frame.height > 0
    assert rejects


# --- bytes of every sort as a file ------------------------------------------------------------------------------------


def check_it_ends_in_a_sentence_or_an_account(path):
    """Reads a file of any bytes: either a Refusal with a Chinese sentence, or an account that adds up."""
    try:
        account, sentence = read(path)[3], None
    except Refusal as refusal:
        account, sentence = None, refusal.sentence
    if account is None:
        assert sentence.endswith("。")
        assert path.name in sentence
    else:
        assert account.explained == account.physical


HEADER = ",".join(SETTLEMENT).encode() + b"\n"
CLEAN = csv_text(SETTLEMENT, [settlement_line(number) for number in range(4)])
magics = st.sampled_from(
    [
        b"",
        b"\xef\xbb\xbf",
        b"\xff\xfe",
        b"PK\x03\x04",
        b"PK\x05\x06",
        b"PAR1",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"%PDF",
        HEADER,
    ]
)
pieces = st.sampled_from(
    [
        b"\x00",
        b"\n",
        b"\r",
        b'"',
        b'""',
        b",",
        b"\xff",
        b"\xd5\xd4",
        "，".encode(),
        "合计".encode(),
        b"\x1a",
        b"=1",
        b"9" * 40,
        b"\t",
    ]
)


@pytest.mark.slow
@settings(max_examples=200)
@given(magics, st.lists(st.one_of(pieces, st.binary(max_size=40)), max_size=12))
@example(b"", [b'"' * 5_000])
@example(HEADER, [b'"' * 5_000])
@example(HEADER, [b'"a\n' * 50])
@example(HEADER, [b"\r" * 50])
@example(HEADER, [b"\xff" * 70_000])
def test_bytes_of_every_sort_end_in_a_sentence_or_an_account(tmp_path_factory, magic, parts):
    path = tmp_path_factory.mktemp("bytes") / "medical_settlement_2026-03.csv"
    check_it_ends_in_a_sentence_or_an_account(write(path, magic + b"".join(parts)))


@pytest.fixture(scope="module")
def originals(tmp_path_factory):
    """A good file of every form, as bytes."""
    folder = tmp_path_factory.mktemp("good")
    rows = [SETTLEMENT, *(list(settlement_line(number).values()) for number in range(4))]
    frame = pl.DataFrame({word: [row[at] for row in rows[1:]] for at, word in enumerate(SETTLEMENT)})
    frame.write_parquet(folder / "parquet")
    write(folder / "utf8", CLEAN)
    write(folder / "gb18030", CLEAN, "gb18030")
    write_xlsx(folder / "xlsx", rows)
    write_xls(folder / "xls", rows)
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.slow
@pytest.mark.parametrize("form", ["utf8", "gb18030", "xlsx", "xls", "parquet"])
@settings(max_examples=60)
@given(
    cut=st.floats(0, 1), changes=st.lists(st.tuples(st.floats(0, 0.999), st.binary(min_size=1, max_size=4)), max_size=6)
)
def test_a_good_file_that_was_damaged_ends_in_a_sentence_or_an_account(tmp_path_factory, originals, form, cut, changes):
    damaged = bytearray(originals[form])
    for where, new in changes:
        at = int(where * len(damaged))
        damaged[at : at + len(new)] = new
    if cut < 0.5:
        del damaged[int(cut * 2 * len(damaged)) :]
    path = tmp_path_factory.mktemp("damaged") / "medical_settlement_2026-03.csv"
    check_it_ends_in_a_sentence_or_an_account(write(path, bytes(damaged)))
