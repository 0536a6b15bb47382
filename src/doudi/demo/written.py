"""埋点里的写法：相对日期、月份偏移、金额。

Values as plant files write them, made exact: dates relative to the window's last day, months as offsets, yuan as fen.
"""

import re
from datetime import date, timedelta
from decimal import Decimal
from typing import TypeAlias

from doudi.demo.months import Window, day_in, label
from doudi.errors import Refusal
from doudi.landing.contract import Column

__all__ = ["Cell", "Row", "cell", "day", "month_at"]

Cell: TypeAlias = str | int | date | None
Row: TypeAlias = dict[str, Cell]
_RELATIVE = re.compile(r"([+-]?\d+)([dmy])", re.ASCII)


def day(text: str, window: Window) -> date:
    """`-40d`, `-3m`, `-2y` counted from the window's last day, or `2025-03-01` itself."""
    found = _RELATIVE.fullmatch(text)
    try:
        if found is None:
            return date.fromisoformat(text)
    except ValueError:
        raise Refusal("demo.plant_date", f"埋点里的日期“{text}”看不懂：请写成 -40d、-3m、-2y 或 2025-03-01。") from None
    amount, unit = int(found[1]), found[2]
    if unit == "d":
        return window.today + timedelta(days=amount)
    return day_in(window.last + amount * (12 if unit == "y" else 1), window.today.day)


def month_at(window: Window, offset: object) -> int | None:
    """The month an offset points at, counted from the last month; null stays null."""
    return None if offset is None else window.last + int(str(offset))


def cell(value: object, column: Column, window: Window) -> Cell:
    """The typed value of a cell: a date, a month as `YYYY-MM`, fen, millionths, a whole number, or text; null = blank."""
    if value is None or value == "":
        return None
    match column.kind:
        case "date":
            return value if isinstance(value, date) else day(str(value), window)
        case "month":
            return label(window.last + int(str(value)))
        case "yuan":
            return int(Decimal(str(value)) * 100)
        case "decimal":
            return int(Decimal(str(value)) * 1_000_000)
        case "int":
            return int(str(value))
        case "id" | "text" | "code":
            return str(value)
