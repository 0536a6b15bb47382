"""读文件：先看字节认出格式，再逐块给出文字。

The readers' front: `open_table` looks at the bytes, never at the extension.
"""

from pathlib import Path

from doudi.landing.readers.delimited import open_delimited
from doudi.landing.readers.parquet import open_parquet
from doudi.landing.readers.sheet import open_sheet
from doudi.landing.readers.sheet_reader import SheetReader
from doudi.landing.readers.sniff import sniff
from doudi.landing.readers.table import Block, Head, Piece, Table, Unread

__all__ = ["Block", "Head", "Piece", "SheetReader", "Table", "Unread", "open_table"]


def open_table(path: Path, sheets: SheetReader | None = None) -> Table:
    """Opens a department's file. Refuses, in a sentence, whatever is no table. Many workbooks share `sheets`."""
    match sniff(path):
        case "parquet":
            return open_parquet(path)
        case "csv":
            return open_delimited(path)
        case ("xlsx" | "xls") as form:
            return open_sheet(path, form, sheets or SheetReader())
