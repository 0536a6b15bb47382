"""What this process has looked up. Dropped when a division is written here, and within seconds when another process did."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from threading import Lock
from time import monotonic
from typing import Final

from django.db import transaction

from doudi.office.divisions.models import Division, DivisionChange, Edition

__all__ = ["Known", "forget", "look_up", "look_up_below"]

_MOST: Final = 50_000  # divisions held; more than any city has, less than a nation's
_LOOK_AGAIN: Final = 5  # seconds for which this process believes that nobody else wrote


@dataclass(frozen=True, slots=True)
class Known:
    """A division as it stands. `successor`: the code that holds its people now, None = there is none or there are several."""

    code: int
    name: str
    level: str
    in_force: bool
    successor: int | None = None


class _Shelf:
    def __init__(self) -> None:
        self.lock = Lock()
        self.edition = -1
        self.looked = float("-inf")
        self.held: dict[int, Known | None] = {}
        self.below: dict[int, tuple[int, ...]] = {}

    def refresh(self) -> None:
        """Drops what is held when the table's edition moved."""
        if monotonic() - self.looked < _LOOK_AGAIN:
            return
        edition = Edition.objects.values_list("number", flat=True).first() or 0
        with self.lock:
            if edition != self.edition or len(self.held) > _MOST:
                self.held, self.below, self.edition = {}, {}, edition
            self.looked = monotonic()


_SHELF = _Shelf()


def forget() -> None:
    """Called by whoever writes a division: at once, and again when his transaction ends well.

    What is looked up in between is of an unfinished writing; when it is undone, the next look at the edition tells.
    """
    _drop()
    transaction.on_commit(_drop)


def look_up(codes: Iterable[int]) -> dict[int, Known]:
    """The divisions of these codes that the table has, in one query at most for all that are not held yet."""
    _SHELF.refresh()
    held = _SHELF.held
    asked = set(codes)
    if missing := asked - held.keys():
        fetched: dict[int, Known | None] = dict.fromkeys(missing)
        fetched.update(
            {known.code: known for known in _fetch(Division.objects.filter(code__in=missing).values_list(*_COLUMNS))}
        )
        held.update(fetched)
    return {code: known for code in asked if (known := held.get(code)) is not None}


def look_up_below(code: int) -> list[Known]:
    """The divisions in force whose parent this is; the provinces for 0."""
    _SHELF.refresh()
    if code not in _SHELF.below:
        rows = (
            Division.objects.filter(parent=code or None, valid_until=None)
            .order_by("code")
            .values_list("code", flat=True)
        )
        _SHELF.below[code] = tuple(rows)
    found = look_up(_SHELF.below[code])
    return [found[below] for below in _SHELF.below[code] if below in found]


_COLUMNS: Final = ("code", "name", "level", "valid_until")


def _fetch(rows: Iterable[tuple[int, str, str, object]]) -> list[Known]:
    found = list(rows)
    gone = [code for code, _, _, until in found if until is not None]
    heirs: dict[int, set[int]] = {}
    if gone:
        changes = DivisionChange.objects.filter(old_code__in=gone, new_code__isnull=False)
        latest: dict[int, tuple[date, str]] = {}  # what was taken back or done again since leaves no heir
        for change in changes.order_by("-day", "-pk"):
            if change.old_code and change.new_code:
                deed = latest.setdefault(change.old_code, (change.day, change.kind))
                if deed == (change.day, change.kind):
                    heirs.setdefault(change.old_code, set()).add(change.new_code)
    return [
        Known(code, name, level, until is None, next(iter(heirs[code])) if len(heirs.get(code, ())) == 1 else None)
        for code, name, level, until in found
    ]


def _drop() -> None:
    with _SHELF.lock:
        _SHELF.held, _SHELF.below, _SHELF.looked = {}, {}, float("-inf")
