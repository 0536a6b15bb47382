"""纸：一张单子由几种块组成，排成 A4，每页有题名、页码、谁在何时打印的水印。

Paper: a sheet of blocks set on A4 pages, in memory. Every page bears the title, its number, and who printed it when.
"""

from doudi.office.documents.paper.blocks import Blank, Blanks, Block, Fact, Facts, Heading, Listing, Points, Says, Sheet
from doudi.office.documents.paper.forms import DATED, VISITED, WITHHELD
from doudi.office.documents.paper.pages import Printed, print_pages

__all__ = [
    "DATED", "VISITED", "WITHHELD", "Blank", "Blanks", "Block", "Fact", "Facts", "Heading", "Listing", "Points", "Printed",
    "Says", "Sheet", "print_pages",
]  # fmt: skip
