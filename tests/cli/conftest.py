"""The commands of this folder run in one process: the shipped book, which nothing can change, is read once for all of them."""

from functools import cache

import pytest

from doudi import policybook_dir
from doudi.cli import book_check
from doudi.policy.load import load_book
from doudi.readout import home

read_once = cache(load_book)


def book_of(folder):
    """A book of a test's own is read whenever it is asked for: the test may be breaking it."""
    return read_once(folder) if folder == policybook_dir() else load_book(folder)


@pytest.fixture(autouse=True)
def shipped_book_read_once(monkeypatch):
    for room in (home, book_check):
        monkeypatch.setattr(room, "load_book", book_of)
