"""姓名：由生造的音节拼成，不是任何人的名字。

Names made of syllables that families do not use as surnames. One name in two thousand holds a character outside the
basic plane, which GB18030 writes in four bytes.
"""

import polars as pl

from doudi.demo.draw import Draw

__all__ = ["RARE", "given_name", "names", "planted_name"]

_FAMILY = "禾汀砚笙簌霁渚沚萤岫苇槿蓼鹭汐璞杪堇苒霂笠屿澍葭霭岚柘棠潆麓"
_FIRST = "云知星远清如见山听雨望舒映雪怀瑾若水思齐景行朝暮初晴南栀北辰"
_SECOND = "禾野川序白青禹棠洲屿澜音遥宁舟泽帆霖朗溪岑歌谣曦鸣简砚"
RARE = "𬭎"


def names(draw: Draw, household: pl.Expr, person: pl.Expr) -> pl.Expr:
    """A name per row; a household shares its family syllable."""
    family = draw.pick(_FAMILY, "name.family", household)
    first = draw.pick(_FIRST, "name.first", person)
    second = draw.pick(_SECOND, "name.second", person)
    long = draw.chance(850_000, "name.long", person)
    rare = draw.chance(500, "name.rare", person)
    return family + first + pl.when(rare).then(pl.lit(RARE)).when(long).then(second).otherwise(pl.lit(""))


def given_name(number: int) -> str:
    """Two syllables for the n-th planted person: 900 different ones, then again from the start."""
    return _FIRST[number % len(_FIRST)] + _SECOND[(number // len(_FIRST)) % len(_SECOND)]


def planted_name(household: int, number: int) -> str:
    """A planted person's name; the family syllable is the household's."""
    return _FAMILY[household % len(_FAMILY)] + given_name(number)
