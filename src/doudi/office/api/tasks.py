"""The chore of the API, run by the worker."""

from procrastinate.contrib.django import app

from doudi.office.api.services import tidy_tokens
from doudi.office.common.clock import right_now

__all__ = ["tidy"]


@app.periodic(cron="10 0 * * *")
@app.task(name="api.tidy", queue="accounts", queueing_lock="api.tidy")
def tidy(timestamp: int) -> int:  # noqa: ARG001 - procrastinate's periodic tasks are given their time
    """过期的令牌清除：每天零点十分一次。"""
    return tidy_tokens(at=right_now())
