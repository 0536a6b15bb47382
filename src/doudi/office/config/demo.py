"""示范城市进办公区：区划、账号、来件、入库、监测，走的都是办公区自己的门。

The demo city enters the office by the office's own doors: divisions, accounts, department files received, landed by the
worker, monitored by the worker. Each step may be done twice: what is there already stays.
"""

import csv
import io
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import connection, transaction

from doudi.errors import Refusal
from doudi.office.accounts.services import DemoAccount, make_demo_accounts
from doudi.office.common.actor import machine
from doudi.office.config.inheritance import leave_with_parent
from doudi.office.config.preparing import Progress, preparing
from doudi.office.divisions import services as divisions
from doudi.office.exchange import services as exchange
from doudi.office.exchange.models import Upload
from doudi.office.monitoring import services as monitoring
from doudi.office.monitoring.models import Run

__all__ = ["prepare"]

Clock = Callable[[], datetime]
ACTOR: Final = machine("demo")
COLUMNS: Final = ("login", "password", "role", "division")
_LOOK_EVERY: Final = 0.5
_LONGEST: Final = 1800
_BESIDE: Final = ("readme", "truth.json")
_PIECE: Final = 1 << 20


def prepare(*, folder: Path, making: Sequence[str], accounts: Path, clock: Clock, say: Callable[[str], None]) -> None:
    """Makes the demo city ready, its site saying meanwhile how far it is.

    `making` is the command that writes the department files into `folder`; `accounts` is the list of logins to write.
    Refused: not a demo, the files are not made, a file is not landed, the run fails.
    """
    if not settings.DEMO:
        raise Refusal("config.not_a_demo", "这里不是示范安装（没有设 DOUDI_DEMO=1），不能放进虚构的人。")
    with preparing(settings.HOME, say) as progress:
        divisions.take_over(path=divisions.SHIPPED, actor=ACTOR, at=clock())
        _accounts(accounts, clock())
        if making:
            progress.step("部门文件", "虚构一座城市和它半年的部门文件")
            _make(making)
        _land(folder, clock, progress)
        _monitor(clock, progress)


def _accounts(path: Path, at: datetime) -> None:
    """Passwords are known once only: the list is on the disk before the accounts are committed."""
    with transaction.atomic():
        made = make_demo_accounts(at=at)
        if any(account.password for account in made) or not path.exists():
            _write(path, made)


def _write(path: Path, made: Sequence[DemoAccount]) -> None:
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(COLUMNS)
    rows.writerows((each.login, each.password or "", each.role, each.division) for each in made)
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(text.getvalue().encode("utf-8-sig"))  # spreadsheets take the mark for the encoding
        file.flush()
        os.fsync(file.fileno())


def _make(making: Sequence[str]) -> None:
    child = subprocess.Popen(  # noqa: S603  # the launcher's own command, and no shell
        making,
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr,
        preexec_fn=leave_with_parent(),  # noqa: PLW1509  # one system call
    )
    if child.wait():
        raise Refusal("config.city_not_made", "示范城市的部门文件没有造成，原因见上。")


def _land(folder: Path, clock: Clock, progress: Progress) -> None:
    """All files are received in one act, and the worker lands them; those of an earlier, broken off start stay."""
    progress.step("落地", "收下部门文件")
    if not Upload.objects.exists():
        with transaction.atomic():
            for file in sorted(folder.rglob("*")):
                if file.is_file() and not file.name.lower().startswith(_BESIDE):
                    exchange.receive(actor=ACTOR, at=clock(), name=file.name, chunks=_pieces(file))
    whole = Upload.objects.count()

    def landed() -> bool:
        waiting = Upload.objects.filter(state__in=("received", "landing")).count()
        progress.step("落地", f"{whole - waiting} / {whole} 个文件")
        return not waiting

    _until(landed)
    if refused := Upload.objects.filter(state="refused").first():
        raise Refusal("config.file_not_landed", f"示范城市的一个文件没有落地：{refused.sentence}")


def _monitor(clock: Clock, progress: Progress) -> None:
    day = date.fromisoformat(settings.DOUDI_MONITOR_DAY)
    run = Run.objects.filter(day=day, state="finished").first()
    pk = run.pk if run else monitoring.request_run(actor=ACTOR, at=clock(), day=day, kind="manual")

    def finished() -> bool:
        run = Run.objects.get(pk=pk)
        if run.state == "failed":
            raise Refusal("config.run_failed", f"示范城市的监测没有成功：{run.error}")
        progress.step("监测", f"{run.step}（第 {run.steps_done} 步）" if run.step else "等待后台")
        return run.state == "finished"

    _until(finished)


def _until(true: Callable[[], bool]) -> None:
    until = time.monotonic() + _LONGEST
    while not true():
        if time.monotonic() > until:
            raise Refusal("config.worker_idle", "等了半小时，后台仍没有做完；请看上面网站和后台的日志。")
        connection.close_if_unusable_or_obsolete()
        time.sleep(_LOOK_EVERY)


def _pieces(file: Path) -> Iterator[bytes]:
    with file.open("rb") as source:
        while piece := source.read(_PIECE):
            yield piece
