"""What several sheets have in common: the word for what is withheld, the places to be filled in after a visit."""

from typing import Final

from doudi.office.documents.paper.blocks import Blank, Blanks

__all__ = ["DATED", "VISITED", "WITHHELD"]

WITHHELD: Final = "按岗位不显示"  # as the pages say it

DATED: Final = Blank("日期", 1, "　　　　　年　　　月　　　日")
# Two go together, and both sign.
VISITED: Final = Blanks(
    (
        Blank("看到听到的", 8),
        Blank("没有见到人", 1, "（为什么、何时再去）"),
        Blank("走访人", 1, "（两人签名）"),
        DATED,
    )
)
