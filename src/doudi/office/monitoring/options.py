"""The platform's own settings of monitoring, as the types that the office works with."""

from datetime import date, datetime, time
from typing import Final

from django.conf import settings

from doudi.office.common.clock import beijing_day

__all__ = ["MOST_ATTEMPTS", "cool_down_seconds", "day_of", "memory", "nightly_at"]

# A run whose worker died so often is given up: something kills it.
MOST_ATTEMPTS: Final = 3


def day_of(at: datetime) -> date:
    """The day that a run asked for at `at` is about: that day in Beijing; in a demonstration the day of its city."""
    fixed = settings.DOUDI_MONITOR_DAY
    return date.fromisoformat(fixed) if fixed else beijing_day(at)


def nightly_at() -> time | None:
    """When the nightly run is made, in Beijing; None = never."""
    told = settings.DOUDI_MONITOR_AT
    return time.fromisoformat(told) if told else None


def cool_down_seconds() -> int:
    """How long after a delivery a run waits for more, so that ten files make one run."""
    return int(settings.DOUDI_MONITOR_COOL_DOWN)


def memory() -> str:
    """What a run may take of memory."""
    return str(settings.DOUDI_MONITOR_MEMORY)
