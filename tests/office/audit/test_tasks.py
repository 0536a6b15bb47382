"""The worker seals thrice a minute and closes exports that nobody took, once an hour."""

import pytest
from procrastinate.contrib.django import app

from doudi.office.audit import tasks
from doudi.office.audit.selectors import verify_journal
from doudi.office.documents import tasks as documents
from office.audit.journal import later, written

CRONS = {task.task.name: task.cron for task in app.periodic_registry.periodic_tasks.values()}


@pytest.mark.parametrize(("name", "cron"), [("audit.seal", "* * * * * */20"), ("documents.expire", "10 * * * *")])
def test_the_worker_knows_the_chore_and_when(name, cron):
    assert CRONS[name] == cron


def test_the_sealers_chore_seals(own_office_db):
    written(2)
    assert tasks.seal(0) == 2
    assert tasks.seal(0) == 0
    assert verify_journal(at=later(minutes=2)).intact


def test_nothing_is_late_where_nothing_was_asked(office_db):
    assert documents.expire(0) == 0
