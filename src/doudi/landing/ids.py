"""公民身份号码：写法归一，校验位、地区、出生日期逐项核对；从号码读出生日和性别。

Citizen ids. Normal form: 18 characters, 17 digits and a check digit or X (GB 11643). 81/82/83 open the residence ids
of Hong Kong, Macao and Taiwan people, 9 the permanent residence ids of foreigners; both follow the same rule.
"""

import re
import unicodedata
from datetime import date
from functools import cache
from operator import mul

import polars as pl

from doudi.landing.values import Read, Unusable

__all__ = ["are_male", "births_of", "check_character", "clean_ids", "ids_of", "numbers_of", "read_id"]

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
_PLACES = (5, 4, 4, 4)  # of the 17 digits, from the right, so many are weighed at a time: small tables stay near
_EARLIEST_BIRTH = date(1900, 1, 1)
_REGIONS = (
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83 "
    "90 91 92 93 94 95 96 97 98 99"
).split()

_INVISIBLE = re.compile(r"[\s\u200b-\u200f\u2060\ufeff‐‑–—·\-]+")
_EIGHTEEN = re.compile(r"[0-9]{17}[0-9X]")
_DISABILITY = re.compile(r"([0-9]{17}[0-9X])[1-7][1-4](?:B[0-9])?")  # kind and grade; B and a digit when re-issued
_SCIENTIFIC = re.compile(r"[0-9](?:\.[0-9]+)?E\+?[0-9]+")


def check_character(first17: str) -> str:
    """The check digit that belongs to 17 digits: 0–9, or X for ten."""
    return _CHECK[sum(map(mul, map(int, first17), _WEIGHTS)) % 11]


def read_id(text: str, latest_birth: date) -> Read[str] | Unusable:
    """One id in any of the contract's spellings, slowly and plainly. `latest_birth` is the last day of the period."""
    plain = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).upper()
    if plain == text and _EIGHTEEN.fullmatch(plain):
        return _checked(plain, latest_birth, None)
    if _EIGHTEEN.fullmatch(plain):
        return _checked(plain, latest_birth, "id_spelling")
    if found := _DISABILITY.fullmatch(plain):
        return _checked(found[1], latest_birth, "id_20")
    if re.fullmatch(r"[0-9]{15}", plain):
        # Those past their hundredth year in the old system got the numbers 996–999: they were born before 1900.
        century = "18" if plain[12:] >= "996" else "19"
        first17 = plain[:6] + century + plain[6:]
        return _checked(first17 + check_character(first17), latest_birth, "id_15")
    if _SCIENTIFIC.fullmatch(plain):
        return Unusable("id_scientific")
    return Unusable("id_characters" if len(plain) in (15, 18, 20) else "id_length")


def _checked(eighteen: str, latest_birth: date, repair: str | None) -> Read[str] | Unusable:
    if eighteen[:2] not in _REGIONS:
        return Unusable("id_region")
    try:
        born = date(int(eighteen[6:10]), int(eighteen[10:12]), int(eighteen[12:14]))
    except ValueError:
        return Unusable("id_birth")
    if not _EARLIEST_BIRTH <= born <= latest_birth:
        return Unusable("id_birth")
    if eighteen[17] != check_character(eighteen[:17]):
        # A sheet keeps 15 digits of a number: the id's end becomes 000 or, by its own binary rounding, lands near it.
        return Unusable("id_rounded" if eighteen.endswith("00") else "id_check_digit")
    return Read(eighteen, repair)


def clean_ids(texts: pl.Series, latest_birth: date) -> pl.Series:
    """Is each text a valid id already in its normal form? False for null. The fast half of `read_id`.

    Of the 17 digits as one number: with a sign in place of a digit it opens with a region that there is not.
    """
    text, number, day = pl.col("text"), pl.col("number"), pl.col("day")
    valid = (
        (text.str.len_bytes() == 18)
        & _looked_up(_region_marks(), number // 10**15)
        & day.is_between(_as_number(_EARLIEST_BIRTH), _as_number(latest_birth))
        & _looked_up(_day_marks(), day % 10_000 + pl.when(_is_leap(day // 10_000)).then(10_000).otherwise(0))
        & (text.str.slice(17) == _looked_up(_check_characters(), _weighed(number)))
    )
    return (
        texts.to_frame("text")
        .lazy()
        .with_columns(number=text.str.slice(0, 17).cast(pl.Int64, strict=False))
        .with_columns(day=number // 1000 % 10**8)
        .select(valid.fill_null(value=False))
        .collect(optimizations=pl.QueryOptFlags.none())
        .to_series()
    )


def numbers_of(ids: pl.Series) -> pl.Series:
    """The 17 digits of each valid id as one number (UInt64): they are the whole id, whose check digit follows from them."""
    return ids.str.head(17).cast(pl.UInt64)


def ids_of(numbers: pl.Series) -> pl.Series:
    """The 18 characters that `numbers_of` made numbers of."""
    check = _looked_up(_check_characters(), _weighed(pl.col("number")))
    return numbers.to_frame("number").select(id=pl.concat_str("number", check)).to_series()


def births_of(numbers: pl.Series) -> pl.Series:
    """DATE of birth in each id, given as a number."""
    return (numbers // 1000 % 10**8).cast(pl.String).str.to_date("%Y%m%d")


def are_male(numbers: pl.Series) -> pl.Series:
    """BOOLEAN sex in each id, given as a number: the 17th digit is odd for men."""
    return numbers % 2 == 1


def _looked_up(table: pl.Series, at: pl.Expr) -> pl.Expr:
    """The table's entry of each; null past its end."""
    return pl.lit(table).gather(at, null_on_oob=True)


def _as_number(day: date) -> int:
    """YYYYMMDD."""
    return int(f"{day:%Y%m%d}")


def _is_leap(year: pl.Expr) -> pl.Expr:
    return (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))


@cache
def _region_marks() -> pl.Series:
    """Of all first two digits, whether they open a region."""
    return pl.Series([f"{region:02d}" in _REGIONS for region in range(100)])


@cache
def _day_marks() -> pl.Series:
    """Of month and day as MMDD, whether there is such a day; those of leap years are 10000 further on."""
    marks = pl.Series([False]).new_from_index(0, 20_000)
    years = (_date_numbers(date(year, 1, 1), date(year + 1, 1, 1)) for year in (2001, 2004))
    common, leap = years
    return marks.scatter(pl.concat([common, leap + 10_000]), True)


def _date_numbers(first: date, end: date) -> pl.Series:
    days = pl.date_range(first, end, closed="left", eager=True)
    return days.dt.month().cast(pl.Int64) * 100 + days.dt.day()


@cache
def _check_characters() -> pl.Series:
    """The check digit for every weighted sum that `_weighed` can give."""
    return pl.Series(list(_CHECK) * len(_PLACES))


def _weighed(number: pl.Expr) -> pl.Expr:
    """A number of 17 digits weighted, mod 11 for each group of digits: far faster than 17 substrings."""
    digits, weighed = 0, []
    for count in _PLACES:
        weighed.append(_looked_up(_weights_of(digits, count), number // 10**digits % 10**count))
        digits += count
    return pl.sum_horizontal(weighed)


@cache
def _weights_of(digits: int, count: int) -> pl.Series:
    """For each number of `count` digits, the weighted sum mod 11 where `digits` of an id's 17 follow it."""
    number = pl.int_range(10**count, dtype=pl.Int64)
    sums = (number // 10**place % 10 * _WEIGHTS[16 - digits - place] for place in range(count))
    return pl.select(pl.sum_horizontal(*sums) % 11).to_series().cast(pl.UInt8)
