"""Every easily missed rule is guarded by a case that exists, or is said not to be formalised."""

import re
from pathlib import Path

from policybook.shipped import shipped_cases

PAGE = Path(__file__).resolve().parents[2] / "docs" / "decide" / "traps.md"


def lines():
    """(number, what guards it) of the page's table."""
    return re.findall(r"^\| (\d+) \| .*? \| (.*) \|$", PAGE.read_text("utf-8"), re.MULTILINE)


def test_each_of_the_eighteen_is_guarded_or_says_why_not():
    assert [int(number) for number, _ in lines()] == list(range(1, 19))
    assert [number for number, guard in lines() if "「" not in guard and "not formalised" not in guard] == []


def test_the_named_cases_exist():
    names = {case.name for case in shipped_cases()}
    named = re.findall(r"「(.*?)」", PAGE.read_text("utf-8").split("|---|", 1)[1])
    assert [name for name in named if name not in names] == []
