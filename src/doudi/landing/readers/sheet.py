"""表格文件（XLSX、XLS）：第一张有表头的工作表，一行算一行。

Sheets. The unit of the account is the sheet's row. A merged header cell counts for all the cells it covers.
"""

from collections.abc import Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import Any

import polars as pl

from doudi.errors import Refusal
from doudi.landing.readers import sheet_process
from doudi.landing.readers.head import FoundHeader, Row, find_header, is_blank, is_total
from doudi.landing.readers.sheet_reader import SheetReader
from doudi.landing.readers.table import Block, ReadPiece, Table, named

__all__ = ["open_sheet"]

_ROWS = 16_384  # per block


def open_sheet(path: Path, form: str, reader: SheetReader) -> Table:
    """The table in a workbook. Refuses a locked, damaged or oversized one, and one with two sheets that look like data."""
    headers = {sheet["name"]: _header(sheet) for sheet in reader.heads(path)}
    found = [(name, header) for name, header in headers.items() if header is not None]
    if not found:
        raise Refusal(
            "landing.no_header",
            f"{path.name} 的各工作表前 {sheet_process.HEAD_ROWS} 行里找不到表头：没有一行写着约定的列名。"
            "请在第一行写上列名后再报。",
        )
    if len(found) > 1:
        raise Refusal(
            "landing.many_sheets",
            f"{path.name} 有 {len(found)} 张工作表都像数据：{'、'.join(name for name, _ in found)}。"
            "请每张存成一个文件（_part1、_part2）后再报。",
        )
    name, header = found[0]
    return Table(
        path=path,
        form=form,
        header_line=header.line,
        header=header.words,
        head=header.head,
        read_pieces=lambda: map(ReadPiece, _blocks(reader.rows(path, name), header)),
        ignored_sheets=tuple(name for name, header in headers.items() if header is None),
    )


def _header(sheet: dict[str, Any]) -> FoundHeader | None:
    """The header, if the sheet has one, with the words of merged cells spread over all the cells they cover."""
    texts: list[list[str]] = sheet["head"]
    for (top, first), (bottom, last) in sheet["merged"]:
        left, right = first - sheet["left"], last - sheet["left"]
        for row in texts[top : bottom + 1]:
            row[left : right + 1] = [texts[top][left]] * len(row[left : right + 1])
    return find_header([Row(index, 1, cells) for index, cells in enumerate(texts, 1)])


def _blocks(answers: Iterator[list[list[str]]], header: FoundHeader) -> Iterator[Block]:
    below = islice(chain.from_iterable(answers), header.head.physical, None)
    first = header.head.physical + 1
    while waiting := list(islice(below, _ROWS)):
        yield _block(waiting, first, header)
        first += len(waiting)


def _block(rows: Sequence[Sequence[str]], first: int, header: FoundHeader) -> Block:
    records: list[Sequence[str]] = []
    lines: list[int] = []
    counts = {"header": 0, "blank": 0, "total": 0}
    for line, row in enumerate(rows, first):
        if is_blank(row):
            counts["blank"] += 1
        elif is_total(row):
            counts["total"] += 1
        elif [cell.strip() for cell in row[: len(header.words)]] == header.words:
            counts["header"] += 1
        else:
            lines.append(line)
            records.append(row)
    columns = {
        word: pl.Series([row[index] if index < len(row) else "" for row in records], dtype=pl.String)
        for index, word in named(header.words)
    }
    return Block(
        columns=columns,
        lines=pl.Series(lines, dtype=pl.Int32),
        spans=pl.Series([1], dtype=pl.Int32).new_from_index(0, len(lines)),
        unread=(),
        physical=len(rows),
        **counts,
    )
