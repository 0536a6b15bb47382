"""读工作簿的子进程：损坏的工作簿最多毁掉它自己。

A process of its own that reads workbooks. The library lays a sheet out as one dense area, so that one flipped byte in a
few kilobytes can ask for terabytes, and a failed allocation ends the whole process: here it ends this one, within the
limits below. Run as `python -I sheet_process.py`; it imports nothing of doudi, since isolated mode sees installed
packages only. It is asked in lines of JSON, `[PATH]` for the heads of all sheets and `[PATH, SHEET]` for the rows of
one, until there are no more questions. It answers in lines of JSON, for heads one object per sheet, for rows lists of
rows; the last line of an answer is WHOLE, DAMAGED or LOCKED. Without one of them it died: of a signal when it passed a
limit, of an exit code when the library gave up.
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

__all__ = ["DAMAGED", "END", "HEAD_ROWS", "LOCKED", "WHOLE", "cell_text"]

Cell: TypeAlias = int | float | str | bool | dt.time | dt.date | dt.datetime | dt.timedelta | None

WHOLE, DAMAGED, LOCKED = "whole", "damaged", "locked"
END = str  # what ends an answer is a word, and nothing else in it is
HEAD_ROWS = 40
_EXACT = 10**15
_ROWS_A_LINE = 1_024
_MEMORY = 3 << 30  # bytes; a full sheet, a million rows of thirteen columns, takes about a half of it
_SECONDS = 600  # of CPU for one question
_KEPT_CELLS = 1 << 20  # of sheets whose head was asked for, until their rows are: so small ones are parsed once


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


class _Workbooks:
    """Answers about workbooks, and keeps the small ones between the question for their heads and that for their rows."""

    def __init__(self) -> None:
        self._kept: dict[str, dict[str, CalamineSheet]] = {}
        self._cells = 0

    def answers(self, path: str, *names: str) -> Iterator[object]:
        """The rows of the sheet that is named, else the heads of all."""
        return self._rows(path, *names) if names else self._heads(path)

    def _heads(self, path: str) -> Iterator[object]:
        workbook = _opened(path)
        sheets: dict[str, CalamineSheet] = {}
        for name in workbook.sheet_names:
            sheet = sheets[name] = workbook.get_sheet_by_name(name)
            if sum(map(_cells, sheets.values())) + self._cells > _KEPT_CELLS:
                sheets.clear()
            head = list(islice(_texts(sheet), HEAD_ROWS))
            # Rows begin at the sheet's first column that is not empty, merged ranges are counted from A1.
            left = sheet.start[1] if sheet.start else 0
            yield {"name": name, "head": head, "left": left, "merged": [*(sheet.merged_cell_ranges or ())]}
        self._kept[path] = sheets
        self._cells += sum(map(_cells, sheets.values()))

    def _rows(self, path: str, name: str) -> Iterator[object]:
        sheets = self._kept.pop(path, {})
        self._cells -= sum(map(_cells, sheets.values()))
        rows = _texts(sheets[name] if name in sheets else _opened(path).get_sheet_by_name(name))
        while some := list(islice(rows, _ROWS_A_LINE)):
            yield some


def _cells(sheet: CalamineSheet) -> int:
    return int(sheet.height * sheet.width)


def _limit() -> None:
    """Sets the limits, of time anew for each question. Where the system has none, a bomb is stopped by the system alone."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource  # noqa: PLC0415  # absent on Windows

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a dump would hold what the file holds
        used = int(sum(resource.getrusage(resource.RUSAGE_SELF)[:2]))
        resource.setrlimit(resource.RLIMIT_CPU, (used + _SECONDS, resource.getrlimit(resource.RLIMIT_CPU)[1]))
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))


def _say(answer: object) -> None:
    sys.stdout.buffer.write(json.dumps(answer, ensure_ascii=False).encode() + b"\n")


def _main() -> None:
    workbooks = _Workbooks()
    for question in sys.stdin.buffer:
        _limit()
        end = WHOLE
        try:
            for answer in workbooks.answers(*json.loads(question)):
                _say(answer)
        except PasswordError:
            end = LOCKED
        except (CalamineError, OSError, ValueError):
            end = DAMAGED
        _say(end)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    _main()
