"""The interval table, row by row, on values small enough to check by eye."""

from datetime import date

import pytest

from doudi.policy import quantities as q
from doudi.policy.evaluate import Evaluation, Household, Person
from doudi.policy.verdict import compare, kleene_and, kleene_not, kleene_or, span
from policy.expressions import small_book, the_view, with_words


@pytest.mark.parametrize(
    ("a", "op", "b", "verdict"),
    [
        ((1, 2), "<", (3, 4), True), ((3, 4), "<", (1, 3), False), ((1, 3), "<", (3, 4), None), ((3, 3), "<", (3, 3), False),
        ((1, None), "<", (9, 9), None), ((9, None), "<", (9, 9), False), ((0, 5), "<", (6, None), True),
        ((3, 3), "<=", (3, 3), True), ((1, 4), "<=", (3, 3), None), ((4, None), "<=", (3, 3), False),
        ((3, 3), "==", (3, 3), True), ((1, 2), "==", (3, 3), False), ((1, 3), "==", (3, 3), None), ((3, None), "==", (2, 2), False),
        ((5, None), ">", (4, 4), True), ((0, 4), ">", (4, 4), False), ((4, 4), ">=", (4, 4), True), ((1, 2), "!=", (3, 4), True),
        ((None, 2), "<", (3, 3), True), ((None, None), "<", (3, 3), None),
    ],
)  # fmt: skip
def test_a_comparison_is_decided_only_by_bounds_that_do_not_cross(a, op, b, verdict):
    assert compare(op, a, b) is verdict


def test_kleene_logic():
    assert kleene_and([True, None]) is None
    assert kleene_and([False, None]) is False
    assert kleene_or([True, None]) is True
    assert kleene_or([False, None]) is None
    assert kleene_not(None) is None
    assert kleene_and([]) is True
    assert kleene_or([]) is False


def test_arithmetic_keeps_floors_and_loses_unknown_ceilings():
    assert q.add((1, 2), (3, None)) == (4, None)
    assert q.subtract((10, 20), (1, 5)) == (5, 19)
    assert q.subtract((10, None), (0, None)) == (None, None)
    assert q.multiply((0, 0), (3, None)) == (0, 0)
    assert q.multiply((2, None), (3, 4)) == (6, None)
    assert q.hull((1, 2), (5, None)) == (1, None)
    assert q.least((1, None), (2, 3)) == (1, 3)
    assert q.greatest((1, None), (2, 3)) == (2, None)
    assert q.at_least_zero((None, -5)) == (0, 0)


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        (date(2026, 1, 31), date(2026, 2, 28), 0), (date(2026, 1, 31), date(2026, 3, 31), 2), (date(2024, 2, 29), date(2025, 2, 28), 11),
        (date(2024, 2, 29), date(2025, 3, 1), 12), (date(2026, 3, 1), date(2026, 1, 1), 0), (date(2008, 6, 30), date(2026, 6, 30), 216),
    ],
)  # fmt: skip
def test_whole_months_need_their_day(start, end, months):
    assert q.months_between(start, end) == months


def test_a_span_between_unknown_dates_has_no_ceiling():
    day = date(2026, 1, 1)
    assert span(q.days_between, (None, None), (day, day)) == (0, None)
    assert span(q.days_between, (date(2025, 12, 30), date(2025, 12, 31)), (day, day)) == (1, 2)


@pytest.mark.parametrize(
    ("yuan", "half_up", "up", "cut"),
    [(161250, 1613, 1613, 1612), (120150, 1202, 1202, 1201), (46840, 468, 469, 468), (100, 1, 1, 1)],
)
def test_roundings_are_those_that_the_clauses_name(yuan, half_up, up, cut):
    assert (q.round_half_up(yuan, 100), q.round_up(yuan, 100), q.truncate(yuan, 100)) == (half_up, up, cut)


def household(*counted):
    people = [
        Person(f"人{n}", {"counted_member": c, "wage": (100 * (n + 1), 100 * (n + 1)), "ill": n == 0})
        for n, c in enumerate(counted)
    ]
    return Household(tuple(people))


@pytest.mark.parametrize(
    ("counted", "total", "count", "someone"),
    [
        ((True, True), (300, 300), (2, 2), True),
        ((True, None), (100, 300), (1, 2), True),
        ((None, True), (200, 300), (1, 2), None),
        ((False, True), (200, 200), (1, 1), False),
    ],
)
def test_a_possible_member_neither_proves_nor_excludes(counted, total, count, someone):
    words = [
        ("total", "household", "合计(工资)"),
        ("count", "household", "人数(患病 or not 患病)"),
        ("someone", "household", "有人(患病)"),
    ]
    book = with_words(small_book(), words)
    evaluation = Evaluation(the_view(book), household(*counted))
    assert [evaluation.value(w) for w in ("total", "count", "someone")] == [total, count, someone]


def test_a_sum_has_no_ceiling_when_one_part_has_none():
    book = with_words(small_book(), [("total", "household", "合计(工资 + 租金)")])
    assert Evaluation(the_view(book), household(True, True)).value("total") == (300, None)
