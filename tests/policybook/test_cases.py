"""The cases are the specification: every one of them holds on the Python reader, cites a clause, and is named once."""

from collections import Counter

import pytest

from doudi import policybook_dir
from doudi.policy.cases import check_case, read_case
from policybook.shipped import shipped_book, shipped_cases

FILES = sorted(path.name for path in (policybook_dir() / "cases").glob("*.yaml"))
# Published examples that are about tiers, members, income, property, 低保 amounts and 特困; the rest is accounted for in
# docs/decide/worked-examples.md.
WORKED = {
    "WE01",
    "WE05",
    "WE09",
    "WE10",
    "WE11",
    "WE15",
    "WE17",
    "WE20",
    "WE21",
    "WE23",
    "WE45",
    "WE47",
    "WE51",
    "WE52",
}


@pytest.fixture(scope="module")
def book():
    return shipped_book()


@pytest.fixture(scope="module")
def cases(book):
    return list(shipped_cases())


@pytest.mark.parametrize("file", FILES)
def test_every_case_of_a_file_holds(cases, file):
    told = [case for case in cases if case.place == file]
    assert told != []
    assert [sentence for case in told for sentence in check_case(case)] == []


def test_a_case_that_expects_something_else_is_told_so(book):
    raw = {
        "案例": "反面",
        "监测日": "2024-06-30",
        "成员": [{"称呼": "甲", "与户主关系": "户主"}],
        "应得": {"共同生活人口": 2},
    }
    assert check_case(read_case(book, raw, "反面")) == ["案例“反面”：“共同生活人口”应为 2 人，得到 1 人。"]


def test_every_case_expects_something_and_cites_a_clause_of_the_book(book, cases):
    clauses = book.clauses()
    assert [case.name for case in cases if not case.expected] == []
    assert [case.name for case in cases if not case.basis or not set(case.basis) <= clauses.keys()] == []


def test_no_two_cases_of_a_file_have_the_same_name(cases):
    assert [name for name, times in Counter((case.place, case.name) for case in cases).items() if times > 1] == []


def test_every_worked_example_about_tiers_and_amounts_is_a_case_and_the_rest_is_accounted_for():
    text = (policybook_dir() / "cases" / "worked_examples.yaml").read_text("utf-8")
    told = {line.split(":")[1].strip() for line in text.splitlines() if line.strip().startswith("例号")}
    assert told == WORKED
    page = (policybook_dir().parent / "docs" / "decide" / "worked-examples.md").read_text("utf-8")
    assert [number for number in sorted(WORKED) if f"| {number} |" not in page] == []
    assert page.count("| WE") == 31
