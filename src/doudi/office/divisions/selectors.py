"""Names, parents and children of divisions, by code. Nothing here is personal, so nobody's scope is asked."""

from collections.abc import Iterable

from doudi.office.common.codes import level_of
from doudi.office.divisions.cache import Known, look_up, look_up_below

__all__ = ["Known", "children", "county_of", "known", "names", "path", "place_name"]


def names(codes: Iterable[int | None]) -> dict[int, str]:
    """The name of each code, of its own level only. An unknown one is named by its six digits: `110101（外地）`."""
    asked = {code for code in codes if code}
    found = look_up(asked)
    return {code: found[code].name if code in found else _stranger(code) for code in asked}


def path(code: int | None) -> dict[int, str]:
    """Code → name from the province down to the division itself, as far as they are known. Empty for 0 and None."""
    found = look_up(_above(code)) if code else {}
    return {step: found[step].name for step in _above(code or 0) if step in found}


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


def _above(code: int) -> list[int]:
    steps = dict.fromkeys(code // 10**zeros * 10**zeros for zeros in (10, 8, 6, 3, 0))
    return [step for step in steps if step]


def _stranger(code: int) -> str:
    return f"{code // 10**6:06d}（外地）"
