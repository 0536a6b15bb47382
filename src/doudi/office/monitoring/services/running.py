"""The worker's part: a run is made, and what it says becomes rows in one transaction."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any, Final

import polars as pl
from django.conf import settings
from django.db import IntegrityError, transaction
from procrastinate.contrib.django import app

from doudi.engine.manifest import Manifest
from doudi.engine.previous import find_previous
from doudi.engine.run import Settings
from doudi.engine.run import run as monitor_city
from doudi.errors import Refusal
from doudi.office.accounts.scope import Viewer
from doudi.office.audit.services import make_move, record
from doudi.office.common.actor import Actor, machine
from doudi.office.common.events import Event, tell
from doudi.office.common.roles import Role
from doudi.office.common.scope import whole_city
from doudi.office.exchange import selectors as exchange
from doudi.office.monitoring.models import Run
from doudi.office.monitoring.options import memory
from doudi.office.monitoring.pulse import Pulse, beating
from doudi.office.monitoring.services.asking import send_on
from doudi.office.monitoring.services.taking import Placing, take_alerts
from doudi.office.monitoring.states import ASKED, RUN
from doudi.office.registry import selectors as registry
from doudi.office.registry.services import take_over
from doudi.readout.home import book, production
from doudi.readout.inputs import read_inputs
from doudi.readout.places import place
from doudi.readout.population import population_of
from doudi.readout.runs import FinishedRun, alerted, find_run

__all__ = ["Clock", "import_finished", "run_now"]

Clock = Callable[[], datetime]

# Of a manifest, what pages show; the whole of it lies beside the run.
_SHOWN: Final = (
    "at", "version", "book", "production", "previous", "people", "households", "alerts", "alerts_per_1000_households",
    "counts", "cannot_tell", "demo_parameters", "inputs",
)  # fmt: skip
_AT_A_TIME: Final = 2000


def run_now(run_id: int, *, clock: Clock) -> bool:
    """Makes the run that was asked for, in the worker; false: it does not wait any more, or another is being made.

    1. It is `running`, and holds its lock. 2. The engine monitors the city after the inputs that have landed. 3. In one
    transaction: population, alerts, what changed, `finished`, the journal's row, `monitoring.finished`. A worker that is
    killed leaves the former state; `tend` puts the run back, and what is made again is the same.
    """
    run = Run.objects.filter(pk=run_id, state=ASKED).first()
    if run is None:
        return False
    with beating(run_id) as pulse:
        if pulse is None or not _begun(run, clock()):
            return False
        try:
            finished = _made(run, pulse)
            with pulse.step("写入数据库"), whole_city():
                _take(run, finished, at=clock())
        except Refusal as refusal:
            _failed(run, clock(), refusal.code, refusal.sentence)
        except BaseException as error:
            _failed(
                run,
                clock(),
                type(error).__name__,
                "监测中途出错，没有写入任何结果；请把时间告诉系统管理员，查看工作进程的日志。",
            )
            raise
    send_on()
    return True


def import_finished(*, actor: Actor, at: datetime, folder: str) -> int:
    """Takes over a run that the command line made in this home, as if it had been asked for here; returns the run's id.

    For machines: the demonstration city, and a move from the command line to the office.
    """
    finished = find_run(Path(settings.HOME), folder)
    with whole_city():
        day = date.fromisoformat(finished.manifest.at)
        run = Run.objects.create(day=day, kind="manual", asked_by=actor.name, asked_at=at)
        make_move(workflow=RUN, row=run, move="开始", actor=actor, at=at, started_at=at, attempts=1)
        _take(run, finished, at=at)
    return run.pk


def _begun(run: Run, at: datetime) -> bool:
    try:
        with transaction.atomic():
            make_move(
                workflow=RUN, row=run, move="开始", actor=machine("monitor"), at=at, started_at=at,
                attempts=run.attempts + 1, step="看有哪些来件", steps_done=0, error="", error_code="",
            )  # fmt: skip
    except IntegrityError:  # the constraint `one_run_at_a_time`: the one that runs hands this one on when it is done
        return False
    return True


def _made(run: Run, pulse: Pulse) -> FinishedRun:
    """The engine's run, written below the home."""
    home = Path(settings.HOME)
    inputs = read_inputs(home, run.day)
    if not inputs.batches:
        raise Refusal("monitoring.nothing_landed", "还没有任何来件入库，无从监测；请先到“数据交换”上传部门文件。")
    asked = Settings(memory=memory(), production=production(), progress=pulse.step)
    with exchange.open_vault() as vault:
        done = monitor_city(inputs, book(), vault.refs, previous=find_previous(home, run.day), settings=asked)
    return FinishedRun(done.folder, done.manifest)


def _take(run: Run, finished: FinishedRun, *, at: datetime) -> None:
    """The run's outcome as rows, inside the caller's transaction and scope."""
    actor = machine("monitor")
    households, members = population_of(Path(settings.HOME), finished)
    take_over(households=households, members=members, actor=actor, at=at, day=run.day)
    changes = take_alerts(run, finished, _placing(finished, households), exchange.sealer())
    make_move(
        workflow=RUN, row=run, move="完成", actor=actor, at=at, finished_at=at, step="", folder=finished.folder.name,
        manifest=_shown(finished.manifest), changes=changes,
    )  # fmt: skip
    record(
        actor=actor, at=at, act="monitoring.run_finished", subject_kind="run", subject=str(run.pk),
        detail={"day": run.day.isoformat(), "book": finished.manifest.book, **changes},
    )  # fmt: skip
    app.configure_task("monitoring.make_cards").defer(run_id=run.pk)
    tell(Event("monitoring.finished", actor, at, {"run": run.pk, "day": run.day.isoformat(), **changes}))


def _placing(finished: FinishedRun, households: pl.DataFrame) -> Placing:
    """Where the alerted households are; one that no run knows any more is held where its alert was."""
    known = set(households["household_key"].to_list())
    keys = {each.subject["household_key"] for each in alerted(finished.folder)} & known
    everywhere = Viewer(None, "monitor", "监测", Role.MACHINE, 0)
    rest, placed = iter(sorted(keys)), dict[int, tuple[int, int, int]]()
    while some := list(islice(rest, _AT_A_TIME)):
        placed |= registry.placed(everywhere, some)
    return Placing(placed, int(str(place().city).ljust(12, "0")))


def _shown(manifest: Manifest) -> Mapping[str, Any]:
    return {name: getattr(manifest, name) for name in _SHOWN}


def _failed(run: Run, at: datetime, code: str, sentence: str) -> None:
    make_move(
        workflow=RUN,
        row=run,
        move="失败",
        actor=machine("monitor"),
        at=at,
        finished_at=at,
        error_code=code,
        error=sentence,
    )
