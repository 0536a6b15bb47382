"""落笔：把一张表写成 CSV、XLSX、XLS 或 Parquet 文件，同样的输入写出同样的字节。

Writing one file. The layout carries what people add by hand: a title above the header, blank lines, a total row below.
"""

import importlib.util
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, TypeAlias

import polars as pl
import xlsxwriter

__all__ = ["Format", "Layout", "has_xls", "write_sheet"]

Format: TypeAlias = Literal["csv", "csv-bom", "csv-gb18030", "xlsx", "xls", "parquet"]

_CREATED = datetime(2026, 1, 1, tzinfo=UTC).replace(
    tzinfo=None
)  # a workbook holds its date of making; a fixed one keeps bytes equal


@dataclass(frozen=True, slots=True)
class Layout:
    """What stands around the lines. `title` null = none; `blank_after` = a blank line after that many lines, null = none.

    A `tall` header has each of its cells merged over two rows; only a workbook can.
    """

    title: str | None = None
    blank_after: int | None = None
    total: tuple[str, ...] | None = None
    tall: bool = False


def has_xls() -> bool:
    """Old .xls files are written only where xlwt is installed (the `dev` extra)."""
    return importlib.util.find_spec("xlwt") is not None


def write_sheet(base: Path, table: pl.DataFrame, form: Format, layout: Layout, serial: frozenset[str]) -> Path:
    """Writes the text table (its column names are the headers) to `base` + suffix; answers the path.

    `serial` names the columns of date serials, which a workbook holds as numbers.
    """
    path = base.with_name(f"{base.name}.{form.partition('-')[0]}")
    match form:
        case "parquet":
            table.write_parquet(path, compression="zstd", statistics=False)
        case "xlsx":
            _write_xlsx(path, table, layout, serial)
        case "xls":
            _write_xls(path, table, layout)
        case "csv" | "csv-bom" | "csv-gb18030":
            encoding = {"csv": "utf-8", "csv-bom": "utf-8-sig", "csv-gb18030": "gb18030"}[form]
            text = _csv(table, layout)
            path.write_bytes((text if form == "csv" else text.replace("\n", "\r\n")).encode(encoding))
    return path


def _csv(table: pl.DataFrame, layout: Layout) -> str:
    lines = table.write_csv(include_header=False)
    head = ",".join(table.columns) + "\n"
    if layout.title is not None:
        head = layout.title + "," * (table.width - 1) + "\n" + head
    if layout.blank_after is not None:
        before = table.head(layout.blank_after).write_csv(include_header=False)
        lines = before + "\n" + lines[len(before) :]
    return head + lines + (",".join(layout.total) + "\n" if layout.total is not None else "")


def _rows(table: pl.DataFrame, layout: Layout) -> list[tuple[str | None, ...]]:
    rows: list[tuple[str | None, ...]] = [tuple(table.columns), *table.iter_rows()]
    if layout.blank_after is not None:
        rows.insert(layout.blank_after + 1, (None,) * table.width)
    return [*rows, layout.total] if layout.total is not None else rows


def _write_xlsx(path: Path, table: pl.DataFrame, layout: Layout, serial: frozenset[str]) -> None:
    with xlsxwriter.Workbook(str(path), {"strings_to_numbers": False}) as book:
        book.set_properties({"created": _CREATED, "title": "兜底示例城市（虚构数据）"})
        sheet = book.add_worksheet("Sheet1")
        as_date = book.add_format({"num_format": "yyyy-mm-dd"})
        dates = [index for index, name in enumerate(table.columns) if name in serial]
        start = 0 if layout.title is None else 1
        if layout.title is not None:
            sheet.merge_range(0, 0, 0, table.width - 1, layout.title)
        if layout.tall:
            for index, header in enumerate(table.columns):
                sheet.merge_range(start, index, start + 1, index, header)
            start += 1
        for number, row in enumerate(_rows(table, layout)):
            if layout.tall and number == 0:
                continue  # the header is written, two rows tall
            for index, cell in enumerate(row):
                if cell is None:
                    continue
                if index in dates and cell.isdecimal():
                    sheet.write_number(start + number, index, int(cell), as_date)
                else:
                    sheet.write_string(start + number, index, cell)


def _write_xls(path: Path, table: pl.DataFrame, layout: Layout) -> None:
    import xlwt  # type: ignore[import-not-found,import-untyped,unused-ignore]  # noqa: PLC0415  # only in the dev extra, see has_xls

    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("Sheet1")
    start = 0
    if layout.title is not None:
        sheet.write_merge(0, 0, 0, table.width - 1, layout.title)
        start = 1
    for number, row in enumerate(_rows(table, layout), start=start):
        for index, cell in enumerate(row):
            if cell is not None:
                sheet.write(number, index, cell)
    book.save(str(path))
