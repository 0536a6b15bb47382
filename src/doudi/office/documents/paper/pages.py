"""Blocks are set on pages, one after the other; tables go on over pages under the same heads."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from doudi.office.documents.paper.blocks import (
    Blank,
    Blanks,
    Block,
    Fact,
    Facts,
    Heading,
    Listing,
    Points,
    Says,
    Sheet,
)
from doudi.office.documents.paper.pen import FOOT, SIDE, Mark, Pen
from doudi.office.documents.paper.wrapping import LACKING, longest, printable, width, wrap

__all__ = ["Printed", "print_pages"]

_TITLE, _HEAD, _BODY, _CELL = 16, 12, 10, 9
_LEADING: Final = 1.45  # of a line, times its size
_PAD: Final = 4
_LABEL: Final = 76  # how wide a form's labels are
_LEAST: Final = 5  # lines of a row that is cut at the foot of a page
_SHORT: Final = 5 * _CELL  # what is no wider stays in one line
_HAND: Final = 24  # how high a line is that is written by hand
_LACKS: Final = f"“{LACKING}”：这个字不在打印字库里，以网页所示为准。"


@dataclass(frozen=True, slots=True)
class Printed:
    """The file, and how many pages it has."""

    content: bytes
    pages: int


@dataclass(frozen=True, slots=True)
class _Cell:
    lines: list[str]
    wide: float
    shaded: bool = False
    strong: bool = False


def print_pages(sheet: Sheet, mark: Mark) -> Printed:
    """The sheet as PDF, made in memory alone. The same sheet under the same mark gives the same bytes."""
    pages = _Pages(Pen(sheet.title, mark, landscape=sheet.landscape))
    pages.begin(sheet)
    for place, block in enumerate(sheet.blocks):
        pages.set(block, sheet.blocks[place + 1 : place + 2])
    return pages.finish()


class _Pages:
    """Where the pen stands: `y` is the upper edge of what is still free on the page."""

    def __init__(self, pen: Pen) -> None:
        self.pen = pen
        self.width = pen.wide - 2 * SIDE
        self.top = pen.top
        self.y: float = self.top
        self.lacking = False

    def begin(self, sheet: Sheet) -> None:
        title = printable(sheet.title)
        self.pen.text((self.pen.wide - width(title, _TITLE) / 1000) / 2, self.y - _TITLE, title, _TITLE, strong=True)
        self.y -= _TITLE * _LEADING + _PAD
        if sheet.lead:
            self._paragraph(sheet.lead, _CELL, soft=True)
        self.y -= _PAD

    def set(self, block: Block, following: Sequence[Block]) -> None:
        match block:
            case Heading():
                self._heading(block, following)
            case Says():
                self._says(block, following)
            case Points():
                self._points(block)
            case Facts():
                self._facts(block)
            case Listing():
                self._listing(block)
            case Blanks():
                self._blanks(block)

    def finish(self) -> Printed:
        if self.lacking:
            self.y -= _PAD
            self._paragraph(_LACKS, _CELL, soft=True)
        return Printed(self.pen.finish(), self.pen.pages)

    def _heading(self, heading: Heading, following: Sequence[Block]) -> None:
        blanks = [block for block in following if isinstance(block, Blanks)]
        # a head never stands alone at the foot of a page
        self._make_room(_HEAD * 11 + sum(map(_height_of, blanks)))
        self.y -= 2 * _PAD
        self._line(heading.text, _HEAD, strong=True)
        if heading.note:
            self._paragraph(heading.note, _CELL, soft=True)
        self.y -= _PAD / 2

    def _says(self, says: Says, following: Sequence[Block]) -> None:
        # a line that tells what a table is about stays with its first rows
        before = says.strong or any(isinstance(block, Listing) for block in following)
        self._make_room(_BODY * 8 if before else 0)
        self.y -= _PAD if says.strong else 0
        self._paragraph(says.text, _CELL if says.soft else _BODY, strong=says.strong, soft=says.soft)
        self.y -= _PAD / 2

    def _points(self, points: Points) -> None:
        for number, item in enumerate(points.items, 1):
            sign = f"{number}. " if points.numbered else "· "
            self._paragraph(item, _BODY, hanging=sign)
        self.y -= _PAD

    def _facts(self, facts: Facts) -> None:
        half = self.width / 2 - _LABEL
        waiting: list[Fact] = []
        for fact in facts.facts:
            short = width(printable(fact.value), _CELL) <= (half - 2 * _PAD) * 1000 and "\n" not in fact.value
            if not short or len(waiting) == 2:
                self._form_row(waiting)
                waiting = []
            if short:
                waiting.append(fact)
            else:
                self._form_row([fact])
        self._form_row(waiting)
        self.y -= _PAD

    def _form_row(self, facts: Sequence[Fact]) -> None:
        if facts:
            wide = self.width / len(facts) - _LABEL
            cells = [
                cell
                for fact in facts
                for cell in (self._cell(fact.label, _LABEL, shaded=True), self._cell(fact.value, wide))
            ]
            self._row(cells)

    def _listing(self, listing: Listing) -> None:
        widths = self._widths(listing)
        heads = [
            self._cell(head, wide, shaded=True, strong=True) for head, wide in zip(listing.heads, widths, strict=True)
        ]
        rows = [[self._cell(text, wide) for text, wide in zip(row, widths, strict=True)] for row in listing.rows]
        first = min(_height(rows[0]) if rows else 0, (self.top - FOOT) / 2)
        self._make_room(_height(heads) + first)  # heads never stand alone at the foot of a page
        self._row(heads, heads)
        for row in rows:
            self._row(row, heads)
        self.y -= 2 * _PAD

    def _blanks(self, blanks: Blanks) -> None:
        self._make_room(_height_of(blanks))
        for blank in blanks.blanks:
            label = self._cell(blank.label, _LABEL, shaded=True)
            self._row([label, self._cell(blank.printed, self.width - _LABEL)], least=blank.lines * _HAND)
        self.y -= _PAD

    def _row(self, cells: list[_Cell], heads: Sequence[_Cell] = (), least: float = 0) -> None:
        """One row. It moves to the next page whole, and is cut only where it is higher than a page."""
        leading = _CELL * _LEADING
        while cells:
            lines = max(len(cell.lines) for cell in cells)
            high = max(lines * leading + 2 * _PAD, least)
            whole = self.top - FOOT - (_height(heads) if heads else 0)
            free = self.y - FOOT
            if high > free and self.y < self.top and (high <= whole or free < _LEAST * leading):
                self._turn(heads if cells != list(heads) else ())
            fits = lines if high <= whole else int((self.y - FOOT - 2 * _PAD) / leading)
            self._draw([_Cell(cell.lines[:fits], cell.wide, cell.shaded, cell.strong) for cell in cells], least)
            rest = [_Cell(cell.lines[fits:], cell.wide, cell.shaded, cell.strong) for cell in cells]
            cells = rest if any(cell.lines for cell in rest) else []

    def _draw(self, cells: Sequence[_Cell], least: float = 0) -> None:
        high, x = max(_height(cells), least), float(SIDE)
        for cell in cells:
            self.pen.box(x, self.y - high, cell.wide, high, shaded=cell.shaded)
            for row, line in enumerate(cell.lines):
                foot = self.y - _PAD - _CELL - row * _CELL * _LEADING
                self.pen.text(x + _PAD, foot, line, _CELL, strong=cell.strong)
            x += cell.wide
        self.y -= high

    def _turn(self, heads: Sequence[_Cell]) -> None:
        self.pen.next_page()
        self.y = self.top
        if heads:
            self._draw(heads)

    def _make_room(self, high: float) -> None:
        if self.y - high < FOOT and self.y < self.top:
            self._turn(())

    def _paragraph(self, text: str, size: int, *, strong: bool = False, soft: bool = False, hanging: str = "") -> None:
        indent = width(hanging, size) / 1000
        for row, line in enumerate(self._wrapped(text, size, self.width - indent)):
            self._line(hanging + line if not row else line, size, strong=strong, soft=soft, indent=indent if row else 0)

    def _line(self, says: str, size: int, *, strong: bool = False, soft: bool = False, indent: float = 0) -> None:
        self._make_room(size * _LEADING)
        self.pen.text(SIDE + indent, self.y - size, says, size, strong=strong, soft=soft)
        self.y -= size * _LEADING

    def _cell(self, text: str, wide: float, *, shaded: bool = False, strong: bool = False) -> _Cell:
        return _Cell(self._wrapped(text, _CELL, wide - 2 * _PAD), wide, shaded, strong)

    def _wrapped(self, text: str, size: int, wide: float) -> list[str]:
        lines = wrap(text, size, round(wide * 1000) + 1)  # a column as wide as its text holds it
        self.lacking = self.lacking or (LACKING not in text and any(LACKING in line for line in lines))
        return lines

    def _widths(self, listing: Listing) -> list[float]:
        if listing.shares:
            return [self.width * share / sum(listing.shares) for share in listing.shares]
        columns = [[printable(text) for text in column] for column in zip(listing.heads, *listing.rows, strict=True)]
        asked = [max(width(text, _CELL) for text in column) / 1000 + 2 * _PAD for column in columns]
        least = [
            max(*(longest(text, _CELL) / 1000 for text in column), min(wide, _SHORT)) + 2 * _PAD
            for column, wide in zip(columns, (each - 2 * _PAD for each in asked), strict=True)
        ]
        if sum(least) > self.width:  # not even the words fit: they are broken
            return [self.width * part / sum(least) for part in least]
        room, more = self.width - sum(least), [a - b for a, b in zip(asked, least, strict=True)]
        if not sum(more):
            return [self.width * part / sum(least) for part in least]
        return [part + room * of / sum(more) for part, of in zip(least, more, strict=True)]


def _height(cells: Sequence[_Cell]) -> float:
    return max(len(cell.lines) for cell in cells) * _CELL * _LEADING + 2 * _PAD


def _height_of(blanks: Blanks) -> float:
    return sum(_of_blank(blank) for blank in blanks.blanks)


def _of_blank(blank: Blank) -> float:
    return max(blank.lines * _HAND, _CELL * _LEADING + 2 * _PAD)
