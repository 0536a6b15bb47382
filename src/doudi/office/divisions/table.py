"""A file of divisions, line by line: code, name, level, parent. Anything odd is one sentence with the line's number."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from doudi.errors import Refusal
from doudi.office.common.codes import level_of

__all__ = ["Row", "read"]

_LEVELS: Final = {
    "province": "province", "city": "city", "county": "county", "town": "town", "township": "town", "village": "village",
    "省": "province", "市": "city", "县": "county", "县区": "county", "乡": "town", "乡镇": "town", "村": "village",
}  # fmt: skip
_STEPS: Final = (10, 8, 6, 3)  # zeros at the end of a province, a city, a county, a town


class Row(NamedTuple):
    """One division of the file; `parent` None for a province."""

    code: int
    name: str
    level: str
    parent: int | None


def read(path: Path) -> Iterator[Row]:
    """The file's divisions, as they stand in it. UTF-8 or GB18030.

    `level` may be missing: the code tells it. So may `parent`: it is the nearest code above. Refused: no such columns, a
    code that is not one, no name, a level nobody knows, a line that is cut off.
    """
    with path.open(encoding=_encoding(path), newline="") as file:
        lines = csv.DictReader(file)
        if not {"code", "name"} <= set(lines.fieldnames or ()):
            raise Refusal(
                "divisions.columns", f"{path.name} 的第一行应有 code、name、level、parent 四列；请检查表头后再导入。"
            )
        for line in lines:
            yield _row(path, lines.line_num, line)


def _row(path: Path, number: int, line: dict[str, str | None]) -> Row:
    code = _code(path, number, line.get("code") or "")
    name = (line.get("name") or "").strip()
    if not name or len(name) > 80:
        raise Refusal(
            "divisions.name", f"{path.name} 第 {number} 行没有名称或名称过长（最多 80 字）；请改正后重新导入。"
        )
    word = (line.get("level") or "").strip()
    level = _LEVELS.get(word) if word else level_of(code)
    if level is None:
        raise Refusal(
            "divisions.level",
            f"{path.name} 第 {number} 行的级别“{word[:20]}”不认识；请用 province、city、county、town、village 之一。",
        )
    above = (line.get("parent") or "").strip()
    parent = _code(path, number, above) if above else _above(code, level)
    if parent == code or (parent is None) != (level == "province"):
        raise Refusal("divisions.parent", f"{path.name} 第 {number} 行的上级代码不对；省级没有上级，其他各级都要有。")
    return Row(code, name, level, parent)


def _code(path: Path, number: int, text: str) -> int:
    digits = text.strip()
    if not (digits.isascii() and digits.isdigit() and len(digits) in {2, 4, 6, 9, 12} and digits[:2] >= "11"):
        raise Refusal(
            "divisions.code", f"{path.name} 第 {number} 行的代码“{digits[:20]}”不是 12 位区划代码；请改正后重新导入。"
        )
    return int(digits.ljust(12, "0"))


def _above(code: int, level: str) -> int | None:
    above = [step for zeros in _STEPS if (step := code // 10**zeros * 10**zeros) != code]
    return above[-1] if above and level != "province" else None


def _encoding(path: Path) -> str:
    try:
        with path.open(encoding="utf-8-sig") as file:
            while file.read(1 << 20):
                pass
    except UnicodeDecodeError:
        return "gb18030"
    except OSError as error:
        raise Refusal("divisions.file", f"打不开 {path.name}；请检查文件是否存在、是否可读。") from error
    return "utf-8-sig"
