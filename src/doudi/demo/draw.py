"""抽签：每一次抽取都是（种子、题目、编号）的函数。

Randomness without a stream: a draw is a pure function of the seed, the question asked and the number of whoever it is
asked about. So a person's fate depends neither on how many people were made before nor on the size of a chunk, and
adding a feed changes nobody's life. The mixing is splitmix64, spelled in whole-number operations of Polars, which gives
the same bytes on every machine.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

__all__ = ["Draw"]

_GOLDEN, _MIX_A, _MIX_B = 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB


@dataclass(frozen=True, slots=True)
class Draw:
    """The lots of one city. `seed` is any whole number."""

    seed: int

    def bits(self, question: str, *keys: pl.Expr) -> pl.Expr:
        """An unsigned 64-bit number per row, from whole-number keys; never null where the keys are not."""
        start = int.from_bytes(hashlib.sha256(f"{self.seed}/{question}".encode()).digest()[:8], "big")
        state = _number(start)
        for key in keys:
            state = _mixed(state + key.cast(pl.Int64).reinterpret(signed=False) * _number(_GOLDEN))
        return state

    def below(self, limit: int | pl.Expr, question: str, *keys: pl.Expr) -> pl.Expr:
        """A whole number in [0, limit) per row, Int64."""
        return ((self.bits(question, *keys) // _number(1 << 11)) % limit).cast(pl.Int64)

    def between(self, low: int, high: int, question: str, *keys: pl.Expr) -> pl.Expr:
        """A whole number in [low, high] per row, Int64."""
        return self.below(high - low + 1, question, *keys) + low

    def chance(self, per_million: int | pl.Expr, question: str, *keys: pl.Expr) -> pl.Expr:
        """True for about `per_million` of a million rows."""
        return self.below(1_000_000, question, *keys) < per_million

    def pick(self, words: Sequence[str], question: str, *keys: pl.Expr) -> pl.Expr:
        """One of the words per row, all equally likely; repeat a word to make it likelier."""
        return pl.lit(pl.Series(list(words), dtype=pl.String)).gather(self.below(len(words), question, *keys))


def _number(value: int) -> pl.Expr:
    return pl.lit(value, dtype=pl.UInt64)


def _mixed(state: pl.Expr) -> pl.Expr:
    """Splitmix64's finaliser; `// 2**n` is the logical shift that Polars lacks."""
    state = (state ^ (state // _number(1 << 30))) * _number(_MIX_A)
    state = (state ^ (state // _number(1 << 27))) * _number(_MIX_B)
    return state ^ (state // _number(1 << 31))
