"""把数据库的表带到代码所在的版本；已经到了就不再花这几秒。

Brings the tables to where the code is, as their owner. The database says itself what it was brought to, in its comment:
a start that finds nothing new saves the seconds that Django takes to find out.
"""

import hashlib
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path
from typing import Final

import psycopg
from psycopg import sql

from doudi.errors import Refusal
from doudi.office.config.database import databases
from doudi.office.config.inheritance import leave_with_parent

__all__ = ["migrate"]

_OFFICE: Final = Path(__file__).resolve().parents[1]
_LIBRARIES: Final = ("Django", "procrastinate", "django-oauth-toolkit")


def migrate(home: Path, environment: Mapping[str, str]) -> bool:
    """True: there was something to bring. Refused: a migration failed, or the database cannot be entered."""
    owner = databases(home)["owner"]
    door = {
        "host": owner["HOST"],
        "port": owner["PORT"] or None,
        "user": owner["USER"],
        "password": owner["PASSWORD"] or None,
    }
    try:
        with psycopg.connect(dbname=owner["NAME"], autocommit=True, **door) as database:
            if _brought_to(database) == _seal(database):
                return False
            _migrate(environment)
            note = sql.SQL("COMMENT ON DATABASE {} IS {}")
            database.execute(note.format(sql.Identifier(owner["NAME"]), sql.Literal(_seal(database))))
    except psycopg.OperationalError as error:
        raise Refusal("config.no_database", f"进不了数据库：{error}；请核对服务器和 doudi_owner 的密码。") from error
    return True


def _migrate(environment: Mapping[str, str]) -> None:
    command = [sys.executable, "-m", "django", "migrate", "--database", "owner", "--verbosity", "0"]
    child = subprocess.Popen(  # noqa: S603  # our own program, and no shell
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=leave_with_parent(signal.SIGTERM),  # noqa: PLW1509  # nothing but system calls run in it
    )
    if child.wait():
        raise Refusal("config.migrate_failed", "数据库的表没有更新成功，原因见上；改好之前网站不启动。")


def _brought_to(database: psycopg.Connection[tuple[str | None]]) -> str | None:
    """What the last migration noted; None for a new database and for one restored without its comment."""
    found = database.execute(
        "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()"
    ).fetchone()
    return found[0] if found else None


def _seal(database: psycopg.Connection[tuple[str | None]]) -> str:
    """Of every migration that the code has, and of how many the database counts: one undone by hand is noticed."""
    seal = hashlib.sha256()
    for library in _LIBRARIES:
        seal.update(f"{library} {metadata.version(library)}\n".encode())
    for path in sorted(_OFFICE.glob("*/migrations/*.py")):
        seal.update(os.fsencode(path.relative_to(_OFFICE)) + b"\n" + path.read_bytes())
    made = database.execute("SELECT to_regclass('public.django_migrations')::text").fetchone()
    count = database.execute("SELECT count(*)::text FROM django_migrations").fetchone() if made and made[0] else None
    return f"migrations {seal.hexdigest()} {count[0] if count else 0}"
