"""不同的词：一列文字里同一个词往往写了几千遍，读一遍、算一遍，再放回各行。

The different words of a column, and where each stands. What is worked out of a text is worked out once for every word:
a block of forty thousand lines has thirty days, nine kinds of visit and two thousand amounts.
"""

from dataclasses import dataclass
from typing import Self

import polars as pl
import pyarrow as pa

__all__ = ["Words"]

_ALIKE = 4  # columns with fewer lines than this to a word are as well read line by line


@dataclass(frozen=True, slots=True)
class Words:
    """`words`: the different texts of a column, null among them where some are; `at`: which of them each line has."""

    words: pl.Series
    at: pl.Series

    @classmethod
    def of(cls, texts: pl.Series) -> Self:
        """The words in the order in which they come first."""
        array = texts.to_arrow()
        coded = (array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array).dictionary_encode("encode")
        return cls(pl.Series(texts.name, coded.dictionary, dtype=pl.String), pl.Series(coded.indices).cast(pl.UInt32))

    @property
    def repeat(self) -> bool:
        """Are there few words for many lines?"""
        return self.words.len() * _ALIKE <= self.at.len()

    @property
    def counts(self) -> pl.Series:
        """On how many lines each word stands."""
        lines = self.at.to_frame("at").group_by("at").len().sort("at")
        return lines["len"]

    def spread(self, answers: pl.Series) -> pl.Series:
        """What was found of each word, on every line that has it; there may be more answers than words."""
        if answers.null_count() == answers.len():
            return answers.clear(self.at.len())
        return answers.gather(self.at)
