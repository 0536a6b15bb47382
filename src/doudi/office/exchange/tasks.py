"""What the worker does for the exchange; the clock is asked here, and nowhere below."""

from asgiref.sync import sync_to_async
from procrastinate import JobContext
from procrastinate.contrib.django import app

from doudi.office.common.clock import right_now
from doudi.office.exchange import inbox, services
from doudi.office.exchange.queue import LAND, QUEUE, take_up_again

__all__ = ["land", "look_for_late", "look_into_inbox", "purge", "put_back"]

STALLED_AFTER = 30  # seconds without a heartbeat of the worker that had the job


@app.task(name=LAND, queue=QUEUE, lock=LAND)
def land() -> None:
    """入库：把等着的来件全部入库。May come twice: the second finds nothing that waits."""
    services.land_waiting(at=right_now())


@app.periodic(cron="* * * * * */20")
@app.task(name="exchange.put_back", queue="exchange.clock", queueing_lock="exchange.put_back", pass_context=True)
async def put_back(context: JobContext, timestamp: int) -> None:  # noqa: ARG001 - a periodic task is told its minute
    """收拾：后台进程被杀后，把卡住的任务和来件放回队列。"""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER):
        await take_up_again(manager, job)
    await sync_to_async(services.put_back)(at=right_now())


@app.periodic(cron="* * * * *")
@app.task(name="exchange.inbox", queue="exchange.clock", queueing_lock="exchange.inbox")
def look_into_inbox(timestamp: int) -> None:  # noqa: ARG001 - as above
    """收件目录：不再变大的文件收进来，入了库的挪走，拒收的写明原因。"""
    inbox.look(at=right_now())


@app.periodic(cron="40 3 * * *")
@app.task(name="exchange.purge", queue="exchange.clock", queueing_lock="exchange.purge")
def purge(timestamp: int) -> int:  # noqa: ARG001 - as above
    """留存：拒收后过了留存期的来件，每天清一次。"""
    return services.purge_refused(at=right_now())


@app.periodic(cron="10 7 * * *")
@app.task(name="exchange.late", queue="exchange.clock", queueing_lock="exchange.late")
def look_for_late(timestamp: int) -> int:  # noqa: ARG001 - as above
    """迟到：每天早上看哪些来件过了期限还没到，说给本部门的人听；同一期只说一次。"""
    return services.tell_late(at=right_now())
