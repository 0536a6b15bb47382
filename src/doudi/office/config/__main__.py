"""办公区的命令：`python -m doudi.office.config serve|provision|manage|demo|erase`。

The office's own command. `serve` opens it, `provision` readies an external server, `manage` runs a command of Django with
the database running, `demo` brings the demo city in, `erase` takes it away.
"""

import argparse
import os
import shutil
import signal
import sys
from pathlib import Path

from doudi.errors import Refusal
from doudi.office.config import postgres, processes
from doudi.office.config.places import places
from doudi.office.config.provision import provision
from doudi.office.config.secret import make_secret_key
from doudi.office.config.serving import alone, serve

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


def _demo(options: argparse.Namespace) -> None:
    """Beside the running office, whose worker does the work."""
    import django  # noqa: PLC0415 - as above

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "doudi.office.config.settings")
    django.setup()
    from doudi.office.common.clock import right_now  # noqa: PLC0415 - models are ready now
    from doudi.office.config.demo import prepare  # noqa: PLC0415 - likewise

    prepare(folder=options.folder, making=options.rest, accounts=options.accounts, clock=right_now, say=_say)


def _erase(_: argparse.Namespace) -> None:
    """Takes the demo city away with its database; nothing but a demo is ever erased."""
    if os.environ.get("DOUDI_DEMO") != "1" or postgres.external():
        raise Refusal("config.only_a_demo_is_erased", "只有用自带数据库的示范安装（DOUDI_DEMO=1）可以整个删去。")
    with alone(_home()):
        postgres.erase(places(_home()))
    shutil.rmtree(_home(), ignore_errors=True)


def _parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m doudi.office.config", description="开办公区，或备好它的数据库。")
    commands = parser.add_subparsers(required=True, metavar="命令")
    opening = commands.add_parser("serve", help="开办公区，直到 Ctrl-C")
    opening.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 8000), help="端口，默认 8000")
    opening.set_defaults(act=_serve)
    commands.add_parser("provision", help="在 PGHOST 指明的服务器上建角色和数据库").set_defaults(act=_provision)
    demo = commands.add_parser("demo", help="把示范城市放进开着的办公区；末尾是造部门文件的命令")
    demo.add_argument("folder", type=Path)
    demo.add_argument("--accounts", type=Path, required=True, help="账号写进哪个 CSV")
    demo.set_defaults(act=_demo)
    commands.add_parser("erase", help="整个删去示范安装").set_defaults(act=_erase)
    manage = commands.add_parser("manage", help="Django 的管理命令", add_help=False)
    manage.set_defaults(act=_manage)
    own, mark, others = sys.argv[1:], "--", []
    if mark in own:
        own, others = own[: own.index(mark)], own[own.index(mark) + 1 :]
    options, rest = parser.parse_known_args(own)
    if rest and options.act is not _manage:
        parser.error(f"不认识的参数：{' '.join(rest)}")
    options.rest = [*rest, *others]
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
