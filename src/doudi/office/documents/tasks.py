"""The chores of documents, run by the worker."""

from procrastinate.contrib.django import app

from doudi.office.common.clock import right_now
from doudi.office.documents.services import expire_exports

__all__ = ["expire"]


@app.periodic(cron="10 * * * *")
@app.task(name="documents.expire", queue="documents", queueing_lock="documents.expire")
def expire(timestamp: int) -> int:  # noqa: ARG001 - procrastinate's periodic tasks are given their time
    """到期的导出申请作废：每小时一次。"""
    return expire_exports(at=right_now())
