"""命令行：doudi 的每一个命令，和把各翼接起来的地方。

The `doudi` command. One small file per command; `edge` answers for every error, `clock` is the only place that asks the
time, `glue` turns landing's standing into the engine's inputs.
"""

from collections.abc import Callable
from typing import Any

from typer import Typer

from doudi.cli import alerts, coverage, decide, demo, explain, land, monitor, policy, rejects
from doudi.cli.chinese import Command, Group, speak_chinese
from doudi.cli.edge import Edge

__all__ = ["app"]

speak_chinese()
app = Typer(
    name="doudi",
    help="兜底 Doudi：从部门文件到讲得清理由的救助预警。",
    cls=Edge,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["--help", "-h"]},
)
policy_app = Typer(cls=Group, help="政策簿：检查、查词、印出。", no_args_is_help=True)
app.add_typer(policy_app, name="policy")


def _command(of: Typer, run: Callable[..., Any], *examples: str) -> None:
    """Adds a command with the examples that its --help shows."""
    of.command(cls=Command, epilog="\n\n".join(f"示例：{example}" for example in examples))(run)


_command(app, demo.demo, "doudi demo var/demo --persons 20000 --seed 1 --month 2026-03 --months 6")
_command(app, land.land, "doudi land var/demo", "doudi land 低保名册.xlsx --feed dibao_roll --month 2026-03 --json")
_command(app, rejects.rejects, "doudi rejects --feed dibao_roll", "doudi rejects --reveal --limit 0")
_command(
    app, coverage.coverage, "doudi coverage --at 2026-03-31", "doudi coverage --accept dibao_roll_2026-03_r1 --by 张敏"
)
_command(
    app, monitor.monitor, "doudi monitor --at 2026-03-31", "doudi monitor --replay var/runs/2026-03-31/manifest.json"
)
_command(app, alerts.alerts, "doudi alerts --level 红 --division 370502", "doudi alerts --format jsonl --status new")
_command(app, explain.explain, "doudi explain 3705020001", "doudi explain 0d87aae86ebc298c --run 2026-03-31")
_command(app, decide.decide, "doudi decide 家庭.yaml", "doudi decide 家庭.yaml --json")
_command(policy_app, policy.check, "doudi policy check", "doudi policy check policybook --json")
_command(policy_app, policy.show, "doudi policy show 低保家庭年线 --at 2026-03-31 --county 370502", "doudi policy show")
_command(policy_app, policy.book, "doudi policy book 政策簿.html", "doudi policy book 政策簿.md --at 2026-03-31")
