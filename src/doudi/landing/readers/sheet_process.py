"""读工作簿的子进程：损坏的工作簿最多毁掉它自己。

A process of its own that reads workbooks. The library lays a sheet out as one dense area, so that one flipped byte in a
few kilobytes can ask for terabytes, and a failed allocation ends the whole process: here it ends this one, within the
limits below. Run as `python -I sheet_process.py PATH heads|rows [SHEET]`; it imports nothing of doudi, since isolated
mode sees installed packages only. It answers in lines of JSON: for heads one object per sheet, for rows lists of rows;
`null` says that nothing is missing. Exit codes: 0, DAMAGED, LOCKED; a signal when a limit was passed.
"""

import contextlib
import datetime as dt
import json
import sys
from collections.abc import Iterator
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import TypeAlias

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError

__all__ = ["DAMAGED", "HEAD_ROWS", "LOCKED", "cell_text"]

Cell: TypeAlias = int | float | str | bool | dt.time | dt.date | dt.datetime | dt.timedelta | None

DAMAGED, LOCKED = 3, 4
HEAD_ROWS = 40
_EXACT = 10**15
_ROWS_A_LINE = 1_024
_MEMORY = 3 << 30  # bytes; a full sheet, a million rows of thirteen columns, takes about a half of it
_SECONDS = 600  # of CPU


def cell_text(cell: Cell) -> str:
    """What a cell says, as a person would have typed it: whole numbers without a point, days without a midnight."""
    match cell:
        case str():
            return cell
        case None:
            return ""
        case bool():
            return "是" if cell else "否"
        case int() | float() if abs(cell) >= _EXACT:
            # As the sheet shows it, with 15 digits: a citizen id typed as a number has lost its last three.
            return f"{Decimal(f'{cell:.14e}'):f}"
        case float():
            return str(int(cell)) if cell.is_integer() else repr(cell)
        case dt.datetime():
            return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat(sep=" ", timespec="seconds")
        case dt.date() | dt.time():
            return cell.isoformat()
        case _:
            return str(cell)


def _texts(sheet: CalamineSheet) -> Iterator[list[str]]:
    return ([cell_text(cell) for cell in row] for row in sheet.iter_rows())


def _opened(path: str) -> CalamineWorkbook:
    try:
        with Path(path).open("rb") as stream:
            return CalamineWorkbook.from_filelike(stream)  # by content
    except CalamineError:
        return CalamineWorkbook.from_path(path)  # by extension: only so is a password told from damage


def _answers(path: str, what: str, *names: str) -> Iterator[object]:
    workbook = _opened(path)
    if what == "rows":
        rows = _texts(workbook.get_sheet_by_name(*names))
        while some := list(islice(rows, _ROWS_A_LINE)):
            yield some
        return
    for name in workbook.sheet_names:
        sheet = workbook.get_sheet_by_name(name)
        head = list(islice(_texts(sheet), HEAD_ROWS))
        # Rows begin at the sheet's first column that is not empty, merged ranges are counted from A1.
        left = sheet.start[1] if sheet.start else 0
        yield {"name": name, "head": head, "left": left, "merged": [*(sheet.merged_cell_ranges or ())]}


def _limit() -> None:
    """Where the system has no such limits, a bomb is stopped by the system alone."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource  # noqa: PLC0415  # absent on Windows

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a dump would hold what the file holds
        resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))


def _main() -> int:
    _limit()
    try:
        for answer in _answers(*sys.argv[1:]):
            sys.stdout.buffer.write(json.dumps(answer, ensure_ascii=False).encode() + b"\n")
    except PasswordError:
        return LOCKED
    except (CalamineError, OSError, ValueError):
        return DAMAGED
    sys.stdout.buffer.write(b"null\n")
    return 0


if __name__ == "__main__":
    sys.exit(_main())
