"""Names, parents and children of divisions, by code. Nothing here is personal, so nobody's scope is asked."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from doudi.office.common.codes import level_of
from doudi.office.divisions.cache import Known, look_up, look_up_below
from doudi.office.divisions.models import Division, DivisionChange

__all__ = [
    "Change", "Known", "changes", "children", "county_of", "find", "history", "known", "names", "path", "paths", "place_name",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """One line of a division's history, in words. `ground` may be empty: what a table brought by itself."""

    day: date
    kind: str
    old_code: int | None
    old_name: str
    new_code: int | None
    new_name: str
    ground: str


def names(codes: Iterable[int | None]) -> dict[int, str]:
    """The name of each code, of its own level only. An unknown one is named by its six digits: `110101（外地）`."""
    asked = {code for code in codes if code}
    found = look_up(asked)
    return {code: found[code].name if code in found else _stranger(code) for code in asked}


def path(code: int | None) -> dict[int, str]:
    """Code → name from the province down to the division itself, as far as they are known. Empty for 0 and None."""
    found = look_up(_above(code)) if code else {}
    return {step: found[step].name for step in _above(code or 0) if step in found}


def paths(codes: Iterable[int | None]) -> dict[int, dict[int, str]]:
    """`path` of each code, all of them looked up at once: for a page that names many places."""
    asked = {code for code in codes if code}
    look_up({step for code in asked for step in _above(code)})
    return {code: path(code) for code in asked}


def place_name(code: int | None) -> str:
    """County, town and village in one run, as a form names a place; the city's name for a city."""
    if not code:
        return "全国"
    steps = path(code)
    return "".join(name for step, name in steps.items() if level_of(step) not in {"province", "city"}) or (
        list(steps.values())[-1] if code in steps else _stranger(code)
    )


def children(code: int) -> dict[int, str]:
    """Code → name of the divisions in force directly below; of the provinces for 0. In the order of their codes."""
    return {division.code: division.name for division in look_up_below(code)}


def known(code: int | None) -> int:
    """The division under which a row with this code is held.

    The code itself when it is in force, its successor's when it was merged or recoded, else its county's six digits (with
    six zeros), whether that county is known or not. 0 for none at all.
    """
    if not code or code < 0:
        return 0
    seen = set()
    while code not in seen:
        seen.add(code)
        found = look_up([code]).get(code)
        if found is None:
            return county_of(code)
        if found.in_force or found.successor is None:
            return code
        code = found.successor
    return county_of(code)


def county_of(code: int) -> int:
    """The county's code, twelve digits of which six may differ from 0; a province or a city stays itself."""
    return code // 10**6 * 10**6


def find(text: str, most: int = 50) -> list[Known]:
    """Divisions whose name contains the text, or whose code begins with it; counties before villages, `most` of them."""
    if text.isascii() and text.isdigit():
        lo = int(text[:12].ljust(12, "0"))
        found = Division.objects.filter(code__gte=lo, code__lt=lo + 10 ** (12 - len(text[:12])))
    else:
        found = Division.objects.filter(name__contains=text)
    ranks = {"province": 0, "city": 1, "county": 2, "town": 3, "village": 4}
    rows = sorted(
        found.values_list("code", "name", "level", "valid_until")[: most * 20], key=lambda row: (ranks[row[2]], row[0])
    )
    return [Known(code, name, level, until is None) for code, name, level, until in rows[:most]]


def history(code: int) -> list[Change]:
    """What happened to this code, newest first."""
    rows = DivisionChange.objects.filter(Q(old_code=code) | Q(new_code=code))
    return [
        Change(
            row.day, DivisionChange.KINDS[row.kind], row.old_code, row.old_name, row.new_code, row.new_name, row.ground
        )
        for row in rows
    ]


def changes() -> "QuerySet[DivisionChange]":
    """Every change that was kept, newest first. Public knowledge."""
    return DivisionChange.objects.order_by("-day", "-pk")


def _above(code: int) -> list[int]:
    steps = dict.fromkeys(code // 10**zeros * 10**zeros for zeros in (10, 8, 6, 3, 0))
    return [step for step in steps if step]


def _stranger(code: int) -> str:
    return f"{code // 10**6:06d}（外地）"
