"""看字节认格式：是文本、XLSX、XLS 还是 Parquet；什么都不是的，说出它是什么、该怎么办。

What a file is, by its bytes and never by its extension.
"""

from pathlib import Path
from typing import Literal, TypeAlias
from zipfile import BadZipFile, ZipFile

from doudi.errors import Refusal

__all__ = ["Form", "sniff"]

Form: TypeAlias = Literal["csv", "xlsx", "xls", "parquet"]

_OTHERS = (
    (b"%PDF", "PDF 文档"),
    (b"\x89PNG", "图片"),
    (b"\xff\xd8\xff", "图片"),
    (b"GIF8", "图片"),
    (b"Rar!", "压缩包"),
    (b"7z\xbc\xaf\x27\x1c", "压缩包"),
    (b"\x1f\x8b", "压缩包"),
    (b"BZh", "压缩包"),
    (b"\xfd7zXZ", "压缩包"),
    (b"{\\rtf", "文字处理文档"),
    (b"SQLite format 3", "数据库文件"),
)
_MARKUP = (b"<!doctype", b"<html", b"<table", b"<?xml", b"<meta", b"<style", b"<head", b"<body", b"<script")
_UTF_16_32 = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
_SAVE_AS = "请另存为 CSV（UTF-8）、XLSX、XLS 或 Parquet 后再报。"


def sniff(path: Path) -> Form:
    """The form of a file that may hold a table. Refuses a missing, empty or unreadable one, and what is surely no table."""
    if path.is_dir():
        raise Refusal("landing.directory", f"{path.name} 是一个文件夹。请给出其中的文件。")
    if not path.exists():
        raise Refusal("landing.no_file", f"找不到文件 {path.name}。请检查路径。")
    if not path.is_file():  # a pipe or a device would keep us waiting
        raise Refusal("landing.no_plain_file", f"{path.name} 不是普通文件。请给出磁盘上的文件。")
    try:
        with path.open("rb") as stream:
            start = stream.read(4096)
    except OSError as error:
        raise Refusal("landing.unreadable", f"{path.name} 打不开（没有权限或磁盘出错）。请检查后再报。") from error
    if not start:
        raise Refusal("landing.empty", f"{path.name} 是空文件，一个字节也没有。请重新导出后再报。")
    if start.startswith(b"PAR1"):
        return "parquet"
    if start.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return "xls"
    if start.startswith(b"PK"):
        return _in_zip(path)
    _refuse_other(start, path)
    return "csv"


def _refuse_other(start: bytes, path: Path) -> None:
    for magic, what in _OTHERS:
        if start.startswith(magic):
            raise Refusal("landing.no_table", f"{path.name} 是{what}，不是表格。{_SAVE_AS}")
    if start.startswith(_UTF_16_32) or _every_other_is_nul(start):
        raise Refusal(
            "landing.utf_16", f"{path.name} 是 UTF-16（“Unicode 文本”）编码。请另存为 CSV（UTF-8）或 XLSX 后再报。"
        )
    if start.removeprefix(b"\xef\xbb\xbf").lstrip().lower().startswith(_MARKUP):
        raise Refusal(
            "landing.no_table",
            f"{path.name} 是网页或 XML，不是表格（即使扩展名是 xls）。请用表格软件打开，{_SAVE_AS[1:]}",
        )


def _every_other_is_nul(start: bytes) -> bool:
    """UTF-16 without its mark: digits and commas have a zero on one side."""
    even, odd = start[::2].count(0), start[1::2].count(0)
    return max(even, odd) > len(start) // 8 and min(even, odd) * 8 < max(even, odd)


def _in_zip(path: Path) -> Form:
    try:
        with ZipFile(path) as package:
            names = set(package.namelist())
    except (BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise Refusal(
            "landing.damaged", f"{path.name} 是损坏的表格文件或压缩包，打不开。请打开原文件另存一份后再报。"
        ) from error
    if "xl/workbook.xml" in names:
        return "xlsx"
    what = "压缩包"
    if "xl/workbook.bin" in names:
        what = "XLSB 二进制工作簿"
    elif "content.xml" in names:
        what = "ODF 文档"
    elif any(name.startswith("word/") for name in names):
        what = "Word 文档"
    raise Refusal("landing.no_table", f"{path.name} 是{what}，这里不读。请解开或打开后，{_SAVE_AS[1:]}")
