"""The database that the office's tests stand on is the real one: two weak roles, a migrated schema, no leaks between tests."""

import psycopg
import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection

from doudi.office.config import postgres


def test_the_office_enters_as_the_application(office_db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, current_setting('is_superuser')")
        assert cursor.fetchone() == ("doudi_app", "off")


def test_neither_role_may_pass_row_level_security(owner_db):
    rows = owner_db.execute(
        "SELECT rolname, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname ~ '^doudi_'"
    ).fetchall()
    assert sorted(rows) == [("doudi_app", *[False] * 4), ("doudi_owner", *[False] * 4)]


def test_the_application_makes_no_tables(office_db):
    with connection.cursor() as cursor, pytest.raises(Exception, match="permission denied"):
        cursor.execute("CREATE TABLE mine (id int)")


@pytest.mark.parametrize("again", [1, 2])
def test_the_rows_of_a_test_are_gone_with_it(office_db, again):
    assert not ContentType.objects.filter(app_label="planted").exists()
    ContentType.objects.create(app_label="planted", model="row")


@pytest.mark.parametrize("again", [1, 2])
def test_a_test_with_a_database_of_its_own_may_commit(own_office_db, owner_db, again):
    assert not ContentType.objects.filter(app_label="planted").exists()
    ContentType.objects.create(app_label="planted", model="row")
    (count,) = owner_db.execute("SELECT count(*) FROM django_content_type WHERE app_label = 'planted'").fetchone()
    assert count == 1


def test_nobody_else_is_let_in(office_server):
    with pytest.raises(psycopg.OperationalError, match="Peer authentication failed"):
        office_server.enter("postgres", "somebody")
    with office_server.enter("postgres", postgres.SUPERUSER) as door:
        assert door.execute("SELECT 1").fetchone() == (1,)
