"""The tables are brought to where the code is once; a start that finds nothing new does not ask Django again."""

import os
import sys

import pytest

from doudi.errors import Refusal
from doudi.office.config.migrating import migrate
from doudi.office.config.processes import environment

pytestmark = pytest.mark.slow  # each time, Django is asked in a process of its own


@pytest.fixture
def bring(own_office_db, doudi_home, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
    return lambda: migrate(doudi_home, environment(doudi_home))


def test_a_database_is_brought_up_once(bring):
    assert [bring(), bring()] == [True, False]


def test_what_was_changed_by_hand_is_noticed(bring, owner_db):
    bring()
    owner_db.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('planted', '0001', now())")
    assert bring()


def test_a_database_restored_without_its_note_is_asked_again(bring, owner_db, own_office_db):
    bring()
    owner_db.execute(f'COMMENT ON DATABASE "{own_office_db}" IS NULL')
    assert bring()


def test_a_database_that_cannot_be_entered_is_one_sentence(bring, monkeypatch):
    monkeypatch.setenv("PGDATABASE", "no_such_database")
    with pytest.raises(Refusal, match="进不了数据库"):
        bring()
