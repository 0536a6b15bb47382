"""A small city of two thousand, landed and monitored through the office once; tests work on copies of it.

It is grown once for all processes of a run, and kept between runs as long as what it was made from stays:
`DOUDI_TEST_CITY=keep` keeps it in any case, for whoever works on pages and not on the city.
"""

import contextlib
import fcntl
import hashlib
import os
import secrets
import shutil
import subprocess
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.test import override_settings
from psycopg import sql

import personas
from doudi.demo import build_city
from doudi.office.common.actor import machine
from doudi.office.common.clock import BEIJING
from doudi.office.common.scope import whole_city
from doudi.office.config import places, postgres
from doudi.office.config.database import OWNER_ROLE
from office import server

TEMPLATE, DUMP = "office_city", "city.dump"
PERSONS, MONTH, MONTHS = 2_000, "2026-06", 2
AT = datetime(2026, 6, 30, 9, 0, tzinfo=BEIJING)
# A delivery must be there before the morning on which it is looked at.
LANDED = AT - timedelta(hours=8)


@dataclass(frozen=True)
class City:
    """What copies are made from: the home, and the departments' files as they were sent."""

    home: Path
    files: Path


def at_home(home):
    """Settings of an installation that lives there."""
    return override_settings(HOME=home, DOUDI_HEAD=home / "office" / "heads.jsonl", SECRET_KEY="of the tests alone")  # noqa: S106  # opens nothing


def grown(started):
    """The city on the server of this test process. Who comes first grows it, everybody else takes what was grown.

    What is kept in common lies beside the servers' homes and is touched under its lock alone; each server has a copy.
    """
    folder = started.place.home / "city"
    own, city = folder / "made-from", City(folder / "home", folder / "files")
    with common(started) as store:
        stamp = store / "made-from"
        if not _is_fresh(stamp):
            _begin_anew(folder, store)
            city.home.mkdir()
            _grow(started, city)
            _tool(started, "pg_dump", "--format=custom", f"--file={store / DUMP}", TEMPLATE)
            shutil.copytree(folder, store, dirs_exist_ok=True)
            stamp.write_text(f"{server.made_from()} {made_from()} {secrets.token_hex(8)}")
        elif not (own.is_file() and own.read_text() == stamp.read_text() and _is_there(started)):
            _begin_anew(folder)
            shutil.copytree(store, folder, dirs_exist_ok=True)
            _copy(started, "template0", TEMPLATE)
            _tool(started, "pg_restore", f"--dbname={TEMPLATE}", str(store / DUMP))
        own.write_text(stamp.read_text())
    return city


@contextlib.contextmanager
def common(started):
    """The folder that all test processes of this checkout share, for this one alone meanwhile."""
    folder = started.place.home.with_name(started.place.home.name.rpartition("-")[0] + "-city")
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder


def _is_fresh(stamp):
    """What is kept in any case is at least of today's tables."""
    tables, whole = stamp.read_text().split()[:2] if stamp.is_file() else ("", "")
    kept = os.environ.get("DOUDI_TEST_CITY") == "keep"
    return tables == server.made_from() and (kept or whole == made_from())


def _begin_anew(*folders):
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()


def _tool(started, name, *words):
    """A program of PostgreSQL's own, as the administrator, who passes all row-level security."""
    command = [places.binaries() / name, "-h", started.host, "-U", postgres.SUPERUSER, *words]
    subprocess.run(command, check=True)


def made_from():
    """What the city follows from: the whole package without what only draws pages, the policy book, the migrations."""
    seal = hashlib.sha256(server.made_from().encode())
    code = (server.ROOT / "src" / "doudi").rglob("*.py")
    drawn = {"portal", "ui", "documents", "views", "views.py", "urls.py"}
    book = (server.ROOT / "policybook").rglob("*.yaml")
    for path in [*sorted(path for path in code if not drawn & set(path.parts)), *sorted(book), Path(__file__)]:
        seal.update(path.name.encode() + path.read_bytes())
    return seal.hexdigest()


def _grow(started, city):
    """Divisions, people, every file received and landed, one run."""
    build_city(city.files, persons=PERSONS, seed=1, month=MONTH, months=MONTHS)
    _copy(started, server.TEMPLATE, TEMPLATE)
    server.enter_database(started.host, TEMPLATE)
    try:
        with at_home(city.home):
            _people()
            _land(city.files)
            _monitor()
    finally:
        server.enter_database(started.host, server.PLAIN)


def _is_there(started):
    with started.enter("postgres", postgres.SUPERUSER) as door:
        return door.execute("SELECT 1 FROM pg_database WHERE datname = %s", [TEMPLATE]).fetchone() is not None


@contextlib.contextmanager
def copied(started, city, name, home):
    """A database and a home of one's own, as the city was when it was grown."""
    shutil.copytree(city.home, home, dirs_exist_ok=True)
    _copy(started, TEMPLATE, name)
    server.enter_database(started.host, name)
    try:
        yield name
    finally:
        server.enter_database(started.host, server.PLAIN)
        started.drop(name)


def _people():
    from doudi.office.divisions import services as divisions  # noqa: PLC0415  # Django must be up before models are read

    with whole_city():
        divisions.take_over(path=divisions.SHIPPED, actor=machine("demo"), at=LANDED)
        for name in personas.everybody():
            personas.user(name, at=LANDED)


def _land(files):
    from doudi.office.exchange import services as exchange  # noqa: PLC0415  # as above

    months = sorted(path for path in files.iterdir() if path.is_dir())
    with whole_city():
        for month in months:
            for path in sorted(month.iterdir()):
                chunks = [path.read_bytes()]
                exchange.receive(actor=machine("demo"), at=LANDED, name=path.name, chunks=chunks, month=month.name)
    exchange.land_waiting(at=LANDED)


def _monitor():
    from doudi.office.monitoring import services as monitoring  # noqa: PLC0415  # as above

    with whole_city():
        run = monitoring.request_run(actor=machine("demo"), at=LANDED, day=AT.date())
    assert monitoring.run_now(run, clock=lambda: LANDED), "the city's run was not made"


def _copy(started, source, name):
    with started.enter("postgres", postgres.SUPERUSER) as door:
        door.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        door.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {}").format(
                sql.Identifier(name), sql.Identifier(source), sql.Identifier(OWNER_ROLE)
            )
        )
        for line in ("REVOKE ALL ON DATABASE {} FROM PUBLIC", "GRANT CONNECT, TEMPORARY ON DATABASE {} TO doudi_app"):
            door.execute(sql.SQL(line).format(sql.Identifier(name)))
