"""按列读值：干净的值整列转换，其余的交给 `values.py` 逐个去读。

Values by the column. Each kind says which texts are clean and what they mean, as expressions; every other text is read
once by the slow function of `values.py`, however often it stands in the block. Both halves agree, which is tested.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeAlias, TypeVar

import polars as pl

from doudi.landing.contract import Column
from doudi.landing.ids import clean_ids, read_id
from doudi.landing.values import (
    EARLIEST,
    FAR_FUTURE_DAYS,
    NO_END,
    Place,
    Read,
    Unusable,
    read_code,
    read_date,
    read_division,
    read_fen,
    read_int,
    read_micro,
    read_month,
    read_text,
)

__all__ = ["DTYPES", "Judged", "judge"]

T = TypeVar("T")
Slow: TypeAlias = Callable[[str], Read[T] | Unusable]

DTYPES: dict[str, pl.DataType] = {
    "id": pl.String(),
    "text": pl.String(),
    "code": pl.String(),
    "date": pl.Date(),
    "month": pl.Date(),
    "yuan": pl.Int64(),
    "int": pl.Int64(),
    "decimal": pl.Int64(),
}

BLANKS = " \t\r\n\v\f\u00a0\u2002\u2003\u2009\u200b\u200c\u200d\u2060\u3000\ufeff"
# What people write where nothing is known; a word of the contract's codes is never taken for one.
NOTHING = tuple(
    "- -- — —— / \\ \\N 无 空 NULL null None nan NaN N/A n/a "
    "#N/A #REF! #VALUE! #NAME? #DIV/0! #NUM! #NULL!".split()  # the last are what a sheet shows for a failed formula
)
_WRAPPED = r'^(?:="([^"]*)"|\'(.*))$'
_FAR_END_YEARS = 100  # an optional end may lie far ahead: certificates run for decades


@dataclass(frozen=True, slots=True)
class Judged:
    """A column read: typed `values` (null = empty or unusable), and per record the code of its trouble and its repair."""

    values: pl.Series
    trouble: pl.Series
    repaired: pl.Series


def judge(texts: pl.Series, column: Column, last_day: date, place: Place) -> Judged:
    """Reads a whole column of one block. `last_day` is the last of the period. Never fails: trouble is a code."""
    stripped = texts.str.strip_chars(BLANKS)
    unwrapped = stripped.str.contains(_WRAPPED).fill_null(value=False)
    if unwrapped.any():
        stripped = stripped.str.replace(_WRAPPED, "$1$2").str.strip_chars(BLANKS)
    nothing = [word for word in NOTHING if word not in column.codes]
    if column.name == "until":
        nothing.extend(sorted(NO_END))
    empty = (stripped == "") | stripped.is_in(nothing)
    stripped = stripped.set(empty.fill_null(value=False), None)
    judged = _judged(stripped, column, last_day, place)
    repaired = judged.repaired
    if unwrapped.any():
        lone = unwrapped & repaired.is_null()
        repaired = repaired.set(lone, "unwrapped")
    trouble = judged.trouble
    if column.required:
        trouble = trouble.set(stripped.is_null(), "missing_value")
    return Judged(judged.values, trouble, repaired)


def _judged(texts: pl.Series, column: Column, last_day: date, place: Place) -> Judged:
    latest = last_day + timedelta(days=FAR_FUTURE_DAYS if column.required else 366 * _FAR_END_YEARS)
    none = pl.Series([None], dtype=DTYPES[column.kind]).new_from_index(0, texts.len())
    match column.kind:
        case "id":
            clean = clean_ids(texts, last_day)
            return _both(texts, texts, clean, lambda text: read_id(text, last_day))
        case "code":
            return _both(texts, texts, texts.is_in(list(column.codes)), lambda text: read_code(text, column.codes))
        case "date":
            return _both(texts, *_dates(texts, latest), lambda text: read_date(text, latest))
        case "month":
            return _both(texts, none, none.is_not_null(), lambda text: read_month(text, latest))
        case "yuan":
            return _both(texts, *_fens(texts), read_fen)
        case "int":
            return _both(texts, *_ints(texts), read_int)
        case "decimal":
            return _both(texts, none, none.is_not_null(), read_micro)
        case "text" if column.is_division:
            none = none.cast(pl.Int64)
            return _both(texts, none, none.is_not_null(), lambda text: read_division(text, place))
        case "text":
            return _both(texts, texts, _plain_texts(texts), read_text)


def _both(texts: pl.Series, values: pl.Series, clean: pl.Series, slow: Slow[T]) -> Judged:
    """The clean values where they are clean, else what the slow function says, asked once per different text."""
    nothing = pl.Series([None], dtype=pl.String).new_from_index(0, texts.len())
    rest = ~clean.fill_null(value=False) & texts.is_not_null()
    if not rest.any():
        return Judged(values, nothing, nothing)
    different = texts.filter(rest).unique()
    answers = [slow(text) for text in different]
    table = pl.DataFrame(
        {
            "text": different,
            "value": pl.Series([None if isinstance(a, Unusable) else a.value for a in answers], dtype=values.dtype),
            "trouble": pl.Series([a.code if isinstance(a, Unusable) else None for a in answers], dtype=pl.String),
            "repair": pl.Series([None if isinstance(a, Unusable) else a.repair for a in answers], dtype=pl.String),
        }
    )
    asked = pl.DataFrame({"text": texts.set(~rest, None)}).join(table, on="text", how="left", maintain_order="left")
    return Judged(values.zip_with(~rest, asked["value"]), asked["trouble"], asked["repair"])


def _dates(texts: pl.Series, latest: date) -> tuple[pl.Series, pl.Series]:
    days = texts.str.to_date("%Y-%m-%d", strict=False).set(texts.str.len_bytes() != 10, None)
    return days, days.is_between(EARLIEST, latest)


def _fens(texts: pl.Series) -> tuple[pl.Series, pl.Series]:
    clean = texts.str.contains(r"^[¥￥]?-?(?:[0-9]{1,12}|[0-9]{1,3}(?:,[0-9]{3}){1,3})(?:\.[0-9]{1,2})?元?$")
    plain = texts.set(~clean, None)
    if plain.str.contains("[¥￥,元]").any():
        plain = plain.str.replace_all("[¥￥,元]", "")
    return plain.cast(pl.Decimal(18, 2), strict=False).to_physical().cast(pl.Int64), clean


def _ints(texts: pl.Series) -> tuple[pl.Series, pl.Series]:
    clean = texts.str.contains(r"^[0-9]{1,12}$")
    return texts.set(~clean, None).cast(pl.Int64, strict=False), clean


def _plain_texts(texts: pl.Series) -> pl.Series:
    """Texts to be kept as they are: short, without control characters, not opening like a formula."""
    return ~texts.str.contains(r"^[=@+\-]|[\x00-\x1f\x7f]") & (texts.str.len_bytes() <= 2_000)
