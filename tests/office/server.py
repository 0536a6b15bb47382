"""The real database of the office's tests: one embedded server a test process, kept between runs while migrations stay."""

import contextlib
import fcntl
import hashlib
import os
import tempfile
from pathlib import Path

import psycopg
from django.core.management import call_command
from django.db import connections
from psycopg import sql

from doudi.errors import Refusal
from doudi.office.config import places, postgres, provision
from doudi.office.config.database import OWNER_ROLE

ROOT = Path(__file__).resolve().parents[2]
OFFICE = ROOT / "src" / "doudi" / "office"
TEMPLATE, PLAIN = "office_template", "office_plain"
IN_NO_HURRY = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "shared_buffers": "64MB"}


class Server:
    """A running server with a migrated template. `host` is its socket's folder."""

    def __init__(self, place):
        self.place = place
        self.host = str(place.socket)

    def enter(self, database, user):
        """A connection of psycopg, each statement a transaction of its own."""
        return psycopg.connect(host=self.host, dbname=database, user=user, autocommit=True)

    def copy(self, name):
        """A fresh database, empty and migrated."""
        with self.enter("postgres", postgres.SUPERUSER) as door:
            door.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
            door.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {}").format(
                    sql.Identifier(name), sql.Identifier(TEMPLATE), sql.Identifier(OWNER_ROLE)
                )
            )
            for line in (
                "REVOKE ALL ON DATABASE {} FROM PUBLIC",
                "GRANT CONNECT, TEMPORARY ON DATABASE {} TO doudi_app",
            ):
                door.execute(sql.SQL(line).format(sql.Identifier(name)))

    def drop(self, name):
        with self.enter("postgres", postgres.SUPERUSER) as door:
            door.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def drop_all(self):
        """What a killed run left."""
        with self.enter("postgres", postgres.SUPERUSER) as door:
            names = door.execute("SELECT datname FROM pg_database WHERE datname ~ '^own_'").fetchall()
        for (name,) in names:
            self.drop(name)


def enter_database(host, name):
    """From now on Django's `default` and `owner` mean this database, in every thread."""
    connections.close_all()
    for alias in ("default", "owner"):
        connections.settings[alias] |= {"HOST": host, "NAME": name}


@contextlib.contextmanager
def slot():
    """A home for a server that no other test process uses now; its data may be of an earlier run."""
    folder = Path(tempfile.gettempdir()) / f"doudi-tests-{os.geteuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    seal = hashlib.sha256(os.fsencode(ROOT)).hexdigest()[:8]
    for number in range(64):
        with (folder / f"{seal}-{number}.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            yield folder / f"{seal}-{number}"
            return
    raise AssertionError("no room for another test database")


def made_from():
    """What the template follows from: every migration, the roles' rights, the locked libraries."""
    seal = hashlib.sha256()
    files = [*OFFICE.glob("*/migrations/*.py"), *OFFICE.glob("config/p*.py"), OFFICE / "common" / "scope.py"]
    for path in [*sorted(files), OFFICE / "config" / "settings.py", Path(__file__), ROOT / "requirements.lock"]:
        seal.update(path.name.encode() + path.read_bytes())
    return seal.hexdigest()


@contextlib.contextmanager
def running():
    """The server of this test process, its template migrated as `migrate` does it in an installation."""
    with slot() as home:
        place = places.places(home)
        stamp = home / "made-from"
        fresh = not (stamp.is_file() and stamp.read_text() == made_from())
        if fresh:
            stamp.unlink(missing_ok=True)
            postgres.erase(place)
        try:
            process = postgres.start(place, IN_NO_HURRY)
        except Refusal:  # data of a killed run, made in no hurry, may be torn
            postgres.erase(place)
            fresh, process = True, postgres.start(place, IN_NO_HURRY)
        try:
            server = Server(place)
            if fresh:
                provision.provision(postgres.administrator(place), TEMPLATE)
                enter_database(server.host, TEMPLATE)
                call_command("migrate", database="owner", verbosity=0)
                connections.close_all()
                stamp.write_text(made_from())
            server.drop_all()
            server.copy(PLAIN)
            enter_database(server.host, PLAIN)
            yield server
            connections.close_all()
        finally:
            postgres.stop(process)
