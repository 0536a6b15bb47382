"""无法判断：各指标有多少对象说不出是或否，缺的是哪些来源、哪些事实。

Unknown opens no alert; it is counted per indicator. What is missing is read off a sample of the doubtful subjects,
evaluated by the Python reader: the facts that left the verdict open, and the feeds that could have told them.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from doudi.engine.alerts import City, Question, uncollected
from doudi.engine.subjects import Subject, facts_by_household, find_places, read_deliveries, read_households
from doudi.errors import Fault
from doudi.policy.evaluate import COUNTED, Evaluation
from doudi.policy.expr import Call, Node, walk, words_in
from doudi.policy.quantities import Value
from doudi.policy.rule import Book
from doudi.policy.trace import decisive

__all__ = ["cannot_tell"]


@uncollected()
def cannot_tell(city: City) -> dict[str, dict[str, Any]]:
    """Indicator -> {subjects, missing feeds, unknown facts}, the most frequent first.

    A doubtful subject whose verdict the Python reader knows is a Fault: the two readers differ.
    """
    feeds: dict[str, Counter[str]] = {}
    facts: dict[str, Counter[str]] = {}
    for subject, (kind, key, name) in _sampled(city):
        open_facts = _open_facts(city, subject, (kind, key, name))
        facts.setdefault(name, Counter()).update(open_facts)
        told = {feed for fact in open_facts for feed in city.book.facts[fact].feeds}
        unrelated = (
            {"kinship"} if not open_facts and _asks_parents(city.book, city.indicators[name].when) else set[str]()
        )
        feeds.setdefault(name, Counter()).update(told | unrelated)
    counted = city.backend.rows("SELECT indicator, subjects FROM cannot_tell ORDER BY indicator")
    return {
        name: {"subjects": subjects, "missing": _ranked(feeds[name]), "facts": _ranked(facts[name])[:5]}
        for name, subjects in counted
    }


def _sampled(city: City) -> Iterator[tuple[Subject, Question]]:
    asked = city.backend.rows("SELECT subject_kind, subject_key, indicator FROM doubtful")
    places = find_places(city.backend, city.inputs, {(kind, key) for kind, key, _ in asked})
    delivered = read_deliveries(city.backend, city.book, city.views)
    of_house: dict[int, list[Question]] = {}
    for kind, key, name in asked:
        if kind == "delivery":
            yield delivered[key], (kind, key, name)
        elif (house := places[kind, key].household_key) is not None:
            of_house.setdefault(house, []).append((kind, key, name))
    questions = {house: [city.indicators[name] for _, _, name in asked] for house, asked in of_house.items()}
    wanted = facts_by_household(city.book, questions)
    for chunk in read_households(city.backend, city.book, city.views, of_house, wanted):
        for household_key, subject in chunk.items():
            for question in of_house[household_key]:
                yield subject, question


def _open_facts(city: City, subject: Subject, question: Question) -> set[str]:
    """The facts that left this verdict open; where none did, those that leave open who belongs to the household."""
    kind, key, name = question
    indicator, person = city.indicators[name], str(key) if kind == "person" else None
    evaluation = subject.evaluation
    if evaluation.truth(indicator.when, person) is not None:
        raise Fault("engine.readers_disagree", f"指标“{indicator.name}”：SQL 说无法判断，Python 说能。", indicator=name)
    found = _open(evaluation, indicator.when, person)
    counted = city.book.words[COUNTED].node
    if not found and counted is not None:
        for label in subject.members:
            if evaluation.value(COUNTED, label) is None:
                found |= _open(evaluation, counted, label)
    return found


def _open(evaluation: Evaluation, node: Node, person: str | None) -> set[str]:
    return {ground.fact for ground in decisive(evaluation, node, person) if _is_open(ground.value)}


def _asks_parents(book: Book, node: Node) -> bool:
    """Does a rule ask about parents? When it is open and no fact is, the parents are not known."""
    below = [book.words[word].node for word in words_in(node)]
    return any(isinstance(part, Call) and part.function == "count_parents" for part in walk(node)) or any(
        _asks_parents(book, inner) for inner in below if inner is not None
    )


def _is_open(value: Value) -> bool:
    return value is None or (isinstance(value, tuple) and (value[0] is None or value[0] != value[1]))


def _ranked(counter: Counter[str]) -> list[str]:
    return sorted(counter, key=lambda name: (-counter[name], name))
