"""A run is asked for: by the clock, by a delivery, by a person; and one whose worker died is put back."""

from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction
from procrastinate.contrib.django import app

from doudi.errors import Refusal
from doudi.office.audit.services import make_move, record
from doudi.office.common.actor import Actor, machine
from doudi.office.common.clock import BEIJING, beijing_day
from doudi.office.common.events import Event
from doudi.office.common.roles import Role
from doudi.office.monitoring.models import Run
from doudi.office.monitoring.options import MOST_ATTEMPTS, cool_down_seconds, day_of, nightly_at
from doudi.office.monitoring.pulse import is_dead, one_asks
from doudi.office.monitoring.states import ASKED, FINISHED, KINDS, RUN, RUNNING

__all__ = ["MAY_ASK", "on_arrival", "request_run", "send_on", "tend"]

# Who may press the button. A run is the whole city's.
MAY_ASK: Final = frozenset({Role.CITY_OFFICER, Role.COUNTY_OFFICER, Role.MACHINE})


def request_run(*, actor: Actor, at: datetime, day: date | None = None, kind: str = "manual") -> int:
    """Asks for a monitoring of the whole city at `day` (default: today); returns the run's id.

    A run that waits already for the same day is that one: ten deliveries make one run. One asked for by a person begins
    at once, one by a delivery after the cool-down. Refused: not this role's, a day to come, a day before the last
    finished run, another day waits already.
    """
    if actor.role not in MAY_ASK:
        raise Refusal("monitoring.not_yours_to_ask", "监测运行由市级或县区经办人员发起；请转告经办人员。")
    day = day or day_of(at)
    _check_day(day, at)
    with transaction.atomic():
        one_asks()
        waiting = Run.objects.select_for_update().filter(state=ASKED).first()
        if waiting is not None and waiting.day != day and actor.role is not Role.MACHINE:
            raise Refusal(
                "monitoring.another_waits", f"已有一次 {waiting.day} 的监测在等待；请等它完成后再发起 {day} 的监测。"
            )
        run = waiting or Run.objects.create(day=day, kind=kind, asked_by=actor.name, asked_at=at)
        if waiting is None or kind == "manual":
            told = {"day": run.day.isoformat(), "kind": KINDS[kind], "joined": waiting is not None}
            record(actor=actor, at=at, act="monitoring.run_asked", subject_kind="run", subject=str(run.pk), detail=told)
            _send(run.pk, cool_down_seconds() if kind == "on_arrival" else 0)
    return run.pk


def on_arrival(event: Event) -> None:
    """`exchange.landed`, `exchange.accepted`: what counts from now on asks for a run, after the cool-down."""
    if event.facts.get("batches") or event.facts.get("delivery"):
        request_run(actor=machine("monitor"), at=event.at, day=_day_due(event.at), kind="on_arrival")


def send_on() -> None:
    """Hands the waiting run to a worker, when none is running."""
    waiting = Run.objects.filter(state=ASKED).first()
    if waiting is not None and not Run.objects.filter(state=RUNNING).exists():
        _send(waiting.pk, 0)


def tend(*, at: datetime) -> None:
    """What the clock does every minute.

    1. A run whose worker died is put back, and given up after the third time. 2. A run that has waited past its cool-down
    is handed on again, in case its job was lost. 3. When the hour of the nightly run has come, it is asked for, once a day.
    """
    with transaction.atomic():
        for run in Run.objects.filter(state=RUNNING):
            if is_dead(run.pk):
                _put_back(run, at)
    waiting = Run.objects.filter(state=ASKED, asked_at__lt=at - timedelta(seconds=2 * cool_down_seconds()))
    if waiting.exists():
        send_on()
    _ask_nightly(at)


def _put_back(run: Run, at: datetime) -> None:
    actor = machine("reaper")
    if run.attempts >= MOST_ATTEMPTS or Run.objects.filter(state=ASKED).exists():
        why = (
            "工作进程中断，已由后一次监测接替"
            if run.attempts < MOST_ATTEMPTS
            else f"工作进程接连 {run.attempts} 次中断"
        )
        make_move(
            workflow=RUN, row=run, move="失败", actor=actor, at=at, finished_at=at, error=f"{why}；请看工作进程的日志。"
        )
        return
    make_move(workflow=RUN, row=run, move="放回", actor=actor, at=at, step="工作进程中断，等待重做", steps_done=0)
    _send(run.pk, 0)


def _ask_nightly(at: datetime) -> None:
    hour = nightly_at()
    local = at.astimezone(BEIJING)
    if hour is None or local.time() < hour:
        return
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    if Run.objects.filter(kind="scheduled", asked_at__gte=midnight).exists():
        return
    if Run.objects.filter(state=FINISHED).exists():  # the first run is a person's decision
        request_run(actor=machine("monitor"), at=at, day=_day_due(at), kind="scheduled")


def _check_day(day: date, at: datetime) -> None:
    if day > beijing_day(at):
        raise Refusal("monitoring.day_to_come", f"{day} 还没有到；请选择今天或更早的日期。")
    last = _last_day()
    if last is not None and day < last:
        raise Refusal(
            "monitoring.day_before_last",
            f"{last} 已经监测过，不能再往回监测 {day}；要看那天的情形，请打开那次运行的运行单。",
        )


def _day_due(at: datetime) -> date:
    """The day that a machine asks for: never one before the last, so that it is never refused."""
    last = _last_day()
    return max(day_of(at), last) if last else day_of(at)


def _last_day() -> date | None:
    return Run.objects.filter(state=FINISHED).order_by("-day").values_list("day", flat=True).first()


def _send(run_id: int, seconds: int) -> None:
    job = app.configure_task("monitoring.run_asked", schedule_in={"seconds": seconds} if seconds else None)
    job.defer(run_id=run_id)
