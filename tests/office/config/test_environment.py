"""Only config reads the environment; what stands there is a setting, and every setting is in the table of install.md."""

import ast
import re

import pytest

from architecture.source import ROOT, dotted, found, modules
from doudi.errors import Refusal
from doudi.office.config.environment import given, number, said

ASKING = ("os.environ", "os.environb", "os.getenv", "environ", "getenv")


def asked(tree):
    """The lines on which a module asks the environment."""
    return [node.lineno for node in ast.walk(tree) if isinstance(node, ast.expr) and dotted(node) in ASKING]


def test_no_office_but_config_reads_the_environment():
    rows = [
        f"{name}:{line} reads the environment; make it a setting in config/settings.py"
        for name, tree in modules("office")
        if not name.startswith("office/config/")
        for line in asked(tree)
    ]
    assert not rows, found(rows)


@pytest.mark.parametrize("line", ["import os\nos.environ['X']", "from os import getenv\ngetenv('X')"])
def test_a_planted_reading_is_seen(line):
    assert asked(ast.parse(line))


VARIABLE = re.compile(r"(?:DOUDI|PG)[A-Z_]+|PORT")
MADE_BY_US = {"PGOPTIONS"}  # what we tell our own children


def test_every_variable_that_config_reads_is_in_the_table():
    table = (ROOT / "docs" / "run" / "install.md").read_text("utf-8")
    read = {
        node.value
        for name, tree in modules("office")
        if name.startswith("office/config/")
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and VARIABLE.fullmatch(node.value)
    }
    rows = sorted(name for name in read - MADE_BY_US if f"`{name}`" not in table)
    assert not rows, found(rows)


def test_what_is_unset_or_empty_is_what_holds_otherwise(monkeypatch):
    monkeypatch.setenv("DOUDI_PLANTED", "")
    assert (given("DOUDI_PLANTED", "x"), number("DOUDI_PLANTED", 7), said("DOUDI_PLANTED")) == ("x", 7, False)
    monkeypatch.setenv("DOUDI_PLANTED", "1")
    assert (given("DOUDI_PLANTED", "x"), number("DOUDI_PLANTED", 7), said("DOUDI_PLANTED")) == ("1", 1, True)


@pytest.mark.parametrize("text", ["many", "-1", "1.5", "1e3", "４"])
def test_a_number_that_is_none_is_refused_with_its_name(monkeypatch, text):
    monkeypatch.setenv("DOUDI_PLANTED", text)
    with pytest.raises(Refusal, match="DOUDI_PLANTED") as told:
        number("DOUDI_PLANTED", 7)
    assert told.value.code == "config.bad_setting"


def test_a_number_below_the_least_is_refused(monkeypatch):
    monkeypatch.setenv("DOUDI_PLANTED", "0")
    assert number("DOUDI_PLANTED", 7) == 0
    with pytest.raises(Refusal, match="不小于 1"):
        number("DOUDI_PLANTED", 7, least=1)
