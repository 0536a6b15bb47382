"""数据库在哪里：自带的，或 PGHOST 指明的。

Where the database is and under which two roles it is entered: `doudi_owner` owns the tables and migrates them,
`doudi_app` is what the office runs as; row-level security binds both.
"""

import os
from pathlib import Path
from typing import Any, Final

from doudi.office.config.places import places

__all__ = ["APP_ROLE", "OWNER_ROLE", "databases"]

APP_ROLE: Final = "doudi_app"
OWNER_ROLE: Final = "doudi_owner"


# How long the application waits, before the database ends the wait: for a row that somebody holds, and for a process that
# opened a transaction and says nothing in it. Landing and runs work long between two statements; pages get a minute (processes).
_LOCK: Final = "5min"
_SILENT: Final = "30min"


def databases(home: Path) -> dict[str, dict[str, Any]]:
    """Django's DATABASES: `default` as the application, `owner` for migrations.

    PG* and DOUDI_DB_* name an external server; without PGHOST it is the embedded one of the installation in `home`.
    """
    shared: dict[str, Any] = {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": os.environ.get("PGDATABASE", "doudi"),
        "HOST": os.environ.get("PGHOST") or str(places(home).socket),
        "PORT": os.environ.get("PGPORT", ""),
        "ATOMIC_REQUESTS": False,  # the scope's own transaction is opened by accounts.middleware
        "CONN_HEALTH_CHECKS": True,
    }
    # What PGOPTIONS says comes after and wins; libpq itself would read it only when we said nothing.
    limits = f"-c lock_timeout={_LOCK} -c idle_in_transaction_session_timeout={_SILENT}"
    waits = {"OPTIONS": {"options": f"{limits} {os.environ.get('PGOPTIONS', '')}".strip()}}
    app = {**shared, **waits, "USER": APP_ROLE, "PASSWORD": os.environ.get("DOUDI_DB_APP_PASSWORD", "")}
    owner = {**shared, "USER": OWNER_ROLE, "PASSWORD": os.environ.get("DOUDI_DB_OWNER_PASSWORD", "")}
    return {"default": {**app, "CONN_MAX_AGE": 600}, "owner": owner}
