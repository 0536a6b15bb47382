"""The page that teaches how to describe a household: its examples run, and come out as the page says."""

import re

import pytest

from doudi import policybook_dir
from doudi.policy.book_yaml import parse_yaml
from doudi.policy.cases import KEYS, check_case, read_case
from policybook.shipped import shipped_book

PAGE = (policybook_dir().parent / "docs" / "decide" / "decide-file.md").read_text("utf-8")
BLOCKS = [parse_yaml(block) for block in re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)]
EXAMPLES = list(zip(BLOCKS[::2], BLOCKS[1::2], strict=True))


@pytest.fixture(scope="module")
def book():
    return shipped_book()


@pytest.mark.parametrize(("household", "outcome"), EXAMPLES, ids=[household["案例"] for household, _ in EXAMPLES])
def test_an_example_of_the_page_comes_out_as_the_page_says(book, household, outcome):
    assert outcome["应得"]
    assert check_case(read_case(book, household | outcome, "decide-file.md")) == []


def test_the_page_has_three_examples():
    assert len(EXAMPLES) == 3


def test_the_page_explains_every_key_that_a_household_may_have():
    explained = {"应得", "规则", *re.findall(r"`([^`\s]+)`", PAGE)}
    assert set(KEYS) - explained == set()
