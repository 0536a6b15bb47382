"""The database that the office's tests stand on is the real one: two weak roles, a migrated schema, no leaks between tests."""

import io

import psycopg
import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection

from doudi.errors import Refusal
from doudi.office.config import postgres, processes, provision
from doudi.office.config.database import databases
from office import server


def test_the_office_enters_as_the_application(office_db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, current_setting('is_superuser')")
        assert cursor.fetchone() == ("doudi_app", "off")


def test_neither_role_may_pass_row_level_security(owner_db):
    rows = owner_db.execute(
        "SELECT rolname, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname ~ '^doudi_'"
    ).fetchall()
    assert sorted(rows) == [("doudi_app", *[False] * 4), ("doudi_owner", *[False] * 4)]


def waits(monkeypatch, tmp_path, running, said=""):
    monkeypatch.setenv("PGOPTIONS", said)
    options = databases(tmp_path)["default"]["OPTIONS"]["options"]
    with psycopg.connect(host=running.host, dbname=server.PLAIN, user="doudi_app", options=options) as entered:
        asked = "SELECT current_setting('lock_timeout'), current_setting('idle_in_transaction_session_timeout')"
        return entered.execute(asked).fetchone()


def test_no_process_waits_for_ever_for_a_row_nor_holds_one_in_silence(monkeypatch, tmp_path, office_server, office_db):
    assert waits(monkeypatch, tmp_path, office_server) == ("5min", "30min")


def test_a_page_waits_less(monkeypatch, tmp_path, office_server, office_db):
    limits = processes.web(tmp_path, 3).environment["PGOPTIONS"]
    assert waits(monkeypatch, tmp_path, office_server, limits) == ("10s", "1min")


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


def test_provisioning_twice_changes_nothing(office_server):
    administrator = postgres.administrator(office_server.place)
    before = rights(office_server)
    provision.provision(administrator, server.PLAIN)
    assert rights(office_server) == before


def rights(office_server):
    with office_server.enter(server.PLAIN, postgres.SUPERUSER) as door:
        return [
            door.execute("SELECT rolname, rolsuper, rolbypassrls, rolcanlogin FROM pg_roles ORDER BY 1").fetchall(),
            door.execute("SELECT defaclobjtype, defaclacl FROM pg_default_acl ORDER BY 1").fetchall(),
            door.execute("SELECT datname, datacl FROM pg_database WHERE datname = current_database()").fetchall(),
        ]


def test_a_role_that_could_pass_row_level_security_is_refused(office_server):
    administrator = postgres.administrator(office_server.place)
    with office_server.enter("postgres", postgres.SUPERUSER) as door:
        door.execute("ALTER ROLE doudi_app BYPASSRLS")
        try:
            with pytest.raises(Refusal, match="doudi_app 是超级用户，或可以绕过行级防护"):
                provision.provision(administrator, server.PLAIN)
        finally:
            door.execute("ALTER ROLE doudi_app NOBYPASSRLS")


def test_the_migrations_are_all_that_the_models_ask_for(office_db):
    told = io.StringIO()
    call_command("makemigrations", check=True, dry_run=True, stdout=told)
    assert told.getvalue().strip() == "No changes detected"
