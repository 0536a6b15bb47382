"""代号：湖里用密钥摘要代替户号、证号、姓名，只能比较相同与否。

Tokens of 64 bits, by SM4-CMAC under derived keys, and the hashes that tell when a line is the same fact sent again. Nothing here depends
on the order of arrival: a token is a function of the text and the key, a line's hash of its content and the key.
"""

from functools import cache, lru_cache

import polars as pl

from doudi.landing.cmac import Cmac
from doudi.landing.keys import Key
from doudi.landing.words import Words

__all__ = ["Tokens", "line_hash"]

_NOTHING = 0x7FB5D329728EA185  # stands for an absent cell in a hash; any odd constant would do


class Tokens:
    """Text into INT64. `kind` keeps a 户号 and a plate of the same spelling apart: each kind has a key of its own."""

    def __init__(self, key: Key) -> None:
        self._key = key

    def one(self, kind: str, text: str) -> int:
        """The token of one text."""
        return int.from_bytes(_cmac(self._key, kind).of_text(text)[:8], "little", signed=True)

    def each(self, kind: str, texts: pl.Series) -> pl.Series:
        """The token of each text, null where there is none; a text that comes often is computed once."""
        words = Words.of(texts)
        if words.words.len() == texts.len() and not texts.null_count():  # numbers of cases: no two alike
            return self._compute(kind, texts)
        there = words.words.is_not_null().arg_true()
        tokens = pl.Series([None], dtype=pl.Int64).new_from_index(0, words.words.len())
        return words.spread(tokens.scatter(there, self._compute(kind, words.words.gather(there)))).rename(texts.name)

    def of_line(self, feed: str, columns: list[pl.Series]) -> pl.Series:
        """The hash of each line over some of its columns, under the key and the feed's name."""
        return line_hash(self.one("line", feed), columns)

    def of_names(self, ids: pl.Series, names: pl.Series) -> pl.Series:
        """The token of each person's name, bound to the person: two people of one name have nothing in common here.

        It is the digest of the id as a number and of the token of the name; null where either is missing.
        """
        bound = pl.DataFrame({"id": ids, "name": self.each("name", names)})
        present = bound.drop_nulls()
        words = _cmac(self._key, "name of person").of_words(present["id"], present["name"].reinterpret(signed=False))
        tokens = words[0].reinterpret(signed=True)
        if present.height == names.len():
            return tokens.rename(names.name)
        nothing = pl.Series(names.name, [None], dtype=pl.Int64).new_from_index(0, names.len())
        rows = bound.select(pl.all_horizontal(pl.all().is_not_null())).to_series().arg_true()
        return nothing.scatter(rows, tokens)

    def _compute(self, kind: str, texts: pl.Series) -> pl.Series:
        return _cmac(self._key, kind).of_texts(texts)[0].reinterpret(signed=True).rename(texts.name)


@lru_cache(maxsize=256)  # more than there are kinds
def _cmac(key: Key, kind: str) -> Cmac:
    return key.cmac(kind)


def line_hash(seed: int, columns: list[pl.Series]) -> pl.Series:
    """One INT64 for the content of `columns` (integers or null), in their order: splitmix64 chained, the same for ever.

    Polars' own hash changes with its version, and the lake must recognise a line years later. Integer arithmetic wraps
    at 64 bits; a shift is a division by a power of two.
    """
    cells = {f"cell{number}": column for number, column in enumerate(columns)}
    lines = pl.DataFrame(cells).with_columns(state=pl.lit(seed % 2**64, dtype=pl.UInt64)).lazy()
    for steps in map(_steps, cells):
        # Each step names its result, since an expression that stands twice in the next one would be computed twice.
        for step in steps:
            lines = lines.with_columns(step)
    # There is nothing to optimise, and looking for it takes as long as the work.
    plain = pl.QueryOptFlags.none()
    return lines.select(pl.col("state").reinterpret(signed=True)).collect(optimizations=plain).to_series()


@cache
def _steps(cell: str) -> tuple[pl.Expr, ...]:
    """What mixes one cell into the state; made once, for making them takes longer than a short file's hashes."""
    state = pl.col("state")
    bits = pl.col(cell).cast(pl.Int64).reinterpret(signed=False).fill_null(_uint(_NOTHING))
    steps = (
        (state + _uint(0x9E3779B97F4A7C15)) ^ bits,
        (state ^ (state // _uint(1 << 30))) * _uint(0xBF58476D1CE4E5B9),
        (state ^ (state // _uint(1 << 27))) * _uint(0x94D049BB133111EB),
        state ^ (state // _uint(1 << 31)),
    )
    return tuple(step.alias("state") for step in steps)


def _uint(number: int) -> pl.Expr:
    return pl.lit(number, dtype=pl.UInt64)
