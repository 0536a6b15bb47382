"""Handing work to the worker: one landing job wakes for all that waits."""

import logging
from typing import Final

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued, UniqueViolation
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager

__all__ = ["LAND", "QUEUE", "ask_for_landing", "take_up_again"]

LAND: Final = "exchange.land"
QUEUE: Final = "exchange"

_LOG: Final = logging.getLogger(__name__)


def ask_for_landing() -> None:
    """Once this transaction is committed, a job waits that will see what it wrote; however many ask, one waits.

    After the commit, not in it: a job that waits then begins later and finds the file; one that has begun already is no
    longer the one that waits, so another is made. Were it asked before, the one found waiting could be over before the
    commit, and the file would lie. A process that dies in between is made good by the reaper (`landing.put_back`).
    """
    transaction.on_commit(_wake, robust=True)


def _wake() -> None:
    try:
        app.configure_task(LAND, queue=QUEUE, lock=LAND, queueing_lock=LAND).defer()
    except AlreadyEnqueued:
        _LOG.debug("a landing waits already")


async def take_up_again(manager: JobManager, job: Job) -> None:
    """A job whose worker died is queued again; where another of its kind waits already, that one does its work."""
    try:
        await manager.retry_job(job)
    except UniqueViolation:
        await manager.finish_job(job, Status.FAILED, delete_job=True)
