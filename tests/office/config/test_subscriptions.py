"""Who hears of what: a landing asks for a run, but not while the demo city lands."""

import pytest

from doudi.office.common.actor import machine
from doudi.office.common.clock import right_now
from doudi.office.common.events import Event, tell
from doudi.office.config.preparing import preparing
from doudi.office.monitoring.models import Run


def land():
    tell(Event("exchange.landed", machine("landing"), right_now(), {"batches": ["b1"]}))


@pytest.mark.usefixtures("whole_city")
def test_a_landing_asks_for_a_run():
    land()
    assert [run.kind for run in Run.objects.all()] == ["on_arrival"]


@pytest.mark.usefixtures("whole_city")
def test_while_the_demo_city_lands_no_run_is_asked_for(doudi_home):
    with preparing(doudi_home, lambda _: None):
        land()
    assert not Run.objects.exists()
