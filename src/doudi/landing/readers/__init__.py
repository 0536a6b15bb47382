"""读文件：先看字节认出格式，再逐块给出文字。

The readers' front: `open_table` looks at the bytes, never at the extension.
"""

from pathlib import Path

from doudi.errors import Refusal
from doudi.landing.readers.delimited import open_delimited
from doudi.landing.readers.parquet import open_parquet
from doudi.landing.readers.sheet import open_sheet
from doudi.landing.readers.table import Block, Head, Table, Unread

__all__ = ["Block", "Head", "Table", "Unread", "open_table"]


def open_table(path: Path) -> Table:
    """Opens a department's file. Refuses, in a sentence, whatever is no table."""
    if path.is_dir():
        raise Refusal("landing.directory", f"{path.name} 是一个文件夹。请给出其中的文件。")
    with path.open("rb") as stream:
        start = stream.read(8)
    if start.startswith(b"PAR1"):
        return open_parquet(path)
    if start.startswith(b"PK\x03\x04"):
        return open_sheet(path, "xlsx")
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        return open_sheet(path, "xls")
    return open_delimited(path)
