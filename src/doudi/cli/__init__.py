"""命令行：doudi 的每一个命令，和把各翼接起来的地方。

The `doudi` command. One small file per command, opened when that command is asked for; `edge` answers for every error,
`clock` is the only place that asks the time, `glue` turns landing's standing into the engine's inputs.
"""

from collections.abc import Callable, Iterator, Mapping, MutableMapping
from functools import partial
from importlib import import_module
from typing import Any

from typer import Typer
from typer.main import get_command

from doudi.cli.chinese import Command, Group
from doudi.cli.edge import Edge

__all__ = ["app"]

# name -> the function, and the examples that its --help shows
COMMANDS = {
    "demo": ("demo.demo", "doudi demo var/demo --persons 20000 --seed 1 --month 2026-03 --months 6"),
    "land": ("land.land", "doudi land var/demo", "doudi land 低保名册.xlsx --feed dibao_roll --month 2026-03 --json"),
    "rejects": ("rejects.rejects", "doudi rejects --feed dibao_roll", "doudi rejects --reveal --limit 0"),
    "coverage": (
        "coverage.coverage",
        "doudi coverage --at 2026-03-31",
        "doudi coverage --accept dibao_roll_2026-03_r1 --by 张敏",
    ),
    "monitor": (
        "monitor.monitor",
        "doudi monitor --at 2026-03-31",
        "doudi monitor --replay var/runs/2026-03-31/manifest.json",
    ),
    "alerts": (
        "alerts.alerts",
        "doudi alerts --level 红 --division 370502",
        "doudi alerts --format jsonl --status new",
    ),
    "explain": ("explain.explain", "doudi explain 3705020001", "doudi explain 0d87aae86ebc298c --run 2026-03-31"),
    "decide": ("decide.decide", "doudi decide 家庭.yaml", "doudi decide 家庭.yaml --json"),
}
ABOUT_THE_BOOK = {
    "check": ("policy.check", "doudi policy check", "doudi policy check policybook --json"),
    "show": (
        "policy.show",
        "doudi policy show 低保家庭年线 --at 2026-03-31 --county 370502",
        "doudi policy show",
    ),
    "book": ("policy.book", "doudi policy book 政策簿.html", "doudi policy book 政策簿.md --at 2026-03-31"),
}
ABOUT_THE_JOURNAL = {
    "verify": (
        "audit.verify",
        "doudi audit verify",
        "doudi audit verify --heads 异地保存的链头.jsonl --json",
    ),
}


class Later(MutableMapping[str, Any]):
    """Commands by name, each made when it is asked for: who decides one household does not wait for DuckDB and Polars."""

    def __init__(self, makers: dict[str, Callable[[], Any]]) -> None:
        self._makers = makers
        self._made: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 - Typer's own types are private
        if name not in self._made:
            self._made[name] = self._makers[name]()
        return self._made[name]

    def __setitem__(self, name: str, made: Any) -> None:  # noqa: ANN401 - as above
        self._makers[name] = lambda: made

    def __delitem__(self, name: str) -> None:
        del self._makers[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)


def _command(name: str, function: str, *examples: str) -> Any:  # noqa: ANN401 - Typer's own types are private
    module, run = function.split(".")
    alone = Typer(add_completion=False)
    epilog = "\n\n".join(f"示例：{example}" for example in examples)
    alone.command(name=name, cls=Command, epilog=epilog)(getattr(import_module(f"doudi.cli.{module}"), run))
    return get_command(alone)


def _makers(commands: Mapping[str, tuple[str, ...]]) -> dict[str, Callable[[], Any]]:
    return {name: partial(_command, name, *told) for name, told in commands.items()}


def _group(name: str, about: str, commands: Mapping[str, tuple[str, ...]]) -> Any:  # noqa: ANN401 - as above
    class About(Group):
        def __init__(self, *args: Any, **settings: Any) -> None:  # noqa: ANN401 - Typer's signature
            super().__init__(*args, **settings)
            self.commands = Later(_makers(commands))

    made = Typer(name=name, cls=About, help=about, no_args_is_help=True, callback=_nothing, add_completion=False)
    return get_command(made)


GROUPS = {
    "policy": partial(_group, "policy", "政策簿：检查、查词、印出。", ABOUT_THE_BOOK),
    "audit": partial(_group, "audit", "办公区的流水：验链。", ABOUT_THE_JOURNAL),
}


class Doudi(Edge):
    """doudi …"""

    def __init__(self, *args: Any, **settings: Any) -> None:  # noqa: ANN401 - Typer's signature
        super().__init__(*args, **settings)
        self.commands = Later(_makers(COMMANDS) | GROUPS)


def _nothing() -> None:
    """What Typer does before a command; it takes a program without commands of its own for a group only if it has one."""


app = Typer(
    name="doudi",
    help="兜底 Doudi：从部门文件到讲得清理由的救助预警。",
    cls=Doudi,
    callback=_nothing,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["--help", "-h"]},
)
