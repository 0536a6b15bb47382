"""钟：整个程序只在这里问时间。

The only place that asks the clock. Beijing time has been one fixed offset since 1992, so no time-zone tables are needed.
"""

import re
import resource
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

from doudi.errors import Refusal

__all__ = ["BEIJING", "Cost", "day", "measured", "moment", "peak_mib", "right_now", "today"]

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


@dataclass(frozen=True)
class Cost:
    """What one act cost this process: seconds of its processors, seconds on the clock, and its highest memory until then."""

    what: str
    cpu_seconds: float
    wall_seconds: float
    peak_mib: int


@contextmanager
def measured(what: str, costs: list[Cost]) -> Iterator[None]:
    """Adds to `costs` what the act inside cost."""
    begun, used = time.monotonic(), time.process_time()
    yield
    costs.append(Cost(what, time.process_time() - used, time.monotonic() - begun, peak_mib()))


def peak_mib() -> int:
    """The most memory that this process ever held, in MiB."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most >> 20 if sys.platform == "darwin" else most >> 10
