"""The journal's chores, run by the worker."""

from procrastinate.contrib.django import app

from doudi.office.audit.seal import seal_journal
from doudi.office.common.clock import right_now

__all__ = ["seal"]


@app.periodic(cron="* * * * * */20")  # the sixth field counts seconds: thrice a minute, so that none waits for sixty
@app.task(name="audit.seal", queue="audit", queueing_lock="audit.seal", lock="audit.seal")
def seal(timestamp: int) -> int:  # noqa: ARG001 - procrastinate's periodic tasks are given their time
    """封链：每二十秒一次。"""
    return seal_journal(at=right_now())
