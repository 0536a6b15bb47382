"""The chores of accounts, run by the worker."""

from django.contrib.sessions.backends.db import SessionStore
from procrastinate.contrib.django import app

from doudi.office.accounts.services.supervision import end_what_is_over
from doudi.office.accounts.throttle import forget_old
from doudi.office.common.clock import right_now

__all__ = ["tidy"]


@app.periodic(cron="5 0 * * *")
@app.task(name="accounts.tidy", queue="accounts", queueing_lock="accounts.tidy")
def tidy(timestamp: int) -> int:  # noqa: ARG001 - procrastinate's periodic tasks are given their time
    """到期的外部监督记为结束，过期的会话和限次计数清除：每天零点五分一次。It could not be read under them before either."""
    SessionStore.clear_expired()
    forget_old(right_now())
    return end_what_is_over(at=right_now())
