"""钟：整个程序只在这里问时间。

The only place that asks the clock. Beijing time has been one fixed offset since 1992, so no time-zone tables are needed.
"""

import re
from datetime import date, datetime, timedelta, timezone

from doudi.errors import Refusal

__all__ = ["BEIJING", "day", "moment", "right_now", "today"]

BEIJING = timezone(timedelta(hours=8), "Asia/Shanghai")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def right_now() -> str:
    """This moment in Beijing, to the microsecond, so that two moments compare as their texts do."""
    return _written(datetime.now(BEIJING))


def today() -> date:
    """Today in Beijing."""
    return datetime.now(BEIJING).date()


def day(text: str | None) -> date:
    """A day as typed; today when none was."""
    if text is None:
        return today()
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Refusal("cli.not_a_day", f"“{text}”不是日期，请写成 2026-03-31 这样。") from error


def moment(text: str | None) -> str | None:
    """A time of receipt as typed, in the form in which batches carry theirs; a day means its last moment."""
    if text is None:
        return None
    try:
        given = datetime.fromisoformat(f"{text}T23:59:59.999999" if _DAY.fullmatch(text) else text)
    except ValueError as error:
        raise Refusal("cli.not_a_moment", f"“{text}”不是时间，请写成 2026-04-10 或 2026-04-10T08:00 这样。") from error
    return _written(given.replace(tzinfo=given.tzinfo or BEIJING).astimezone(BEIJING))


def _written(at: datetime) -> str:
    return at.isoformat(timespec="microseconds")
