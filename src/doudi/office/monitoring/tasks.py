"""What the worker does for monitoring; the clock is asked here, and nowhere below."""

from procrastinate.contrib.django import app

from doudi.office.common.clock import right_now
from doudi.office.monitoring import services

__all__ = ["make_cards", "run_asked", "tend"]


@app.task(name="monitoring.run_asked", queue="monitoring")
def run_asked(run_id: int) -> None:
    """Makes the run. May come twice: the second finds that it does not wait any more."""
    services.run_now(run_id, clock=right_now)


@app.task(name="monitoring.make_cards", queue="monitoring")
def make_cards(run_id: int) -> None:
    """The cards of the run's households; what is there already is not made twice."""
    services.make_cards(run_id)


@app.periodic(cron="* * * * *")
@app.task(name="monitoring.tend", queue="monitoring.clock", queueing_lock="monitoring.tend", pass_context=False)
def tend(timestamp: int) -> None:  # noqa: ARG001 - procrastinate tells which minute; what is due is told by the clock
    """Dead runs put back, lost ones handed on, the nightly one asked for."""
    services.tend(at=right_now())
