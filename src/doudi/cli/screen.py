"""屏幕：表格、句子、进度条和 JSON，怎样写给人或写给程序。

What is written where: answers on standard output, sentences about errors and progress on standard error.
"""

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

__all__ = ["Watch", "complain", "say", "show_json", "show_table", "title", "watched"]

_LOG_WIDTH = 200  # columns where nobody sits at a terminal: nothing is cut off in a log

# done, of how many (null = not known), what is being worked on
Watch = Callable[[int, int | None, str], None]


def say(sentence: str = "") -> None:
    """A plain line of the answer."""
    _console().print(sentence, markup=False, highlight=False, soft_wrap=True)


def title(sentence: str) -> None:
    """A heading of the answer."""
    _console().print(f"[bold]{escape(sentence)}[/bold]", highlight=False, soft_wrap=True)


def complain(sentence: str) -> None:
    """One sentence to the person who typed the command."""
    Console(stderr=True, soft_wrap=True).print(sentence, markup=False, highlight=False)


def show_json(answer: Any) -> None:  # noqa: ANN401 - any JSON
    """The answer for a program: alone on standard output."""
    sys.stdout.write(json.dumps(answer, ensure_ascii=False, indent=1) + "\n")


def show_table(columns: Sequence[str], rows: Iterable[Sequence[object]], *, heading: str = "") -> None:
    """A table; numbers stand at the right."""
    kept = [list(row) for row in rows]
    table = Table(title=heading or None, title_justify="left", title_style="bold", header_style="bold")
    for place, column in enumerate(columns):
        numeric = all(isinstance(row[place], int) for row in kept) and bool(kept)
        table.add_column(column, justify="right" if numeric else "left", overflow="fold")
    for row in kept:
        table.add_row(*(_cell(cell) for cell in row))
    _console().print(table)


@contextmanager
def watched(what: str, *, quiet: bool = False) -> Iterator[Watch]:
    """A progress bar on standard error while somebody watches; none in a pipe, a log or with --json."""
    console = Console(stderr=True)
    if quiet or not console.is_terminal:
        yield lambda _done, _of, _name: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(escape(what), total=None)
        yield lambda done, of, name: bar.update(task, completed=done, total=of, description=escape(f"{what} {name}"))


def _cell(cell: object) -> str:
    if cell is None:
        return ""
    return f"{cell:,}" if isinstance(cell, int) and not isinstance(cell, bool) else escape(str(cell))


def _console() -> Console:
    console = Console()
    return console if console.is_terminal else Console(width=_LOG_WIDTH)
