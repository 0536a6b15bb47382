"""The chores of messages, run by the worker."""

from procrastinate.contrib.django import app

from doudi.office.common.clock import right_now
from doudi.office.messages import services

__all__ = ["purge"]


@app.periodic(cron="40 3 * * *")
@app.task(name="messages.purge", queue="messages", queueing_lock="messages.purge")
def purge(timestamp: int) -> int:  # noqa: ARG001 - procrastinate's periodic tasks are given their time
    """过了保存期的消息清除：每天一次。"""
    return services.purge(at=right_now())
