"""Writes docs/run/commands.md from the `doudi` command itself: what each --help says, and what each exit code means.

`python docs/command_pages.py` prints the page, `--write` replaces it; `dev docs` does the latter.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

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


def commands(group: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Every command with its full name, in the order of --help."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


def cell(text: str) -> str:
    """Text that stands in a table."""
    return text.replace("|", "\\|").replace("\n", " ")


def described(name: str, command: Any) -> str:
    """One command: what it does, its parameters, its examples."""
    rows = []
    for parameter in command.params:
        option = parameter.param_type_name == "option"
        shown = ", ".join(parameter.opts) if option else parameter.metavar
        value = "" if not option or parameter.is_flag else f" {parameter.metavar or ''}".rstrip()
        default = parameter.default
        tail = f"（默认 {default}）" if option and not parameter.is_flag and default not in (None, "") else ""
        rows.append(f"| `{cell(shown + value)}` | {cell(parameter.help or '')}{tail} |\n")
    table = "| | |\n|---|---|\n" + "".join(rows) if rows else ""
    examples = "\n".join(line.removeprefix("示例：") for line in (command.epilog or "").split("\n\n"))
    return f"\n## {name}\n\n{command.help}\n\n{table}\n```sh\n{examples}\n```\n"


def page() -> str:
    """The whole of docs/run/commands.md."""
    codes = "".join(f"| {code} | {meaning} |\n" for code, meaning in EXIT_CODES.items())
    return HEAD + codes + "".join(described(name, command) for name, command in commands(get_command(app), "doudi"))


if __name__ == "__main__":
    if "--write" in sys.argv[1:]:
        PAGE.write_text(page(), "utf-8")
    else:
        sys.stdout.write(page())
