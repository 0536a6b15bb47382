"""Is the specification whole? Computed from the book: a rule, a threshold or an input without its cases fails here."""

from dataclasses import replace

import pytest

from doudi.policy.cases import check_case
from doudi.policy.evaluate import Evaluation
from policybook import coverage_of_cases as cov
from policybook.shipped import shipped_book, shipped_cases

pytestmark = pytest.mark.slow

OTHERS = ("indicators", "programmes")  # their cases have a coverage test of their own


@pytest.fixture(scope="module")
def book():
    return shipped_book()


@pytest.fixture(scope="module")
def asked(book):
    """The cases about tiers, each with an evaluation that is kept."""
    cases = shipped_cases()
    return [(case, case.evaluation()) for case in cases if not case.place.startswith(OTHERS)]


@pytest.fixture(scope="module")
def reached(book):
    return cov.reach(book, [test.id for test in cov.tier_tests(book)])


def facts_that_may_be_missing(book, node):
    """What a rule rests on, without the facts that a register always answers."""
    return {name for name in book.rests_on(node) if name in book.facts and not book.facts[name].on_record}


def test_there_are_enough_cases_to_be_a_specification(asked):
    assert len(asked) >= 150


def test_every_test_of_a_tier_is_seen_saying_yes_no_and_unknown(book, asked):
    seen = {}
    for case, _ in asked:
        for word, _, wanted in cov.expectations(case):
            seen.setdefault(word.id, set()).add(str(wanted))
    wanted = {
        test.id: {"是", "否", "未知"} if facts_that_may_be_missing(book, test.node) else {"是", "否"}
        for test in cov.tier_tests(book)
    }
    assert {
        book.words[name].name: said - seen.get(name, set())
        for name, said in wanted.items()
        if said - seen.get(name, set())
    } == {}


def test_every_threshold_is_seen_below_above_unknown_and_exactly_on_the_line(book, asked, reached):
    """On the line counts only when a case fails as soon as the edge belongs to the other side (`<` read as `<=`)."""
    every = [(name, comparison) for name in sorted(reached) for comparison in cov.comparisons(book.words[name].node)]
    assert [
        f"{book.words[name].name}（{comparison.op}）没有：{'、'.join(lacking)}"
        for name, comparison in every
        if (lacking := _lacking(book, asked, name, comparison))
    ] == []


def _lacking(book, asked, name, comparison):
    lacking = {True: "是", False: "否", None: "未知", "edge": "恰好在线上"}
    other = cov.with_other_edge(book, name, comparison)
    for case, evaluation in asked:
        for label in cov.labels(case, book.words[name]):
            lacking.pop(evaluation.of(comparison, label), None)
            if "edge" in lacking and cov.on_the_edge(evaluation, comparison, label):
                changed = Evaluation(replace(case.view, book=other), case.household)
                if check_case(case, changed):
                    del lacking["edge"]
        if not lacking:
            break
    return list(lacking.values())


def test_every_input_is_seen_missing_and_decisive(book, asked, reached):
    """For each fact some case expects 未知, and would not if that fact were filled in."""
    facts = set().union(*(facts_that_may_be_missing(book, test.node) for test in cov.tier_tests(book)))
    assert [book.facts[fact].name for fact in sorted(facts) if not _seen_missing(book, asked, reached, fact)] == []


def _seen_missing(book, asked, reached, fact):
    for case, _ in asked:
        if not cov.lacks(case, fact):
            continue
        for word, label, wanted in cov.expectations(case):
            rests = word.id in reached and word.type.kind == "bool" and fact in book.rests_on(word.node)
            if wanted == "未知" and rests and any(e.value(word.id, label) is not None for e in cov.filled(case, fact)):
                return True
    return False


def test_a_rule_without_cases_would_be_noticed(book, asked):
    """The check itself is checked: a threshold moved to where no case stands has no case on its line."""
    name = book.by_name["收入低于低保标准"]
    (comparison,) = cov.comparisons(book.words[name].node)
    assert _lacking(book, [], name, comparison) == ["是", "否", "未知", "恰好在线上"]
    assert _lacking(book, asked, name, comparison) == []
