"""区划代码：十二位代码就是一段整数，管辖就是落在段内。

A division's twelve digits as a number, and the range of everything below it. 0 stands for the whole country.
"""

__all__ = ["WHOLE", "level_of", "range_of"]

WHOLE = (0, 999_999_999_999)

# digits that name the level, its word
_LEVELS = ((2, "province"), (4, "city"), (6, "county"), (9, "town"), (12, "village"))


def level_of(code: int) -> str:
    """province, city, county, town or village; `country` for 0."""
    if not code:
        return "country"
    return next(level for digits, level in _LEVELS if code % 10 ** (12 - digits) == 0)


def range_of(code: int) -> tuple[int, int]:
    """The least and the greatest code of the division and all below it."""
    if not code:
        return WHOLE
    digits = next(digits for digits, _ in _LEVELS if code % 10 ** (12 - digits) == 0)
    return code, code + 10 ** (12 - digits) - 1
