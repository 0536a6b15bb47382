"""表格文件（XLSX、XLS）：第一张有表头的工作表，一行算一行。

Sheets, by python-calamine. The unit of the account is the sheet's row. A merged header cell counts for all its cells.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import TypeAlias

import polars as pl
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError

from doudi.errors import Refusal
from doudi.landing.readers.head import MAX_HEAD_ROWS, FoundHeader, Row, find_header, is_blank, is_total
from doudi.landing.readers.package import refuse_oversized
from doudi.landing.readers.table import Block, Table, named

__all__ = ["cell_text", "open_sheet"]

Cell: TypeAlias = int | float | str | bool | dt.time | dt.date | dt.datetime | dt.timedelta | None
_ROWS = 16_384  # per block


def open_sheet(path: Path, form: str) -> Table:
    """The table in a workbook. Refuses a locked or damaged one, and one with two sheets that both look like data."""
    if form == "xlsx":
        refuse_oversized(path)
    with _refusing(path):
        workbook = CalamineWorkbook.from_path(path)
        headers = {name: _header(workbook.get_sheet_by_name(name)) for name in workbook.sheet_names}
    found = [(name, header) for name, header in headers.items() if header is not None]
    if not found:
        raise Refusal(
            "landing.no_header",
            f"{path.name} 的各工作表前 {MAX_HEAD_ROWS} 行里找不到表头：没有一行写着约定的列名。请在第一行写上列名后再报。",
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
        read_blocks=lambda: _blocks(path, name, header),
        ignored_sheets=tuple(name for name, header in headers.items() if header is None),
    )


def cell_text(cell: Cell) -> str:
    """What a cell says, as a person would have typed it: whole numbers without a point, days without a midnight."""
    match cell:
        case str():
            return cell
        case None:
            return ""
        case bool():
            return "是" if cell else "否"
        case float():
            return str(int(cell)) if cell.is_integer() else repr(cell)
        case dt.datetime():
            return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat(sep=" ", timespec="seconds")
        case dt.date() | dt.time():
            return cell.isoformat()
        case _:
            return str(cell)


@contextmanager
def _refusing(path: Path) -> Iterator[None]:
    """Turns every way in which the reader fails on a file into a sentence."""
    try:
        yield
    except PasswordError as error:
        raise Refusal("landing.locked", f"{path.name} 有打开密码。请去掉密码后再报。") from error
    except (CalamineError, OSError, ValueError) as error:
        raise _damaged(path) from error
    except BaseException as error:
        # A panic of the Rust library is no Exception, and its class cannot be imported.
        if type(error).__name__ == "PanicException":
            raise _damaged(path) from error
        raise


def _damaged(path: Path) -> Refusal:
    return Refusal("landing.damaged", f"{path.name} 不是表格或已损坏，打不开。请用表格软件打开并另存一份后再报。")


def _header(sheet: CalamineSheet) -> FoundHeader | None:
    """The header, if the sheet has one, with the words of merged cells spread over all the cells they cover."""
    texts = [[cell_text(cell) for cell in row] for row in islice(sheet.iter_rows(), MAX_HEAD_ROWS)]
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        for row in texts[top : bottom + 1]:
            row[left : right + 1] = [texts[top][left]] * len(row[left : right + 1])
    return find_header([Row(index, 1, cells) for index, cells in enumerate(texts, 1)])


def _blocks(path: Path, name: str, header: FoundHeader) -> Iterator[Block]:
    with _refusing(path):
        rows = CalamineWorkbook.from_path(path).get_sheet_by_name(name).iter_rows()
    texts = ([cell_text(cell) for cell in row] for row in islice(rows, header.head.physical, None))
    first = header.head.physical + 1
    while waiting := list(islice(texts, _ROWS)):
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
