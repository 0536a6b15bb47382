"""XLSX 打开之前：解开后多大、工作表多宽多高，过大的不让它进内存。

An XLSX is a zip, and its reader holds a sheet as one dense area. A few kilobytes can therefore ask for terabytes: by
compression, or by one cell in a far corner. Both are measured here, in a stream, before the reader sees the file.
"""

import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from zipfile import BadZipFile, ZipFile, ZipInfo

from doudi.errors import Refusal

__all__ = ["MAX_CELLS", "MAX_UNPACKED", "refuse_oversized"]

MAX_UNPACKED = 2 << 30  # bytes; a full sheet of a million rows of thirteen columns unpacks to about 0.8 GiB
MAX_CELLS = 32_000_000  # of the area from A1 to the farthest cell
_PIECE = 1 << 20
_OVERLAP = 64  # more than a cell's address takes
# What zipfile raises on damaged, encrypted or exotic packages.
_BROKEN = (BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError, RuntimeError)
_ADDRESS = re.compile(rb"\br\s*=\s*[\"']([A-Za-z]+)([0-9]+)")
# Without an address like these a sheet has at most 26 columns and 999,999 rows: no need to look at every cell.
_FAR = re.compile(rb"\br\s*=\s*[\"'](?:[A-Za-z]{2,}[0-9]|[A-Za-z][0-9]{7})")


def refuse_oversized(path: Path) -> None:
    """Refuses a workbook that unpacks to more than MAX_UNPACKED or has a sheet of more than MAX_CELLS; or is damaged."""
    unpacked = 0
    try:
        with ZipFile(path) as package:
            if sum(member.file_size for member in package.infolist()) > MAX_UNPACKED:
                raise _too_big(path)
            for member in package.infolist():
                far = False
                # Counted again while unpacking: the sizes in a zip's directory are only claims.
                for piece in _pieces(package, member):
                    unpacked += len(piece) - _OVERLAP
                    far = far or _FAR.search(piece) is not None
                    if unpacked > MAX_UNPACKED:
                        raise _too_big(path)
                if far and member.filename.startswith("xl/worksheets/") and _area(package, member) > MAX_CELLS:
                    raise _too_big(path)
    except _BROKEN as error:
        raise Refusal(
            "landing.damaged", f"{path.name} 是损坏的表格文件，打不开。请用表格软件打开并另存一份后再报。"
        ) from error


def _too_big(path: Path) -> Refusal:
    return Refusal(
        "landing.too_big",
        f"{path.name} 解开后过大，或工作表里有很远的单元格。"
        "请删去数据以外的空行空列，或分成几个文件（_part1、_part2），或改用 CSV。",
    )


def _pieces(package: ZipFile, member: ZipInfo) -> Iterator[bytes]:
    """The unpacked bytes in pieces, each behind the end of the one before, so that no address is cut in two."""
    rest = bytes(_OVERLAP)
    with package.open(member) as stream:
        while piece := stream.read(_PIECE):
            yield rest + piece
            rest = (rest + piece)[-_OVERLAP:]


def _area(package: ZipFile, member: ZipInfo) -> int:
    """The cells from A1 to the sheet's farthest row and column."""
    rows = columns = 0
    for piece in _pieces(package, member):
        for letters, digits in _ADDRESS.findall(piece):
            rows = max(rows, int(digits[:12]))
            columns = max(columns, _column_number(letters[:8]))
    return rows * columns


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
