"""How figures, days and moments are written on a page."""

import ast
from datetime import UTC, date, datetime

import pytest

from architecture.source import dotted, modules, nodes
from doudi.office.common.actor import MACHINES
from doudi.office.ui.templatetags import office


@pytest.mark.parametrize(
    ("fen", "written"),
    [
        (0, "0.00"),
        (5, "0.05"),
        (123456, "1,234.56"),
        (-250, "-2.50"),
        (100_000_000_000, "1,000,000,000.00"),
        (None, "—"),
    ],
)
def test_fen_are_written_as_yuan(fen, written):
    assert office.yuan(fen) == written


@pytest.mark.parametrize(("number", "written"), [(0, "0"), (12345, "12,345"), (None, "—")])
def test_a_count_has_its_thousands_apart(number, written):
    assert office.count(number) == written


def test_a_moment_is_told_in_beijing():
    late = datetime(2026, 6, 30, 17, 5, tzinfo=UTC)
    assert office.moment(late) == "2026-07-01 01:05"
    assert office.day(late) == "2026-07-01"


def test_a_day_is_told_as_it_is():
    assert office.day(date(2026, 6, 30)) == "2026-06-30"


def test_what_is_not_known_is_a_dash():
    assert office.day(None) == office.moment(None) == "—"


def test_a_part_of_the_platform_is_called_by_its_word_and_a_person_is_not():
    assert office.machine("monitor") == "监测程序"
    assert office.machine("zhangmin") == ""


def test_every_part_of_the_platform_that_acts_by_itself_has_a_word():
    calls = [node for _, tree in modules("office") for node in nodes(tree) if isinstance(node, ast.Call)]
    named = [call.args[0] for call in calls if dotted(call.func) == "machine" and call.args]
    said = {node.value for name in named for node in ast.walk(name) if isinstance(node, ast.Constant)}
    assert said == set(MACHINES)
