"""The pen: it writes texts and rules on A4 pages, and puts head, foot and watermark on each.

The Chinese font is none of ours: every reader of PDF brings one for the name STSong-Light, so a file weighs a few kilobytes.
"""

import io
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from doudi.office.common.clock import BEIJING
from doudi.office.documents.paper.wrapping import LATIN, printable, width, wrap

__all__ = ["Mark", "Pen"]

# The measures of paper, in points. Greys alone: most printers of an office are black and white.
SHORT, LONG = 595, 842
SIDE, FOOT = 45, 52
SMALL: Final = 8
_INK, _SOFT, _RULE, _SHADE = 0, 0.35, 0.6, 0.94
_CHINESE: Final = "STSong-Light"
_WATER: Final = 0.15  # how much of the watermark's black is seen
_TILE: Final = (190, 120)
_SLANT: Final = 22  # degrees
_CARE: Final = "只限工作使用，不得转发、拍照外传；用完按规定归档或销毁。"


@dataclass(frozen=True, slots=True)
class Mark:
    """Who printed it, when, what for: `who` and the moment lie as watermark over the page, `line` stands at its head."""

    who: str
    at: datetime
    line: str

    @property
    def moment(self) -> str:
        """To the minute, in Beijing time."""
        return f"{self.at.astimezone(BEIJING):%Y-%m-%d %H:%M}"


class Pen:
    """Writes one file. Places are points from the left and from the bottom."""

    def __init__(self, title: str, mark: Mark, *, landscape: bool) -> None:
        """The first page is open; what is written lies between `top` and FOOT."""
        _font()
        self.wide, self.high = (LONG, SHORT) if landscape else (SHORT, LONG)
        self._out = io.BytesIO()
        # invariant: the same sheet at the same moment gives the same bytes
        self._canvas: Any = Canvas(
            self._out, pagesize=(self.wide, self.high), lang="zh-CN", invariant=1, pageCompression=1, pdfVersion=(1, 5)
        )
        self._title, self._mark, self.pages = title, mark, 1
        self._head = wrap(mark.line, SMALL, (self.wide - 2 * SIDE) * 1000)
        self.top = self.high - 46 - 11 * len(self._head)
        self._describe()
        self._draw_watermark()

    def text(self, x: float, y: float, says: str, size: int, *, strong: bool = False, soft: bool = False) -> None:
        """One line of printable text, its foot at `y`. Latin signs are set in a font whose widths all readers share."""
        pen = self._canvas.beginText(x, y)
        pen.setFillGray(_SOFT if soft else _INK)
        if strong:  # no reader brings a bold face for the name: the outline is drawn as well
            self._canvas.setLineWidth(size / 60)
            self._canvas.setStrokeGray(_INK)
            pen.setTextRenderMode(2)
        for run in _runs(says):
            pen.setFont(LATIN if run.isascii() else _CHINESE, size)
            pen.textOut(run)
        pen.setTextRenderMode(0)  # it would last beyond this line
        self._canvas.drawText(pen)

    def box(self, x: float, y: float, wide: float, high: float, *, shaded: bool = False) -> None:
        """A cell of a table, its lower left corner at (x, y)."""
        self._canvas.setLineWidth(0.5)
        self._canvas.setStrokeGray(_RULE)
        self._canvas.setFillGray(_SHADE)
        self._canvas.rect(x, y, wide, high, stroke=1, fill=int(shaded))

    def rule(self, x: float, y: float, wide: float) -> None:
        """A thin line across."""
        self._canvas.setLineWidth(0.5)
        self._canvas.setStrokeGray(_RULE)
        self._canvas.line(x, y, x + wide, y)

    def next_page(self) -> None:
        """Ends this page and begins another."""
        self._end_page()
        self.pages += 1

    def finish(self) -> bytes:
        """Ends the last page; the file."""
        self._end_page()
        self._canvas.beginForm("total", 0, 0, 60, 20)
        self.text(0, 4, f"共 {self.pages} 页", SMALL, soft=True)
        self._canvas.endForm()
        self._canvas.save()
        return self._out.getvalue()

    def _end_page(self) -> None:
        for row, line in enumerate(self._head):
            self.text(SIDE, self.high - 36 - 11 * row, line, SMALL, soft=True)
        self.rule(SIDE, self.top + 14, self.wide - 2 * SIDE)
        self.rule(SIDE, FOOT - 12, self.wide - 2 * SIDE)
        self.text(SIDE, FOOT - 24, _CARE, SMALL, soft=True)
        number = f"第 {self.pages} 页"
        right = self.wide - SIDE - 32
        self.text(right - 6 - width(number, SMALL) / 1000, FOOT - 24, number, SMALL, soft=True)
        self._canvas.saveState()
        self._canvas.translate(right, FOOT - 28)
        self._canvas.doForm("total")
        self._canvas.restoreState()
        self._canvas.setFillAlpha(_WATER)
        self._canvas.doForm("watermark")
        self._canvas.showPage()

    def _describe(self) -> None:
        moment = f"D:{self._mark.at.astimezone(BEIJING):%Y%m%d%H%M%S}+08'00'"
        self._canvas.setTitle(self._title)
        self._canvas.setAuthor("兜底")
        self._canvas.setSubject(self._title)
        self._canvas.setCreator("兜底 Doudi")
        self._canvas.setDateFormatter(lambda *_: moment)
        self._canvas.setViewerPreference("DisplayDocTitle", "true")

    def _draw_watermark(self) -> None:
        lines = [printable(self._mark.who), self._mark.moment]
        wide, high = _TILE
        self._canvas.beginForm("watermark", 0, 0, self.wide, self.high)
        for down, y in enumerate(range(high // 2, self.high, high)):
            for x in range((wide // 2) * (1 - down % 2), self.wide + wide // 2, wide):
                self._canvas.saveState()
                self._canvas.translate(x, y)
                self._canvas.rotate(_SLANT)
                for row, line in enumerate(lines):
                    self.text(-width(line, 11) / 2000, -14 * row, line, 11)
                self._canvas.restoreState()
        self._canvas.endForm()


def _runs(says: str) -> list[str]:
    """The text cut where Latin ends or begins."""
    runs: list[str] = []
    for sign in says:
        if runs and runs[-1].isascii() == sign.isascii():
            runs[-1] += sign
        else:
            runs.append(sign)
    return runs


def _font() -> None:
    if _CHINESE not in pdfmetrics.getRegisteredFontNames():
        font = UnicodeCIDFont(_CHINESE)
        font.encodingName = "UniGB-UTF16-H"  # as UniGB-UCS2-H, and programs that read the text back know it as Unicode
        pdfmetrics.registerFont(font)
