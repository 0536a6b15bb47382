"""The policy book as it ships, and its cases: read once for all tests, for reading them takes longer than asking them."""

from functools import cache

from doudi import policybook_dir
from doudi.policy.cases import load_cases
from doudi.policy.load import load_book


@cache
def shipped_book():
    return load_book(policybook_dir())


@cache
def shipped_cases():
    return tuple(load_cases(shipped_book(), policybook_dir() / "cases"))
