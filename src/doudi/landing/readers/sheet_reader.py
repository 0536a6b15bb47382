"""请另一个进程读工作簿：一次入库只请一个，它死了就换一个。

Asking the process that reads workbooks. Starting it costs more than reading a small workbook, so that one serves a whole
landing; a workbook that kills it is refused, and its successor reads the next.
"""

import contextlib
import json
import os
import subprocess
import sys
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from doudi.errors import Refusal
from doudi.landing.readers import sheet_process

__all__ = ["SheetReader"]


class SheetReader:
    """One reading process, begun when it is first needed and ended with this object. Questions come one at a time."""

    def __init__(self) -> None:
        self._waiting: _Process | None = None

    def heads(self, path: Path) -> Iterator[Any]:
        """The first rows of each sheet. Refuses what cannot be read."""
        return self._asked(path)

    def rows(self, path: Path, sheet: str) -> Iterator[list[list[str]]]:
        """All rows of a sheet, in lists of rows. Refuses what cannot be read to its end."""
        return self._asked(path, sheet)

    def _asked(self, path: Path, *sheet: str) -> Iterator[Any]:
        # It is asked again only when its answer was read to the end; else it is let go, and ends.
        process, self._waiting = self._waiting or _Process(), None
        answer: Any = None
        for answer in process.answers(str(path.absolute()), *sheet):
            if isinstance(answer, sheet_process.END):
                self._waiting = process
                break
            yield answer
        else:
            if process.answered and answer is None:
                yield from self._asked(path, *sheet)  # perhaps it died of what it had read before: a new one tells
                return
            raise _too_big(path) if process.ended() < 0 else _damaged(path)
        if answer == sheet_process.LOCKED:
            raise Refusal("landing.locked", f"{path.name} 有打开密码。请去掉密码后再报。")
        if answer == sheet_process.DAMAGED:
            raise _damaged(path)


class _Process:
    """A running `sheet_process`; `answered` counts the questions that it answered to the end."""

    def __init__(self) -> None:
        command = [sys.executable, "-I", sheet_process.__file__]
        pipe, nowhere = subprocess.PIPE, subprocess.DEVNULL
        self._popen = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=nowhere)  # noqa: S603  # our own program, and no shell
        self.answered = 0
        weakref.finalize(self, _end, self._popen)

    def answers(self, *question: str) -> Iterator[Any]:
        """The answers to a question and the word that ends them, which is absent when the process died."""
        asking, answering = self._popen.stdin, self._popen.stdout
        if asking is None or answering is None:
            return
        with contextlib.suppress(BrokenPipeError):  # already dead: it will not answer
            os.write(asking.fileno(), json.dumps(question).encode() + b"\n")
        for line in answering:
            if not line.endswith(b"\n"):
                return
            answer = json.loads(line)
            if isinstance(answer, sheet_process.END):
                self.answered += 1
            yield answer

    def ended(self) -> int:
        """What a process that no longer answers ended with: negative, the signal."""
        return self._popen.wait()


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.kill()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()
    process.wait()


def _too_big(path: Path) -> Refusal:
    return Refusal(
        "landing.too_big",
        f"{path.name} 解开后过大，或工作表里有很远的单元格（也可能已损坏）。"
        "请删去数据以外的空行空列，或分成几个文件（_part1、_part2），或改用 CSV。",
    )


def _damaged(path: Path) -> Refusal:
    return Refusal("landing.damaged", f"{path.name} 不是表格或已损坏，打不开。请用表格软件打开并另存一份后再报。")
