"""What this process has counted since the last run. Only runs write alerts, so that until the next one it stays true."""

from collections.abc import Callable, Hashable
from datetime import datetime
from typing import Any, Final, TypeVar

from django.db.models import Max

from doudi.office.accounts.scope import Viewer
from doudi.office.monitoring.models import Run
from doudi.office.monitoring.states import FINISHED

__all__ = ["Edition", "edition", "held"]

# The greatest id and the latest end of all finished runs; null before the first.
Edition = tuple[int, datetime | None] | None

Counts = TypeVar("Counts")

_MOST: Final = 2000  # counts that a process holds, a few KB each
_SHELF: Final[dict[Hashable, Any]] = {}


def edition() -> Edition:
    """Which runs the alerts are of. Ask it before counting: what is counted is then as new as it says, or newer."""
    told = Run.objects.filter(state=FINISHED).aggregate(pk=Max("id"), at=Max("finished_at"))
    return (told["pk"], told["at"]) if told["pk"] else None


def held(viewer: Viewer, of: Edition, asked: Hashable, count: Callable[[], Counts]) -> Counts:
    """What `count` gave for this edition, the same jurisdiction and role, and the same question; whoever gets it copies it."""
    if of is None:
        return count()
    key = (of, viewer.role, viewer.division, viewer.range, asked)
    known: Counts | None = _SHELF.get(key)  # another thread may clear the shelf at any time
    if known is None:
        known = count()
        if len(_SHELF) >= _MOST:
            _SHELF.clear()
        _SHELF[key] = known
    return known
