"""证件号：校验码正确，但前六位在任何行政区划里都不存在。

Citizen ids that are recognisably invented: every check digit is right, and every id begins with 3799, a prefix that no
county of Shandong or of anywhere else has. 379901 … 379998 belong to the city's people, 379999 to planted households and
to outsiders.
"""

from datetime import date

import polars as pl

__all__ = ["BLOCK", "PLANTED_PREFIX", "PREFIXES", "citizen_id", "day_of_year", "with_wrong_check", "written_ids"]

PREFIXES = 98
PLANTED_PREFIX = 379999
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"

# 365 days × 500 numbers per sex: two people of one block never share birthday and number, whatever their years are.
BLOCK = 365 * 500
_SPREAD_DAYS, _SPREAD_NUMBERS = 143, 191  # coprime to 365 and to 500: neighbours in the city have distant birthdays


def day_of_year(person: pl.Expr) -> pl.Expr:
    """The birthday's day of the year, 0 … 364, given by the person's number so that ids cannot collide."""
    return ((person // 7) * _SPREAD_DAYS + person % 7 * 52) % 365


def written_ids(person: pl.Expr, birth: pl.Expr, male: pl.Expr) -> pl.Expr:
    """The 18 characters per row. Injective over up to 98 × 182,500 = 17.9 million person numbers."""
    block = person % 7 + 7 * (person // (7 * BLOCK))
    sequence = (((person // 7) % BLOCK) // 365 * _SPREAD_NUMBERS) % 500
    born = birth.dt.year().cast(pl.Int64) * 10_000 + birth.dt.month().cast(pl.Int64) * 100 + birth.dt.day()
    body = (379_901 + block) * 10**11 + born * 1000 + sequence * 2 + male.cast(pl.Int64)
    total = pl.sum_horizontal([(body // 10 ** (16 - place)) % 10 * weight for place, weight in enumerate(_WEIGHTS)])
    return body.cast(pl.String) + pl.lit(pl.Series(list(_CHECKS))).gather(total % 11)


def citizen_id(prefix: int, born: date, sequence: int, *, male: bool) -> str:
    """One id, the slow way; `sequence` 0 … 499 per birthday and sex."""
    body = f"{prefix}{born:%Y%m%d}{sequence * 2 + male:03d}"
    return body + _CHECKS[sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True)) % 11]


def with_wrong_check(identity: str) -> str:
    """The same id with another last character, so that its check digit is wrong."""
    return identity[:17] + _CHECKS[(_CHECKS.index(identity[17]) + 1) % 11]
