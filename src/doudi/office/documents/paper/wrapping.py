"""Text becomes lines: Chinese breaks anywhere but before 。 and after （; a number or a word stays whole while it fits."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from reportlab.pdfbase import pdfmetrics

__all__ = ["LACKING", "LATIN", "longest", "printable", "width", "wrap"]

LATIN: Final = "Helvetica"  # its widths are the same in every reader, so that figures stand apart
LACKING: Final = "〓"  # stands for a character that the font has not, as printers of official papers do

_UNIT: Final = re.compile(r"\s+|[（《“‘【〈「『]*(?:[!-~]+?(?:_|(?![!-~]))|\S)[，。、；：！？）》”’】〉」』％]*")
_EXTENSION_A: Final = range(0x3400, 0x4DC0 - 10)
_PRIVATE: Final = range(0xE000, 0xF900)


def printable(text: str) -> str:
    """The text in characters that the font of every reader has (Adobe-GB1 as GB 18030-2000 orders it), 〓 for others."""
    return text if text.isascii() and text.isprintable() else "".join(map(_printed, text))


def width(text: str, size: int) -> int:
    """How wide printable text stands, in thousandths of a point."""
    return sum(map(_thousandths, text)) * size


def longest(text: str, size: int) -> int:
    """How wide its widest unbreakable part stands, in thousandths of a point."""
    return max((width(unit, size) for unit in _UNIT.findall(text)), default=0)


def wrap(text: str, size: int, within: int) -> list[str]:
    """The text as lines no wider than `within` thousandths of a point; an empty text is one empty line."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        whole = printable(paragraph)
        lines += [whole] if width(whole, size) <= within else _broken(whole, size, within)
    return lines


def _broken(text: str, size: int, within: int) -> Iterator[str]:
    line, used = "", 0
    for unit in _units(text, size, within):
        wide = width(unit, size)
        if used + wide > within and line:
            yield line.rstrip()
            line, used = "", 0
        if line or not unit.isspace():
            line, used = line + unit, used + wide
    if line:
        yield line.rstrip()


def _units(text: str, size: int, within: int) -> Iterator[str]:
    """What may not be broken; what is wider than a line is broken all the same."""
    for unit in _UNIT.findall(text):
        if width(unit, size) <= within:
            yield unit
        else:
            yield from unit


@cache
def _thousandths(sign: str) -> int:
    if not " " <= sign <= "~":
        return 1000  # every Chinese sign is as wide as it is high
    return int(pdfmetrics.stringWidth(sign, LATIN, 1000))


@cache
def _printed(sign: str) -> str:
    if " " <= sign <= "~":
        return sign
    if sign.isspace() or not sign.isprintable():
        return "\u3000" if sign == "\u3000" else " "
    code = ord(sign)
    if code in _EXTENSION_A:
        return sign
    known = code not in _PRIVATE and len(sign.encode("gb18030")) == 2
    return sign if known else LACKING
