"""Every command explains itself, with an example that can be typed."""

import importlib.util
import shlex

import pytest
from typer.main import get_command

from architecture.source import ROOT
from cli.door import doudi
from doudi.cli import app

specification = importlib.util.spec_from_file_location("command_pages", ROOT / "docs" / "command_pages.py")
pages = importlib.util.module_from_spec(specification)
specification.loader.exec_module(pages)
COMMANDS = dict(pages.commands(get_command(app), "doudi"))
PROMISED = ("demo", "land", "rejects", "coverage", "monitor", "alerts", "explain", "decide")


def examples(command):
    return [line.removeprefix("示例：") for line in command.epilog.split("\n\n")]


def test_the_promised_commands_exist():
    assert set(COMMANDS) == {f"doudi {name}" for name in PROMISED} | {
        f"doudi policy {n}" for n in ("check", "show", "book")
    } | {"doudi audit verify"}


@pytest.mark.parametrize("name", COMMANDS)
def test_help_has_a_sentence_and_an_example_of_this_very_command(name):
    shown = doudi(*name.split()[1:], "--help").out
    assert "示例" in shown
    assert COMMANDS[name].help
    assert all(example.startswith(name) for example in examples(COMMANDS[name]))


@pytest.mark.parametrize("name", COMMANDS)
def test_every_example_can_be_typed(name):
    for example in examples(COMMANDS[name]):
        words = shlex.split(example)[len(name.split()) :]
        context = COMMANDS[name].make_context(name, words)  # refuses unknown options and missing arguments
        assert context.params


@pytest.mark.parametrize("name", COMMANDS)
def test_every_parameter_says_what_it_is(name):
    assert [p.name for p in COMMANDS[name].params if not p.help and p.name != "help"] == []


def test_the_page_of_commands_equals_the_source():
    assert pages.PAGE.read_text("utf-8") == pages.page(), "run `python3 dev docs` and commit docs/run/commands.md"
