"""What the quick way through clean text gives is what the slow way gives, or it declines."""

from pathlib import Path
from typing import Any

import pytest

from doudi.landing.readers import open_table
from doudi.landing.readers.delimited import TextPiece

HEADER = "结算流水号,身份证号,结算日期,就诊类型"
CLEAN = [f"S{number},37050219900101{number:04d},2026-03-01,普通门诊" for number in range(40)]

TAKEN = {
    "clean lines": [],
    "full-width digits": ["S41,３７０５０２199001010001,2026年3月1日,住院"],
    "a quoted cell": ['S41,370502199001010001,"2026,03",住院'],
    "a doubled quote": ['S41,370502199001010001,"2026""03",住院'],
    "an empty line": [""],
    "a line of blank cells": [",,,", " , ,,"],
    "a total": ["合计,,,12", "总 计,3,,"],
    "a total behind a stray mark": ["',合计,,"],
    "the header again": [HEADER],
    "blanks and stray marks": [" S41 ,'370502199001010001,=1,\t住院"],
}
DECLINED = {
    "a short total": ["合计,12"],
    "a cell too few": ["S41,370502199001010001,2026-03-01"],
    "a cell too many": ["S41,370502199001010001,2026-03-01,住院,多"],
    "a blank cell too many": ["S41,370502199001010001,2026-03-01,住院,"],
    "an open quote": ['S41,"370502199001010001,2026-03-01,住院'],
    "a quote inside a cell": ['S41,3705"02,2026-03-01,住院'],
    "a record over two lines": ['S41,"3705', '02",2026-03-01,住院'],
    "no number at all": [",370502199001010001,2026-03-01,住院"],
    "an old carriage return": ["S41,3705\r02,2026-03-01,住院"],
    "a control character": ["S41,3705\x0102,2026-03-01,住院"],
    "a line too long": ["S41,3705," + "病" * 40_000 + ",住院"],
}


def _pieces(path: Path, lines: list[str], encoding: str, end: str) -> list[TextPiece]:
    path.write_bytes(end.join([HEADER, *CLEAN[:20], *lines, *CLEAN[20:], ""]).encode(encoding))
    pieces = list(open_table(path).pieces())
    assert all(isinstance(piece, TextPiece) for piece in pieces)
    return [piece for piece in pieces if isinstance(piece, TextPiece)]


def _said(piece: TextPiece) -> dict[str, Any]:
    block, rest = piece.block()
    counts = {name: getattr(block, name) for name in ("unread", "physical", "header", "blank", "total")}
    cells = {word: column.to_list() for word, column in block.columns.items()}
    return counts | cells | {"rest": rest, "lines": block.lines.to_list(), "spans": block.spans.to_list()}


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize("case", [*TAKEN, *DECLINED])
def test_quick_and_slow_say_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, case: str, encoding: str, end: str
) -> None:
    lines = (TAKEN | DECLINED)[case]
    (piece,) = _pieces(tmp_path / "medical_settlement_2026-03.csv", lines, encoding, end)
    quick = _said(piece)
    if case in TAKEN:
        assert piece._quickly() is not None, "the quick way is taken"
    else:
        assert piece._quickly() is None or case == "a control character", "the quick way declines"
    monkeypatch.setattr(TextPiece, "_quickly", lambda _self: None)
    assert _said(piece) == quick


@pytest.mark.parametrize("wrong", ["ffff", "81", "8130"])
def test_bytes_that_are_no_text_are_left_to_the_slow_way(tmp_path: Path, wrong: str) -> None:
    path = tmp_path / "medical_settlement_2026-03.csv"
    path.write_bytes(
        "\n".join([HEADER, *CLEAN, ""]).encode("gb18030") + b"S99," + bytes.fromhex(wrong) + b",2026-03-01,\n"
    )
    (piece,) = open_table(path).pieces()
    block, _ = piece.block()
    assert [unread.code for unread in block.unread] == ["undecodable"]
    assert block.lines.len() == len(CLEAN)
