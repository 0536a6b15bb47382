"""理由：一条预警凭什么成立，写给程序，也说给人听。

Reasons as the engine wrote them → the fields for programs, and one Chinese sentence each for people.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any, Final

from doudi.engine.reasons import EXCLUSION
from doudi.policy.explain import SIGNS, say_value
from doudi.policy.quantities import Type, unit_word
from doudi.policy.rule import Book
from doudi.policy.shape import money_scale
from doudi.readout.places import division_name
from doudi.readout.words import say_whether

__all__ = ["leading", "reason_as_json", "say_reason", "say_reasons"]

_FIELDS: Final = (
    "fact",
    "value",
    "at_least",
    "at_most",
    "unit",
    "threshold",
    "feed",
    "batch",
    "line",
    "date",
    "absent",
    "sender",
)


def reason_as_json(reason: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that are promised to programs, of those that this reason has."""
    return {field: reason[field] for field in _FIELDS if field in reason}


def say_reasons(reasons: Iterable[Mapping[str, Any]], book: Book) -> Iterator[str]:
    """One sentence each, said once though several lines of a rule rest on it."""
    yield from dict.fromkeys(say_reason(reason, book) for reason in reasons)


def leading(reasons: Sequence[Mapping[str, Any]], book: Book) -> str:
    """The reason that tells most in a table, without its source: a crossed line, else a record, last who is enrolled."""

    def telling(reason: Mapping[str, Any]) -> tuple[bool, bool, bool]:
        fact = str(reason["fact"])
        return (
            fact.startswith("enrolled_") or fact.endswith("_on_record"),
            "absent" in reason,
            "threshold" not in reason,
        )

    ordered = sorted(reasons, key=telling)
    return say_reason(ordered[0], book, sourced=False) if ordered else ""


def say_reason(reason: Mapping[str, Any], book: Book, *, sourced: bool = True) -> str:
    """One reason as a sentence; `sourced`: with the delivery and the line that it stands on in brackets."""
    word = book.word(str(reason["fact"]))
    if reason["fact"] == EXCLUSION or word is None:
        return str(reason["fact"])
    who = str(reason.get("relation") or "")
    if word.type.kind == "bool" and isinstance(reason.get("value"), bool):
        said = f"{who}{say_whether(word.name, holds=reason['value'])}"
    else:
        said = f"{who}{'的' if who else ''}{word.name} {_say_bounds(reason, word.type)}"
    measured = book.word(str(reason["measured"])) if reason.get("measured") else None
    if measured is not None and _comparable(reason, measured.type):
        said += f"，{measured.name} {_say_bounds(reason['measured_value'], measured.type)}"
    line = measured or word
    if reason.get("op") and _comparable(reason, line.type):
        said += f" {SIGNS[reason['op']]} {_say_line(reason['threshold'], line.type)}"
    return f"{said}（{_source(reason)}）" if sourced else said


def _say_bounds(told: Mapping[str, Any], kind: Type) -> str:
    if "value" in told:
        value = told["value"]
        ends = (value, value) if kind.kind in ("quantity", "date") else value
    else:
        ends = (told.get("at_least"), told.get("at_most"))
    return say_value(ends, kind)


def _say_line(threshold: int | str, kind: Type) -> str:
    """The line that was crossed; one that is no whole number of fen stands as an exact fraction."""
    if kind.kind == "date":
        return str(threshold)
    exact = Fraction(threshold)
    if exact.denominator == 1:
        return say_value((int(exact), int(exact)), kind)
    return f"{exact / money_scale(kind.unit)} {unit_word(kind.unit)}"


def _comparable(reason: Mapping[str, Any], kind: Type) -> bool:
    """Is the threshold of that kind? A date may have been compared as days, a yes as a count."""
    threshold = reason.get("threshold")
    is_date = isinstance(threshold, str) and "-" in threshold
    return threshold is not None and kind.kind == ("date" if is_date else "quantity")


def _sender(sender: str | None) -> str:
    return "" if sender is None else division_name(f"{sender}000000") if sender.isdecimal() else sender


def _source(reason: Mapping[str, Any]) -> str:
    if "sender" in reason:
        last = f"最近一期 {reason['batch']}" if reason["batch"] else "从未到过"
        return f"{'，'.join(filter(None, [str(reason['feed']), _sender(reason['sender'])]))}，{last}"
    if reason.get("absent"):
        return (
            f"{reason['batch'] or reason['feed']} 中没有此人" if reason.get("batch") else f"{reason['feed']} 从未到过"
        )
    if "line" not in reason:
        return "没有来件，只由申报得到" if "feed" not in reason else str(reason["feed"])
    dated = f"，{reason['date']}" if reason.get("date") else ""
    more = f"，共 {reason['lines']} 行" if reason.get("lines", 1) > 1 else ""
    return f"{reason['batch']} 第 {reason['line']} 行{dated}{more}"
