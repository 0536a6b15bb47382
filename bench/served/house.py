"""The real office of a folder: embedded database, migrated, and gunicorn before it."""

from __future__ import annotations

import contextlib
import os
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import django
from django.db import connections

from doudi.office.config import migrating, places, postgres, processes, secret

__all__ = ["cpu_seconds", "opened", "settle", "site"]


@contextlib.contextmanager
def opened(home: Path) -> Iterator[int]:
    """The database runs, is migrated, and Django knows it; the value is the server's process id."""
    os.environ |= {
        "DOUDI_HOME": str(home), "DJANGO_SETTINGS_MODULE": "doudi.office.config.settings", "DOUDI_DEMO": "1",
        "DOUDI_SEARCHES": "0", "DOUDI_SEARCHES_ADDRESS": "0",  # a bench asks more often than a person may
    }  # fmt: skip
    secret.make_secret_key(home)
    with processes.database(home):
        migrating.migrate(home, processes.environment(home))
        django.setup()
        pid = int((places.places(home).data / "postmaster.pid").read_text().split()[0])
        try:
            yield pid
        finally:
            connections.close_all()
    if not os.environ.get("PGHOST"):
        postgres.erase(places.places(home))


@contextlib.contextmanager
def site(home: Path) -> Iterator[tuple[int, int]]:
    """The site as it runs in an installation, two workers of gunicorn; port and process id."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen(512)
        child = processes.web(home, door.fileno())
        child.look(print)
        try:
            if child.process is None:
                raise SystemExit("the site did not start")
            yield door.getsockname()[1], child.process.pid
        finally:
            child.ask_to_leave()
            child.end()


def cpu_seconds(*roots: int) -> float:
    """CPU that these processes, all below them and all that these buried have used so far. Linux only."""
    ticks, parents = 0, {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
                parents[int(entry.name)] = int(fields[1]), sum(map(int, fields[11:15]))
    for pid, (_, used) in parents.items():
        above = pid
        while above in parents and above not in roots:
            above = parents[above][0]
        ticks += used if above in roots else 0
    return ticks / os.sysconf("SC_CLK_TCK")


def settle(seconds: float = 0.3) -> None:
    """Lets what was asked for come to rest before CPU is read."""
    time.sleep(seconds)
