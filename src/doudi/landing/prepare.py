"""备料：一块文件读成核对过、编过代号的行；不碰密库，任何进程都能做，谁先做完都一样。

What can be done with a piece of a file without the vault: reading, checking, tokens. The other half of the work, which
gives people their keys and writes, is the one writer's and stands in `desk.py`.
"""

from collections import Counter
from dataclasses import dataclass

import polars as pl

from doudi.landing.checks import Reject, check_block
from doudi.landing.keys import Key
from doudi.landing.lines import tokenised
from doudi.landing.readers import Piece
from doudi.landing.recognise import Recognised
from doudi.landing.tokens import Tokens
from doudi.landing.values import Place

__all__ = ["Prepared", "Preparer"]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A piece read: its `tokenised` lines, its rejects and notes, the lines without a record, and what it left open."""

    lines: pl.DataFrame
    rejects: list[Reject]
    notes: Counter[str]
    physical: int
    header: int
    blank: int
    total: int
    rest: bytes


@dataclass(frozen=True, slots=True)
class Preparer:
    """Prepares pieces of any file, with the secret of the tokens."""

    key: Key
    place: Place

    def prepare(self, piece: Piece, known: Recognised) -> Prepared:
        """The piece read and checked. Refuses a file that cannot be read on."""
        block, rest = piece.block()
        checked = check_block(block, known.feed, known.columns, period=known.period, place=self.place)
        lines = tokenised(known.feed, Tokens(self.key), checked.frame)
        return Prepared(
            lines, checked.rejects, checked.notes, block.physical, block.header, block.blank, block.total, rest
        )
