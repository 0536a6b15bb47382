"""One job wakes for all that waits, and no file lies without one; what is refused for good is let go of in time."""

import random
from datetime import timedelta

import pytest
from asgiref.sync import async_to_sync
from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.jobs import Job

from doudi.office.audit.models import Entry
from doudi.office.common.scope import whole_city
from doudi.office.exchange import services, store
from doudi.office.exchange.models import Upload
from doudi.office.exchange.queue import LAND, ask_for_landing, take_up_again
from office.exchange.people import AT, ROLL, ZHANG, roll, sent

pytestmark = pytest.mark.usefixtures("own_office_db")


def jobs(status="todo"):
    return ProcrastinateJob.objects.filter(task_name=LAND, status=status).count()


def sql(text):
    with connection.cursor() as cursor:
        cursor.execute(text)


def begin():
    """A worker takes the job that waits, if one does."""
    sql("UPDATE procrastinate_jobs SET status = 'doing' WHERE status = 'todo' AND task_name = 'exchange.land'")


def end():
    sql("DELETE FROM procrastinate_jobs WHERE status = 'doing'")


def test_however_many_files_come_one_job_waits(doudi_home):
    for number in range(3):
        sent(f"{number}_{ROLL}", roll())
    assert jobs() == 1


def test_a_file_that_comes_while_a_landing_is_ending_has_a_job_of_its_own(doudi_home):
    sent(ROLL, roll())
    begin()
    assert (jobs("doing"), jobs()) == (1, 0)
    sent("late_" + ROLL, roll())
    assert (jobs("doing"), jobs()) == (1, 1)


def test_what_was_not_committed_wakes_nobody_and_before_the_commit_nobody_is_woken(doudi_home):
    with transaction.atomic():
        ask_for_landing()
        assert jobs() == 0
        transaction.set_rollback(True)
    assert jobs() == 0
    with transaction.atomic():
        ask_for_landing()
        assert jobs() == 0
    assert jobs() == 1


@pytest.mark.parametrize("seed", range(3))
def test_in_whatever_order_files_come_and_landings_begin_look_and_end_none_lies_without_a_job(doudi_home, seed):
    """Senders and worker move the real queue; `lying` are files that no look has seen. A landing looks before it ends."""
    chance, lying, doing = random.Random(seed), 0, ""
    for _ in range(60):
        match chance.choice(["come", "begin", "look", "end"]):
            case "come":
                lying += 1
                with transaction.atomic():
                    ask_for_landing()
            case "begin" if not doing and jobs():
                begin()
                doing = "begun"
            case "look" if doing:
                lying, doing = 0, "looked"
            case "end" if doing == "looked":
                end()
                doing = ""
        assert jobs() <= 1
        assert not lying or jobs() or doing == "begun"


def test_a_sender_that_died_before_it_asked_is_made_good_by_the_reaper(doudi_home):
    sent(ROLL, roll())
    sql("DELETE FROM procrastinate_jobs")
    services.put_back(at=AT)
    assert jobs() == 1
    services.put_back(at=AT)
    assert jobs() == 1


def take_up():
    """The reaper finds the job that is said to be done by a worker long dead."""
    row = ProcrastinateJob.objects.get(status="doing")
    job = Job(id=row.pk, queue="exchange", lock=LAND, queueing_lock=LAND, task_name=LAND, status="doing")
    async_to_sync(take_up_again)(app.job_manager, job)


def test_a_job_whose_worker_died_is_queued_again(doudi_home):
    sent(ROLL, roll())
    begin()
    take_up()
    assert (jobs("doing"), jobs()) == (0, 1)


def test_where_another_waits_already_the_dead_ones_job_is_dropped(doudi_home):
    sent(ROLL, roll())
    begin()
    sent("late_" + ROLL, roll())
    take_up()
    assert (jobs("doing"), jobs()) == (0, 1)


# ── what is kept no longer ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def refused(doudi_home):
    upload = sent("名单.csv", roll())
    services.land_waiting(at=AT)
    upload.refresh_from_db()
    assert upload.state == "refused"
    return upload


def test_a_refused_file_is_let_go_of_after_its_days_and_the_journal_keeps_that_it_was(refused, settings):
    days = timedelta(days=settings.DOUDI_UPLOAD_DAYS)
    assert services.purge_refused(at=AT + days) == 0
    assert store.sealed_file(refused.pk).exists()
    assert services.purge_refused(at=AT + days + timedelta(minutes=1)) == 1
    assert not Upload.objects.exists()
    assert not store.sealed_file(refused.pk).exists()
    with whole_city():
        row = Entry.objects.get(act="exchange.purged")
    assert (row.actor, row.subject, row.detail["code"]) == ("retention", str(refused.pk), refused.code)


def test_what_waits_or_landed_stays_and_so_does_all_where_no_days_are_set(refused, settings):
    far = AT + timedelta(days=9999)
    settings.DOUDI_UPLOAD_DAYS = 0
    assert services.purge_refused(at=far) == 0
    settings.DOUDI_UPLOAD_DAYS = 1
    services.again(actor=ZHANG.actor, at=AT, upload=refused, feed="", month="2026-03")
    assert services.purge_refused(at=far) == 0
    services.land_waiting(at=AT)
    assert services.purge_refused(at=far) == 0
    assert Upload.objects.get().state == "landed"
