"""文件：CSV、XLSX 和 PDF，首行末行或每一页都写明谁在何时为何导出；全在内存里做，磁盘上不落。

The file itself, made in memory: nothing personal touches a disk. Its first row and its last, or the head of each page, say
who took it, when and for what; no cell can become a formula.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import xlsxwriter
from cryptography.hazmat.primitives import hashes
from django.utils.http import content_disposition_header

from doudi.office.common.clock import BEIJING
from doudi.office.documents.kinds import Cell
from doudi.office.documents.paper import Listing, Sheet, print_pages
from doudi.office.documents.paper.pen import Mark

__all__ = ["FORMATS", "File", "as_csv", "as_pdf", "as_xlsx", "neutral"]

FORMATS: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}

_FORMULA: Final = (
    "=",
    "+",
    "-",
    "@",
    "＝",
    "＋",
    "－",
    "＠",
    "\t",
    "\r",
    "\n",
)  # what a spreadsheet takes for a beginning
_EXACT: Final = 10**15  # a greater number loses digits in a spreadsheet
_LONGEST: Final = 32_767  # characters of a cell
_WIDEST: Final = 48  # characters of a column


@dataclass(frozen=True, slots=True)
class File:
    """What the browser is given. `rows` are those of content."""

    name: str
    content_type: str
    content: bytes
    rows: int

    @property
    def sm3(self) -> str:
        """SM3 of the content, hexadecimal: a file that is found somewhere can be told from the journal."""
        digest = hashes.Hash(hashes.SM3())
        digest.update(self.content)
        return digest.finalize().hex()

    @property
    def headers(self) -> dict[str, str]:
        """Those of its answer: it is handed over as a file and kept in no cache."""
        told = content_disposition_header(as_attachment=True, filename=self.name)
        return {"Content-Disposition": told or "attachment", "Cache-Control": "no-store"}


def neutral(text: str) -> str:
    """The text with an apostrophe before it when a spreadsheet would take it for a formula."""
    return f"'{text}" if text.lstrip(" \u3000").startswith(_FORMULA) or text.startswith(_FORMULA) else text


def as_csv(name: str, mark: str, columns: Sequence[str], rows: Sequence[Sequence[Cell]]) -> File:
    """UTF-8 with a byte order mark, so that a spreadsheet reads Chinese right; CRLF."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([neutral(mark)])
    writer.writerow([neutral(column) for column in columns])
    writer.writerows([_written(cell) for cell in row] for row in rows)
    writer.writerow([neutral(mark)])
    return File(f"{name}.csv", FORMATS["csv"], out.getvalue().encode("utf-8-sig"), len(rows))


def as_xlsx(name: str, mark: str, columns: Sequence[str], rows: Sequence[Sequence[Cell]], at: datetime) -> File:
    """One sheet; texts are written as texts, never read as formulas, numbers or links. The mark is on every printed page."""
    out = io.BytesIO()
    # in_memory: xlsxwriter's other ways spill rows into temporary files
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.set_properties({"title": name, "comments": mark, "created": at.astimezone(BEIJING).replace(tzinfo=None)})
    sheet = book.add_worksheet("导出")
    strong, marked = book.add_format({"bold": True, "bottom": 1}), book.add_format({"font_color": "#51565d"})
    sheet.write_string(0, 0, mark, marked)
    for place, column in enumerate(columns):
        sheet.write_string(1, place, column, strong)
        texts = [column, *(str(_written(row[place])) for row in rows)]
        sheet.set_column(place, place, min(_WIDEST, max(map(_width, texts)) + 2))
    for line, row in enumerate(rows, 2):
        for place, cell in enumerate(row):
            _put(sheet, line, place, cell)
    sheet.write_string(len(rows) + 2, 0, mark, marked)
    sheet.freeze_panes(2, 0)
    sheet.set_landscape()
    sheet.repeat_rows(1)
    sheet.set_header(f"&L&8{mark.replace('&', '&&')[:200]}")
    sheet.set_footer("&L&8&F&R&8&P / &N")
    book.close()
    return File(f"{name}.xlsx", FORMATS["xlsx"], out.getvalue(), len(rows))


def as_pdf(title: str, name: str, mark: Mark, columns: Sequence[str], rows: Sequence[Sequence[Cell]]) -> File:
    """A table on A4 across, to be printed: its heads and the mark stand on every page, the watermark lies over each."""
    texts = tuple(tuple(str(_plain(cell)) for cell in row) for row in rows)
    sheet = Sheet(title, f"共 {len(rows):,} 条", (Listing(tuple(columns), texts),), landscape=True)
    return File(f"{name}.pdf", FORMATS["pdf"], print_pages(sheet, mark).content, len(rows))


def _put(sheet: Any, line: int, place: int, cell: Cell) -> None:  # noqa: ANN401 - xlsxwriter ships no types
    if isinstance(cell, int) and not isinstance(cell, bool) and abs(cell) < _EXACT:
        sheet.write_number(line, place, cell)
    elif cell is not None:
        sheet.write_string(line, place, str(_plain(cell))[:_LONGEST])


def _written(cell: Cell) -> str | int:
    value = _plain(cell)
    return neutral(value) if isinstance(value, str) else value


def _plain(cell: Cell) -> str | int:
    match cell:
        case None:
            return ""
        case bool():
            return "是" if cell else "否"
        case datetime():
            return cell.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M")
        case date():
            return cell.isoformat()
        case _:
            return cell


def _width(text: str) -> int:
    return sum(2 if ord(sign) > 0x2E80 else 1 for sign in text)
