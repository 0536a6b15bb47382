"""理由：每条预警凭哪些事实成立，事实来自哪个来源、哪一批、哪一行。

Every hit is evaluated once more by the Python reader, which says what was decisive; the lines behind that are looked
up. That the two readers agree is checked here for every alert: a difference is a Fault.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeAlias

from doudi.engine.evidence import Line, head_facts, silent_batch
from doudi.engine.inputs import Inputs
from doudi.engine.subjects import Subject
from doudi.errors import Fault
from doudi.policy.quantities import Value
from doudi.policy.rule import Book, Indicator
from doudi.policy.trace import Ground, decisive

__all__ = ["EXCLUSION", "Judged", "Reason", "judge", "tell"]

Reason: TypeAlias = dict[str, Any]
EXCLUSION = "有排除性记录"
LEFT_OUT = ("exclusion_only", "authorised")


@dataclass(frozen=True)
class Judged:
    """What the Python reader says of one subject and indicator: the verdict after `unless`, and what decided it."""

    verdict: bool | None
    grounds: tuple[Ground, ...]

    def asked(self, subject: Subject) -> Iterator[tuple[str, int]]:
        """The (fact, person_key) whose lines are wanted; a fact of the household may rest on any member's line."""
        for ground in self.grounds:
            for label in _told_by(ground, subject):
                yield ground.fact, int(label)


def _told_by(ground: Ground, subject: Subject) -> Sequence[str]:
    """Whose lines tell the fact: the person's, or for a fact of the household its head's or every member's."""
    if ground.person:
        return (ground.person,)
    return (subject.head,) if ground.fact in head_facts() and subject.head else subject.members


def judge(subject: Subject, indicator: Indicator, person: str | None) -> Judged:
    """Evaluate an indicator for a subject; `person` is a label for indicators about persons."""
    evaluation = subject.evaluation
    when = evaluation.truth(indicator.when, person)
    if indicator.unless is not None and when is not False and evaluation.truth(indicator.unless, person) is True:
        return Judged(False, decisive(evaluation, indicator.unless, person))  # a verdict
    return Judged(when, decisive(evaluation, indicator.when, person))


def agree(judged: Judged, indicator: Indicator, subject_ref: str) -> None:
    """Both readers must say yes to what becomes an alert."""
    if judged.verdict is not True:
        raise Fault("engine.readers_disagree", f"指标“{indicator.name}”对 {subject_ref}：SQL 说是，Python 说不是。",
                    indicator=indicator.id, subject=subject_ref)


def tell(
    judged: Judged,
    subject: Subject,
    inputs: Inputs,
    lines: Mapping[tuple[str, int], Sequence[Line]],
    refs: Mapping[int, str],
) -> tuple[list[Reason], bool]:
    """The reasons of one alert, those traced to a line first, and whether some had to be hidden (有排除性记录).

    Records of `exclusion_only` and `authorised` feeds about people neither enrolled nor authorised are not shown.
    """
    shown: list[Reason] = []
    hidden = False
    for ground in judged.grounds:
        if not _is_known(ground.value):
            continue
        if _is_hidden(ground, subject, inputs):
            hidden = True
            continue
        shown += _of_ground(ground, subject, inputs, lines, refs)
    places = {word: place for place, word in enumerate(subject.evaluation.book.facts)}
    shown.sort(key=lambda reason: _rank(reason, places))
    if hidden:
        shown.append({"fact": EXCLUSION})
    return shown, hidden


def _rank(reason: Reason, places: Mapping[str, int]) -> tuple[Any, ...]:
    """Traced first, measured against a line first; then the book's order and the refs, never the keys' order."""
    traced = ("line" not in reason, "absent" not in reason, "threshold" not in reason)
    source = (str(reason.get("feed")), str(reason.get("batch")), reason.get("line", 0))
    return (*traced, places[reason["fact"]], reason.get("person_ref", ""), *source)


def _is_known(value: Value) -> bool:
    return value not in (None, (None, None), (0, None))


def _is_hidden(ground: Ground, subject: Subject, inputs: Inputs) -> bool:
    book = subject.evaluation.book
    feeds = book.facts[ground.fact].feeds
    if not any(inputs[feed].use in LEFT_OUT for feed in feeds):
        return False
    if subject.evaluation.household.facts.get("means_check_consent") is True:
        return False
    return not any(_is_enrolled(book, subject, label) for label in _told_by(ground, subject))


def _is_enrolled(book: Book, subject: Subject, label: str) -> bool:
    facts = subject.evaluation.persons[label].facts
    return any(tier.enrolled is not None and facts.get(book.by_name[tier.enrolled]) is True for tier in book.tiers)


def _of_ground(
    ground: Ground,
    subject: Subject,
    inputs: Inputs,
    lines: Mapping[tuple[str, int], Sequence[Line]],
    refs: Mapping[int, str],
) -> Iterator[Reason]:
    """One reason per line behind the fact; where no line names the person, the delivery that is silent about him."""
    book = subject.evaluation.book
    base = _described(ground, book)
    found = False
    for label in _told_by(ground, subject):
        for line in lines.get((ground.fact, int(label)), ()):
            found = True
            yield base | _who(label, subject, refs) | {
                "feed": line.feed, "batch": line.batch, "line": line.line, "date": line.date, "lines": line.lines}
    if found:
        return
    who = _who(ground.person, subject, refs) if ground.person else {}
    feeds = book.facts[ground.fact].feeds
    for feed in feeds:
        yield base | who | {"feed": feed, "batch": silent_batch(inputs, feed, subject.county), "absent": True}
    if not feeds:
        yield base | who


def _who(label: str, subject: Subject, refs: Mapping[int, str]) -> Reason:
    relation = subject.evaluation.persons[label].facts.get("relation_to_head")
    return {"person_ref": refs[int(label)], "relation": relation}


def _described(ground: Ground, book: Book) -> Reason:
    """The fact in words and numbers: value or bounds in the book's unit, and the line it was measured against."""
    word = book.words[ground.fact]
    told: Reason = {"fact": ground.fact, "name": word.name, **_value(ground.value)}
    if word.type.kind == "quantity":
        told["unit"] = _unit(word.type.unit)
    if isinstance(ground.threshold, tuple) and ground.threshold[0] is not None and ground.op:
        told["op"] = ground.op
        told["threshold"] = _exact(ground.threshold[0], ground.below)
    if ground.measured and ground.measured != ground.fact:
        told["measured"] = book.words[ground.measured].name
        told["measured_value"] = _value(ground.measured_value)
    return told


def _value(value: Value) -> Reason:
    if not isinstance(value, tuple):
        return {"value": value}
    lo, hi = value
    if lo is not None and lo == hi:
        return {"value": _plain(lo)}
    return ({"at_least": _plain(lo)} if lo is not None else {}) | ({"at_most": _plain(hi)} if hi is not None else {})


def _plain(number: object) -> object:
    return number if isinstance(number, int) else str(number)


def _exact(number: object, below: int) -> object:
    """A threshold as it stands in the law: cleared denominators are put back, exactly."""
    if not isinstance(number, int):
        return str(number)
    fraction = Fraction(number, below)
    return fraction.numerator if fraction.denominator == 1 else str(fraction)


def _unit(unit: Iterable[tuple[str, int]]) -> str:
    above = [name for name, power in unit if power > 0]
    below = [name for name, power in unit if power < 0]
    return "/".join(["*".join(above) or "1", *below])
