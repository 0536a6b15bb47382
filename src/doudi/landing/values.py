"""一个值怎么读：日期、月份、金额、整数、小数、代码词、区划。慢而明白，是规矩本身。

How one value is read, slowly and plainly: this is the specification. `typed.py` reads clean values by the column and
hands the rest to these functions. Every text arrives stripped of outer blanks and not empty.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Generic, TypeVar

__all__ = [
    "FAR_FUTURE_DAYS",
    "NO_END",
    "Place",
    "Read",
    "Unusable",
    "read_code",
    "read_date",
    "read_division",
    "read_fen",
    "read_int",
    "read_micro",
    "read_month",
    "read_text",
]

T = TypeVar("T")

EARLIEST = date(1900, 1, 1)
FAR_FUTURE_DAYS = 366  # a required date tells what has happened; a year past the period is a slip of the pen
MOST_YUAN = 10**12
MOST_INT = 10**12
MOST_TEXT = 2_000  # characters
NO_END = frozenset(
    {
        "长期",
        "永久",
        "长期有效",
        "无期限",
        "9999-12-31",
        "9999/12/31",
        "99991231",
        "9999年12月31日",
        "2099-12-31",
        "2099/12/31",
        "20991231",
    }
)

_EXCEL_DAY_ZERO = date(1899, 12, 30)
_TIME = re.compile(r"[T ]*\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?$")
_DATE = re.compile(r"(\d{4})(?:([-/.])(\d{1,2})\2(\d{1,2})|年(\d{1,2})月(\d{1,2})[日号]?)")
_DATE_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})(?:[0-2]\d[0-5]\d[0-5]\d)?")
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?")
_MONTH = re.compile(r"(\d{4})(?:[-/.年]?(\d{1,2})月?份?)")
_MONEY = re.compile(r"([-−]?)(\d+|\d{1,3}(?:,\d{3})+)(?:\.(\d*))?")
_NUMBER = re.compile(r"(\d+|\d{1,3}(?:,\d{3})+)(?:\.0*)?(?:人|年|年度|口|户|个)?")
_DECIMAL = re.compile(r"(\d+|\d{1,3}(?:,\d{3})+)(?:\.(\d*))?(%|㎡|m2|平方米|平米)?", re.IGNORECASE)
_FORMULA = re.compile(r"[=@]|[+\-](?![\d\s.,()\-]*$)")
_PROVINCES = frozenset(
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82".split()
)


@dataclass(frozen=True, slots=True)
class Read(Generic[T]):
    """A value that was read; `repair` is the code of what had to be put right first."""

    value: T
    repair: str | None = None


@dataclass(frozen=True, slots=True)
class Unusable:
    """A value that was not, with the code of its reason."""

    code: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where we are: the city's leading digits (3705) and its 12-digit divisions. Empty = nothing is checked or padded away."""

    city: str = ""
    divisions: frozenset[int] = field(default_factory=frozenset)

    @classmethod
    def of(cls, city: str, divisions: Iterable[int]) -> "Place":
        """A place that knows the towns, the counties and the city of the divisions that are listed."""
        codes = frozenset(divisions)
        return cls(city, codes.union(*({code // level * level for code in codes} for level in (10**3, 10**6, 10**8))))


def plain(text: str) -> str:
    """Half-width, no blanks inside."""
    return re.sub(r"[\s\u200b-\u200f\u2060\ufeff]+", "", unicodedata.normalize("NFKC", text))


def read_text(text: str) -> Read[str] | Unusable:
    """Words as they stand. Breaks inside become a blank; what a sheet would run as a formula is refused."""
    if len(text) > MOST_TEXT:
        return Unusable("value_too_long")
    one_line = re.sub(r"[ \t\r\n]*[\t\r\n][ \t\r\n]*", " ", text)
    if re.search(r"[\x00-\x1f\x7f]", one_line):
        return Unusable("control_in_value")
    if _FORMULA.match(one_line):
        return Unusable("formula")
    return Read(one_line, None if one_line == text else "inner_break")


def read_date(text: str, latest: date) -> Read[date] | Unusable:
    """A day, in any of the contract's spellings, Excel's serial number, or with a time that is dropped."""
    if plain(text) in NO_END:
        return Unusable("date_late")
    bare = plain(_TIME.sub("", unicodedata.normalize("NFKC", text)))
    if found := _DATE.fullmatch(bare):
        parts = found[1], found[3] or found[5], found[4] or found[6]
    elif found := _DATE_DIGITS.fullmatch(bare):
        parts = found[1], found[2], found[3]
    elif found := _SERIAL.fullmatch(bare):
        # Five digits only: four could be a year. 10000 is 1927-05-18, 99999 is 2173-10-14.
        return _within(_EXCEL_DAY_ZERO + timedelta(days=int(found[1])), latest)
    else:
        return Unusable("date_format")
    try:
        day = date(*map(int, parts))
    except ValueError:
        return Unusable("date_absent")
    return _within(day, latest)


def _within(day: date, latest: date) -> Read[date] | Unusable:
    if day < EARLIEST:
        return Unusable("date_early")
    return Unusable("date_late") if day > latest else Read(day)


def read_month(text: str, latest: date) -> Read[date] | Unusable:
    """A month as its first day; a whole date stands for its month."""
    if found := _MONTH.fullmatch(plain(text)):
        if len(found[0]) == 5 and found[0].isdigit():
            return _first(read_date(text, latest))
        if not 1 <= int(found[2]) <= 12:
            return Unusable("date_absent")
        return _first(_within(date(int(found[1]) or 1, int(found[2]), 1), latest))
    read = _first(read_date(text, latest))
    return Unusable("month_format") if read == Unusable("date_format") else read


def _first(read: Read[date] | Unusable) -> Read[date] | Unusable:
    return read if isinstance(read, Unusable) else Read(read.value.replace(day=1))


def read_fen(text: str) -> Read[int] | Unusable:
    """Yuan as fen, exactly. Past two decimals only zeros may stand, or the dust of binary fractions (repaired)."""
    bare = plain(text)
    if bare.startswith("(") and bare.endswith(")"):
        bare = "-" + bare[1:-1]  # the accountant's minus
    bare = re.sub(r"^([-−]?)(?:¥|￥|RMB|CNY)([-−]?)", r"\1\2", bare, flags=re.IGNORECASE)
    times = 1
    if bare.endswith("万元"):
        bare, times = bare[:-2], 10_000
    found = _MONEY.fullmatch(bare.removesuffix("元").removesuffix("圆"))
    if found is None:
        return Unusable("money_format")
    if len(found[2]) > 16:
        return Unusable("money_range")
    fen = Decimal(f"{found[2].replace(',', '')}.{found[3] or '0'}") * 100 * times
    whole = int(fen.to_integral_value())
    if whole > MOST_YUAN * 100:
        return Unusable("money_range")
    repair = None
    if fen != whole:
        if len(found[3] or "") < 9 or abs(fen - whole) > Decimal("0.0001"):
            return Unusable("money_cents")
        repair = "money_float"
    return Read(-whole if found[1] else whole, repair)


def read_int(text: str) -> Read[int] | Unusable:
    """A whole number, not negative; a unit such as 人 or 年 after it is taken off."""
    bare = plain(text)
    found = _NUMBER.fullmatch(bare)
    if found is None:
        return Unusable("number_range" if re.fullmatch(r"[-−]\d+", bare) else "number_format")
    digits = found[1].replace(",", "")
    if len(digits) > 15 or int(digits) > MOST_INT:
        return Unusable("number_range")
    return Read(int(digits), None if bare == text and bare.isdigit() else "number_spelling")


def read_micro(text: str) -> Read[int] | Unusable:
    """A decimal, not negative, in millionths, exactly; a share may be written 1/2 or 50% where that is exact."""
    bare = plain(text)
    if found := re.fullmatch(r"(\d{1,6})[/⁄](\d{1,6})", bare):
        over = int(found[2])
        if over == 0 or int(found[1]) * 10**6 % over:
            return Unusable("decimal_format" if over == 0 else "decimal_digits")
        return Read(int(found[1]) * 10**6 // over, "number_spelling")
    found = _DECIMAL.fullmatch(bare)
    if found is None:
        return Unusable("decimal_format")
    if len(found[1]) > 16:
        return Unusable("number_range")
    exact = Decimal(f"{found[1].replace(',', '')}.{found[2] or '0'}") * (10**4 if found[3] == "%" else 10**6)
    micro = int(exact.to_integral_value())
    if micro > MOST_INT * 10**6:
        return Unusable("number_range")
    if exact != micro and (len(found[2] or "") < 9 or abs(exact - micro) > Decimal("0.001")):
        return Unusable("decimal_digits")
    return Read(micro, "number_spelling" if found[3] or bare != text else None)


def read_code(text: str, codes: tuple[str, ...]) -> Read[str] | Unusable:
    """One of the contract's words; blanks inside and full-width letters are put right."""
    if text in codes:
        return Read(text)
    bare = plain(text)
    return Read(bare, "code_spelling") if bare in codes else Unusable("code_unknown")


def read_division(text: str, place: Place) -> Read[int] | Unusable:
    """A 12-digit division. Out of the city, or unknown to its table, it is kept at county level.

    2, 4, 6 or 9 digits are padded with zeros. A county of our own city that the table lacks is no place at all.
    """
    bare = plain(text)
    if not bare.isascii() or not bare.isdigit() or len(bare) not in (2, 4, 6, 9, 12):
        return Unusable("division_format")
    if bare[:2] not in _PROVINCES:
        return Unusable("division_unknown")
    repair = None if len(bare) == 12 else "division_padded"
    code = int(bare.ljust(12, "0"))
    county = code // 10**6 * 10**6
    if not place.city or not bare.startswith(place.city):
        return Read(county if place.city else code, repair)
    if code in place.divisions or not place.divisions:
        return Read(code, repair)
    if county in place.divisions:
        return Read(county, "division_county")
    return Unusable("division_unknown")
