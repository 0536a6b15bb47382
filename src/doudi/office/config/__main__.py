"""办公区的命令：`python -m doudi.office.config serve|provision|manage`。

The office's own command. `serve` opens it, `provision` readies an external server, `manage` runs a command of Django with
the database running.
"""

import argparse
import os
import signal
import sys
from pathlib import Path

from doudi.errors import Refusal
from doudi.office.config import postgres, processes
from doudi.office.config.provision import provision
from doudi.office.config.secret import make_secret_key
from doudi.office.config.serving import serve

__all__: list[str] = []


def _say(sentence: str) -> None:
    print(f"▸ {sentence}", file=sys.stderr, flush=True)  # noqa: T201 - a command talks to a person


def _home() -> Path:
    return Path(os.environ.get("DOUDI_HOME") or "var").absolute()


def _serve(options: argparse.Namespace) -> None:
    serve(_home(), options.port, _say)


def _provision(_: argparse.Namespace) -> None:
    """Libpq's own variables name the server and its administrator."""
    if not postgres.external():
        raise Refusal(
            "config.nothing_to_provision", "没有用 PGHOST 指明服务器；自带数据库在启动时自己备好，不用这一步。"
        )
    provision("", os.environ.get("PGDATABASE") or processes.DATABASE)
    _say("两个角色和数据库都已备好")


def _manage(options: argparse.Namespace) -> None:
    """Against the running office's database, or one that runs as long as the command."""
    from django.core.management import execute_from_command_line  # noqa: PLC0415 - settings are read when it is run

    make_secret_key(_home())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "doudi.office.config.settings")
    with processes.database_for_a_command(_home()):
        execute_from_command_line(["manage", *options.rest])


def _parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m doudi.office.config", description="开办公区，或备好它的数据库。")
    commands = parser.add_subparsers(required=True, metavar="命令")
    opening = commands.add_parser("serve", help="开办公区，直到 Ctrl-C")
    opening.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 8000), help="端口，默认 8000")
    opening.set_defaults(act=_serve)
    commands.add_parser("provision", help="在 PGHOST 指明的服务器上建角色和数据库").set_defaults(act=_provision)
    manage = commands.add_parser("manage", help="Django 的管理命令", add_help=False)
    manage.set_defaults(act=_manage)
    options, rest = parser.parse_known_args()
    options.rest = rest
    return options


def _main() -> int:
    signal.signal(signal.SIGTERM, lambda received, _: sys.exit(128 + received))
    options = _parsed()
    try:
        options.act(options)
    except Refusal as refused:
        _say(refused.sentence)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(_main())
