"""Every condition of every indicator is needed: take one away and a named case fails."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from doudi.policy.cases import check_case
from doudi.policy.expr import And, Node, Or
from doudi.policy.rule import Indicator
from policybook.shipped import shipped_book, shipped_cases

pytestmark = pytest.mark.slow

PARTS = ("when", "unless", "red_when")


@pytest.fixture(scope="module")
def book():
    return shipped_book()


@pytest.fixture(scope="module")
def cases(book):
    """Indicator's name -> the cases that say what it should do."""
    told = {item.name: [] for item in book.indicators}
    for case in shipped_cases():
        about = set(case.expected).union(*(said for said in case.expected.values() if isinstance(said, dict)))
        for name in about & set(told):
            told[name].append(case)
    return told


def with_one_less(node: Node) -> Iterator[Node]:
    """The rule again and again, each time without one operand of one `and` or `or`."""
    if isinstance(node, And | Or):
        for at, item in enumerate(node.items):
            rest = node.items[:at] + node.items[at + 1 :]
            yield rest[0] if len(rest) == 1 else replace(node, items=rest)
            for less in with_one_less(item):
                yield replace(node, items=(*node.items[:at], less, *node.items[at + 1 :]))


def mutants(item: Indicator) -> Iterator[tuple[str, Indicator]]:
    """The indicator with a condition, or a whole `unless` or `red_when`, taken away."""
    for part in PARTS:
        node = getattr(item, part)
        if node is not None:
            for number, less in enumerate(with_one_less(node), 1):
                yield f"{item.id} {part} {number}", replace(item, **{part: less})
            if part != "when":
                yield f"{item.id} without {part}", replace(item, **{part: None})


def notices(case, broken):
    """Does this case fail under the book with the broken indicator?"""
    indicators = tuple(broken if item.id == broken.id else item for item in case.view.book.indicators)
    return bool(check_case(replace(case, view=replace(case.view, book=replace(case.view.book, indicators=indicators)))))


def test_each_condition_is_needed_by_some_case(book, cases):
    about_people = [item for item in book.indicators if item.subject != "delivery"]
    lived = [
        name
        for item in about_people
        for name, broken in mutants(item)
        if not any(notices(case, broken) for case in cases[item.name])
    ]
    assert lived == []
