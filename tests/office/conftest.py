"""What the office's tests stand on: the real PostgreSQL, entered as the application, each test alone with its rows.

- `office_db`: the migrated database in a transaction that is rolled back. A scope entered in it lasts until its end.
- `own_office_db`: a database of its own, for tests that commit, start a worker or a server; the value is its name.
- `owner_db`: a psycopg connection to the test's database as the owner of the tables.
- `whole_city`: `office_db` in which everything is in scope, as a machine sees it.
- `office_site`: the site on loopback against `own_office_db`; the value is its address.
- `page`: a page of a real Chromium on `office_site` (marker `browser`).
- `city_db`: the small city of `office.city`, landed and monitored, as a database and a home of one's own; the value is the city.
- `city_to_look_at`: the same city, one copy for all tests of a file, none of which may depend on what another did.
- `city_site`: the site on `city_db`.
"""

import secrets

import pytest

from doudi.office.common.codes import WHOLE
from doudi.office.common.scope import enter_scope
from doudi.office.config.database import OWNER_ROLE
from office import city, server, site, swept

OF_THE_FILE = "own_of_the_file"
UNHURRIED = {"office_server", "browser"}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """What needs a database or a browser, and so every site and every city, is no part of the fast suite."""
    for item in items:
        if UNHURRIED & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.slow)


@pytest.fixture(autouse=True)
def office_settings(settings, doudi_home):
    """The installation's home is the test's own; passwords are hashed in no hurry; static files bear their plain names."""
    settings.HOME = doudi_home
    settings.DOUDI_HEAD = doudi_home / "office" / "heads.jsonl"
    settings.SECRET_KEY = "of the tests alone"  # noqa: S105  # opens nothing
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    return settings


@pytest.fixture(scope="session")
def office_server(django_db_blocker):
    with django_db_blocker.unblock(), server.running() as started:
        yield started


@pytest.fixture(scope="session")
def django_db_setup(office_server):
    """In place of pytest-django's own: its `db` and its marker meet the database of `office_server`."""


@pytest.fixture
def office_db(db):
    """The migrated database, entered as the application; the test's rows are rolled back."""


@pytest.fixture
def whole_city(office_db):
    """`office_db` with every division in scope."""
    enter_scope(*WHOLE)


@pytest.fixture(scope="session")
def swept_db(office_server):
    """What `own_office_db` lends."""
    return swept.Swept(office_server)


@pytest.fixture
def own_office_db(request, office_server, swept_db, django_db_blocker, monkeypatch):
    """A migrated database of this test alone, in which it may commit; children find it by their environment."""
    assert "db" not in request.fixturenames, "a test has either office_db or own_office_db"
    name = swept_db.lend()
    monkeypatch.setenv("PGHOST", office_server.host)
    monkeypatch.setenv("PGDATABASE", name)
    monkeypatch.setenv("DOUDI_SECRET_KEY", "of the tests alone")
    with django_db_blocker.unblock():
        server.enter_database(office_server.host, name)
        yield name
        server.enter_database(office_server.host, server.PLAIN)
    swept_db.take_back()


@pytest.fixture
def owner_db(request, office_server):
    """The test's database as the tables' owner; of `office_db` it sees the tables and none of the test's rows."""
    own = "own_office_db" in request.fixturenames
    name = request.getfixturevalue("own_office_db") if own else server.PLAIN
    with office_server.enter(name, OWNER_ROLE) as connection:
        yield connection


@pytest.fixture
def office_site(own_office_db):
    """The site on loopback, its address without a last slash; its threads share `own_office_db` with the test."""
    with site.serving() as address:
        yield address


@pytest.fixture(scope="module")
def browser():
    """A real Chromium, for the tests of one file. Skipped, with a reason, where there is none."""
    with site.chromium() as found:
        yield found


@pytest.fixture
def page(browser, office_site):
    """An empty page 1440 wide; relative addresses are the site's. What the page complains about fails the test."""
    with site.page(browser, office_site) as opened:
        yield opened


@pytest.fixture(scope="session")
def grown_city(office_server, django_db_blocker):
    """The template that `city_db` is copied from."""
    with django_db_blocker.unblock():
        return city.grown(office_server)


@pytest.fixture
def city_db(request, office_server, grown_city, django_db_blocker, monkeypatch, doudi_home):
    """The city in a database and a home of this test alone, in which it may commit."""
    assert "db" not in request.fixturenames, "a test has either office_db or city_db"
    name = f"own_{secrets.token_hex(6)}"
    monkeypatch.setenv("PGHOST", office_server.host)
    monkeypatch.setenv("PGDATABASE", name)
    monkeypatch.setenv("DOUDI_SECRET_KEY", "of the tests alone")
    with django_db_blocker.unblock(), city.copied(office_server, grown_city, name, doudi_home):
        yield grown_city


@pytest.fixture(scope="module")
def city_of_the_file(office_server, grown_city, django_db_blocker, tmp_path_factory):
    """The home of a copy of the city that all tests of a file share; nothing starts a process on it."""
    home = tmp_path_factory.mktemp("city")
    with (
        django_db_blocker.unblock(),
        city.copied(office_server, grown_city, OF_THE_FILE, home),
        city.at_home(home),
    ):
        yield home


@pytest.fixture
def city_to_look_at(city_of_the_file, office_server, settings):
    """The city for who leaves it as it is, much cheaper than `city_db`; the value is its home."""
    settings.HOME, settings.DOUDI_HEAD = city_of_the_file, city_of_the_file / "office" / "heads.jsonl"
    server.enter_database(office_server.host, OF_THE_FILE)  # a test before may have been in a database of its own
    yield city_of_the_file
    server.enter_database(office_server.host, server.PLAIN)


@pytest.fixture
def city_site(city_db):
    """The site on loopback, its address without a last slash; its threads share `city_db` with the test."""
    with site.serving() as address:
        yield address
