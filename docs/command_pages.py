"""Writes docs/run/commands.md from the `doudi` command itself: what each --help says, and what each exit code means.

`python docs/command_pages.py` prints the page, `--write` replaces it; `dev docs` does the latter.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from typer.core import TyperCommand, TyperGroup, TyperOption
from typer.main import get_command

from doudi.cli import app
from doudi.cli.edge import EXIT_CODES

PAGE = Path(__file__).resolve().parent / "run" / "commands.md"

HEAD = """# Commands

Generated from `--help` by `python3 dev docs`; a test holds it equal to the source. All commands work in the home that
`DOUDI_HOME` names (default `./var`), see [home.md](home.md).

| exit code | meaning |
|---|---|
"""


def commands(group: TyperGroup, path: str) -> Iterator[tuple[str, TyperCommand]]:
    """Every command with its full name, in the order of --help."""
    for name, command in group.commands.items():
        if isinstance(command, TyperGroup):
            yield from commands(command, f"{path} {name}")
        elif isinstance(command, TyperCommand):
            yield f"{path} {name}", command


def cell(text: str) -> str:
    """Text that stands in a table."""
    return text.replace("|", "\\|").replace("\n", " ")


def described(name: str, command: TyperCommand) -> str:
    """One command: what it does, its parameters, its examples."""
    rows = []
    for parameter in command.params:
        shown, default = str(parameter.metavar), ""
        if isinstance(parameter, TyperOption):
            shown = ", ".join(parameter.opts) + ("" if parameter.is_flag else f" {parameter.metavar or ''}".rstrip())
            default = "" if parameter.is_flag or not parameter.default else f"（默认 {parameter.default}）"
        rows.append(f"| `{cell(shown)}` | {cell(parameter.help or '')}{default} |\n")
    table = "| | |\n|---|---|\n" + "".join(rows) if rows else ""
    examples = "\n".join(line.removeprefix("示例：") for line in (command.epilog or "").split("\n\n"))
    return f"\n## {name}\n\n{command.help}\n\n{table}\n```sh\n{examples}\n```\n"


def page() -> str:
    """The whole of docs/run/commands.md."""
    doudi = get_command(app)
    assert isinstance(doudi, TyperGroup)  # noqa: S101 - `app` is made of commands, as the type checker cannot know
    codes = "".join(f"| {code} | {meaning} |\n" for code, meaning in EXIT_CODES.items())
    return HEAD + codes + "".join(described(name, command) for name, command in commands(doudi, "doudi"))


if __name__ == "__main__":
    if "--write" in sys.argv[1:]:
        PAGE.write_text(page(), "utf-8")
    else:
        sys.stdout.write(page())
