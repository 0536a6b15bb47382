"""钟：办公区只在这里问时间；往下各层由参数得到。

The office's only clock. Middleware and tasks ask it once and hand the moment on as `at`.
"""

from datetime import date, datetime, timedelta, timezone

__all__ = ["BEIJING", "beijing_day", "right_now"]

BEIJING = timezone(timedelta(hours=8), "Asia/Shanghai")  # one fixed offset since 1992


def right_now() -> datetime:
    """This moment, in Beijing time."""
    return datetime.now(BEIJING)


def beijing_day(at: datetime) -> date:
    """The day in Beijing on which `at` falls."""
    return at.astimezone(BEIJING).date()
