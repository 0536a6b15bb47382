"""A run is asked for by the clock, by a delivery, by a person; whoever asks first, there is one."""

import threading
from datetime import date, datetime, timedelta

import pytest
from django.db import connection

from doudi.errors import Refusal
from doudi.office.accounts.scope import Viewer
from doudi.office.common.actor import machine
from doudi.office.common.clock import BEIJING
from doudi.office.common.events import Event
from doudi.office.common.roles import Role
from doudi.office.common.scope import whole_city
from doudi.office.monitoring import services
from doudi.office.monitoring.models import Run
from office.monitoring.conftest import CITY

AT = datetime(2026, 4, 1, 9, 0, tzinfo=BEIJING)
DAY = date(2026, 3, 31)


def viewer(role=Role.COUNTY_OFFICER):
    return Viewer(7, "someone", "某某", role, CITY)


def test_ten_files_make_one_run(own_office_db):
    for n in range(10):
        with whole_city():
            event = Event("exchange.landed", machine("landing"), AT + timedelta(seconds=n), {"batches": [f"b{n}"]})
            services.on_arrival(event)
    assert [(run.kind, run.state) for run in Run.objects.all()] == [("on_arrival", "asked")]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'monitoring.run_asked'")
        assert cursor.fetchone() == (1,)


def test_the_nightly_run_is_asked_for_once_a_day_after_its_hour(own_office_db, settings):
    settings.DOUDI_MONITOR_AT = "02:30"
    before, after = AT.replace(hour=2, minute=0), AT.replace(hour=2, minute=31)
    Run.objects.create(day=DAY, kind="manual", state="finished", asked_by="x", asked_at=AT - timedelta(days=1))
    services.tend(at=before)
    assert Run.objects.filter(kind="scheduled").count() == 0
    services.tend(at=after)
    services.tend(at=after + timedelta(minutes=1))
    assert Run.objects.filter(kind="scheduled").count() == 1


@pytest.mark.parametrize(
    ("role", "day", "code"),
    [
        (Role.TOWN_OFFICER, DAY, "monitoring.not_yours_to_ask"),
        (Role.COUNTY_OFFICER, AT.date() + timedelta(days=1), "monitoring.day_to_come"),
        (Role.COUNTY_OFFICER, DAY - timedelta(days=1), "monitoring.day_before_last"),
        (Role.COUNTY_OFFICER, AT.date(), "monitoring.another_waits"),
    ],
)
def test_what_cannot_be_asked_for_is_refused(own_office_db, role, day, code):
    Run.objects.create(day=DAY, kind="manual", state="finished", asked_by="x", asked_at=AT)
    Run.objects.create(day=DAY, kind="manual", state="asked", asked_by="x", asked_at=AT)
    with pytest.raises(Refusal) as refused:
        services.request_run(actor=viewer(role).actor, at=AT, day=day)
    assert refused.value.code == code


def test_two_who_ask_at_once_ask_for_one_run(own_office_db):
    got = []

    def ask():
        try:
            got.append(services.request_run(actor=viewer().actor, at=AT, day=DAY))
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(got)) == 1
    assert Run.objects.count() == 1
