"""门口：无论里面出了什么事，打命令的人得到一句明白话和一个退出码。

The outermost edge. Every error ends here: a Refusal or a Gap as its sentence, anything else as our own error with a code
to report. Nothing below this file turns an error into text.
"""

import os
import sys
import traceback
from collections.abc import Sequence
from typing import Any

from typer import BadParameter, TyperException

from doudi.cli.chinese import Group
from doudi.cli.screen import complain
from doudi.errors import DoudiError, Fault

__all__ = ["EXIT_CODES", "FAULT", "INTERRUPTED", "REFUSED", "REFUSED_FILE", "USAGE", "Edge"]

REFUSED, REFUSED_FILE, USAGE, FAULT, INTERRUPTED = 1, 2, 64, 70, 130

# What docs/run/commands.md prints.
EXIT_CODES = {
    0: "做完了；入库时有退回的行也算做完，它们都在 doudi rejects 里",
    REFUSED: "不能做，原因是那一句话；改正后再来",
    REFUSED_FILE: "入库时有文件整个被拒收；其余的已经入库",
    USAGE: "命令写得不对",
    FAULT: "是我们程序的错，请把代码报给维护者",
    INTERRUPTED: "被中断（Ctrl+C）",
}


class Edge(Group):
    """The whole `doudi` command: runs what was asked and answers for every error."""

    def main(self, args: Sequence[str] | None = None, *_: Any, standalone_mode: bool = True, **extra: Any) -> Any:  # noqa: ANN401 - Typer's signature
        """Runs the command; exits with one of `EXIT_CODES`."""
        code = self._answered(args, extra)
        if standalone_mode:
            sys.exit(code)
        return code

    def _answered(self, args: Sequence[str] | None, extra: dict[str, Any]) -> int:
        try:
            return super().main(args, standalone_mode=False, **extra) or 0
        except TyperException as error:
            complain(usage_sentence(error))
            return USAGE
        except Fault as fault:
            return _our_error(fault, fault.sentence, fault.code)
        except DoudiError as error:
            complain(error.sentence)
            return REFUSED
        except OSError as error:
            where = f"“{_without_ids(str(error.filename))}”" if error.filename else "文件"
            complain(
                f"读写{where}没有成功（{error.strerror or type(error).__name__}）；请检查它是否可读写、磁盘是否还有空间。"
            )
            return REFUSED
        except KeyboardInterrupt:
            return INTERRUPTED
        except Exception as error:  # noqa: BLE001 - beyond this line stands a person, see tests/architecture
            return _our_error(error, "程序遇到了没有料到的情况。", f"cli.{type(error).__name__}")


def _without_ids(text: str) -> str:
    from doudi.landing.scrub import without_ids  # noqa: PLC0415  # landing is slow to open, and seldom needed here

    return without_ids(text)


def usage_sentence(error: TyperException) -> str:
    """What was wrong with the way a command was written, in Chinese; Typer speaks English."""
    asked = getattr(getattr(error, "ctx", None), "command_path", "doudi")
    hint = f"用法见 {asked} --help。"
    kind, said = type(error).__name__, error.format_message()
    if kind == "NoArgsIsHelpError":
        return said
    if kind == "NoSuchOption":
        near = getattr(error, "possibilities", None)
        also = f"是不是 {' 或 '.join(near)}？" if near else ""
        return f"没有 {getattr(error, 'option_name', '')} 这个选项。{also}{hint}"
    if kind == "MissingParameter":
        param = getattr(error, "param", None)
        return f"还缺 {param.get_error_hint() if param else '一个参数'}。{hint}"
    if isinstance(error, BadParameter):
        hinted = getattr(error, "param", None)
        return f"{hinted.get_error_hint() if hinted else '参数'} 写得不对：{error.message}。{hint}".replace(
            "。。", "。"
        )
    return f"命令写得不对（{said.rstrip('.')}）。{hint}"


def _our_error(error: BaseException, sentence: str, code: str) -> int:
    """Says that the fault is ours. The traceback may hold a person's data, so it is shown only to who asks for it."""
    complain(
        f"{sentence}这是我们程序的错，不是您的。请把代码 {code} 报给维护者；设 DOUDI_TRACEBACK=1 再做一次可看到出错的位置。"
    )
    if os.environ.get("DOUDI_TRACEBACK") == "1":
        traceback.print_exception(error, file=sys.stderr)
    return FAULT
