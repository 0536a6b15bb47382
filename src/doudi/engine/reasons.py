"""理由：每条预警凭哪些事实成立，事实来自哪个来源、哪一批、哪一行。

Every hit is evaluated once more by the Python reader, which says what was decisive; the lines behind that are looked
up. That the two readers agree is checked here for every alert: a difference is a Fault.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, cached_property, partial
from typing import Any, TypeAlias

from doudi.engine.evidence import Line, head_facts, silent_batch
from doudi.engine.inputs import Inputs
from doudi.engine.subjects import Subject
from doudi.errors import Fault
from doudi.policy.quantities import Value
from doudi.policy.rule import Book, Indicator
from doudi.policy.trace import Ground, decisive

__all__ = ["EXCLUSION", "Family", "Judged", "Reason", "Source", "agree", "family_of", "judge", "tell"]

Reason: TypeAlias = dict[str, Any]
EXCLUSION = "有排除性记录"
LEFT_OUT = ("exclusion_only", "authorised")


@dataclass(frozen=True, slots=True)
class Family:
    """What reasons need of a household once it is judged; far smaller than its facts, for there may be many.

    `relations`: 与户主关系 by label. `visible`: those whose records from exclusion_only feeds may be shown, because they
    are enrolled or the household signed a 核对授权书.
    """

    county: int
    head: str | None
    members: tuple[str, ...]
    relations: Mapping[str, Any]
    visible: frozenset[str]


def family_of(subject: Subject) -> Family:
    """The family of a judged subject."""
    evaluation = subject.evaluation
    enrolled = [evaluation.book.by_name[tier.enrolled] for tier in evaluation.book.tiers if tier.enrolled]
    authorised = evaluation.household.facts.get("means_check_consent") is True
    persons = evaluation.persons
    visible = {
        label
        for label, person in persons.items()
        if authorised or any(person.facts.get(fact) is True for fact in enrolled)
    }
    relations = {label: person.facts.get("relation_to_head") for label, person in persons.items()}
    return Family(subject.county, subject.head, subject.members, relations, frozenset(visible))


@dataclass(frozen=True, slots=True)
class Judged:
    """What the Python reader says of one subject and indicator: the verdict after `unless`, and what decided it."""

    verdict: bool | None
    grounds: tuple[Ground, ...]

    def asked(self, family: Family) -> Iterator[tuple[str, int]]:
        """The (fact, person_key) whose lines are wanted: of what is known, for nothing else is told."""
        for ground in self.grounds:
            if _is_known(ground.value):
                for label in _told_by(ground, family):
                    yield ground.fact, int(label)


def _told_by(ground: Ground, family: Family) -> Sequence[str]:
    """Whose lines tell the fact: the person's, or for a fact of the household its head's or every member's."""
    if ground.person:
        return (ground.person,)
    return (family.head,) if ground.fact in head_facts() and family.head else family.members


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
        raise Fault(
            "engine.readers_disagree",
            f"指标“{indicator.name}”对 {subject_ref}：SQL 说是，Python 说不是。",
            indicator=indicator.id,
            subject=subject_ref,
        )


@dataclass(frozen=True)
class Source:
    """Where reasons are told from: the book, the lake, the lines found, and refs by person_key."""

    book: Book
    inputs: Inputs
    lines: Mapping[tuple[str, int], Sequence[Line]]
    refs: Mapping[int, str]

    @cached_property
    def places(self) -> Mapping[str, int]:
        """Where each fact stands in the book: the order of reasons."""
        return {word: place for place, word in enumerate(self.book.facts)}

    @cached_property
    def silent(self) -> Callable[[str, int], str | None]:
        """The delivery of a feed that does not name somebody of a county: looked for once, and told of many."""
        return cache(partial(silent_batch, self.inputs))


def tell(judged: Judged, family: Family, source: Source) -> tuple[list[Reason], bool]:
    """The reasons of one alert, those traced to a line first, and whether some had to be hidden (有排除性记录).

    Records of `exclusion_only` and `authorised` feeds about people neither enrolled nor authorised are not shown.
    """
    shown: list[Reason] = []
    hidden = False
    for ground in judged.grounds:
        if not _is_known(ground.value):
            continue
        if _is_hidden(ground, family, source):
            hidden = True
            continue
        shown += _of_ground(ground, family, source)
    shown.sort(key=lambda reason: _rank(reason, source.places))
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


def _is_hidden(ground: Ground, family: Family, source: Source) -> bool:
    if not any(source.inputs[feed].use in LEFT_OUT for feed in source.book.facts[ground.fact].feeds):
        return False
    return not family.visible & set(_told_by(ground, family))


def _of_ground(ground: Ground, family: Family, source: Source) -> Iterator[Reason]:
    """One reason per line behind the fact; where no line names the person, the delivery that is silent about him."""
    base = _described(ground, source.book)
    found = False
    for label in _told_by(ground, family):
        for line in source.lines.get((ground.fact, int(label)), ()):
            found = True
            yield {**base, **_who(label, family, source), **line._asdict()}
    if found:
        return
    who = _who(ground.person, family, source) if ground.person else {}
    feeds = source.book.facts[ground.fact].feeds
    for feed in feeds:
        yield {**base, **who, "feed": feed, "batch": source.silent(feed, family.county), "absent": True}
    if not feeds:
        yield {**base, **who}


def _who(label: str, family: Family, source: Source) -> Reason:
    return {"person_ref": source.refs[int(label)], "relation": family.relations[label]}


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
