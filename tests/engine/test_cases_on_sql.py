"""Every case of the policy book once more, on the SQL reader: the two readers answer every word of every case alike."""

import pytest

from doudi.policy.cases import check_case
from engine.two_readers import answers
from policybook.shipped import shipped_book, shipped_cases


@pytest.fixture(scope="module")
def book():
    return shipped_book()


@pytest.fixture(scope="module")
def cases(book):
    return list(shipped_cases())


def test_all_cases_hold_on_the_python_reader(cases):
    assert cases
    assert [sentence for case in cases for sentence in check_case(case)] == []


@pytest.mark.slow
def test_all_cases_answer_alike_on_the_sql_reader(book, cases):
    evaluations = [case.evaluation() for case in cases]
    found = answers(book, [(case.view, case.household) for case in cases], list(book.order))
    assert len(found) > len(cases) * 100
    differing = []
    for (number, word, label), value in found.items():
        evaluation = evaluations[number]
        if label is not None and evaluation.persons[label].outside:
            continue  # a parent of another household has answers there, not here
        if evaluation.value(word, label) != value:
            differing.append(
                f"{cases[number].name}：{word}（{label}）SQL {value}，Python {evaluation.value(word, label)}"
            )
    assert differing[:5] == []
