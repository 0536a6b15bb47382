"""数据库里的两个角色和它们的权限：可以反复做，做第二遍什么也不变。

The two roles of an installation, its database and their rights. Doing it twice changes nothing.
"""

import os
from typing import Final

import psycopg
from psycopg import sql

from doudi.errors import Refusal
from doudi.office.config.database import APP_ROLE, OWNER_ROLE

__all__ = ["provision"]

_PASSWORDS: Final = {OWNER_ROLE: "DOUDI_DB_OWNER_PASSWORD", APP_ROLE: "DOUDI_DB_APP_PASSWORD"}


def provision(administrator: str, database: str) -> None:
    """Makes the roles and the database where they are missing and sets their rights. `administrator`: psycopg's conninfo.

    The owner migrates; the application reads and writes rows. Neither passes row-level security, neither makes roles.
    Refused: no server answers; a role of that name exists and may pass row-level security or is superuser.
    """
    try:
        _provision(administrator, database)
    except psycopg.OperationalError as error:
        raise Refusal("config.no_server", f"数据库服务器连不上：{error}；请核对 PGHOST、PGUSER 和密码。") from error


def _provision(administrator: str, database: str) -> None:
    with psycopg.connect(administrator, dbname="postgres", autocommit=True) as server:
        for role in (OWNER_ROLE, APP_ROLE):
            _role(server, role)
        if not server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone():
            server.execute(
                sql.SQL(
                    "CREATE DATABASE {} OWNER {} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'"
                ).format(sql.Identifier(database), sql.Identifier(OWNER_ROLE))
            )
    with psycopg.connect(administrator, dbname=database) as inside:
        for line in _RIGHTS:
            names = {"database": database, "owner": OWNER_ROLE, "app": APP_ROLE}
            inside.execute(sql.SQL(line).format(**{name: sql.Identifier(word) for name, word in names.items()}))


_RIGHTS: Final = (
    "ALTER DATABASE {database} OWNER TO {owner}",
    "REVOKE ALL ON DATABASE {database} FROM PUBLIC",
    "GRANT CONNECT, TEMPORARY ON DATABASE {database} TO {app}",
    "ALTER SCHEMA public OWNER TO {owner}",
    "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
    "GRANT USAGE ON SCHEMA public TO {app}",
    "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {app}",
    "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {app}",
)


def _role(server: "psycopg.Connection[tuple[object, ...]]", role: str) -> None:
    """A login role without any attribute; its password is the environment's, when it names one."""
    found = server.execute("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = %s", [role]).fetchone()
    if found is None:
        server.execute(sql.SQL("CREATE ROLE {} LOGIN NOINHERIT").format(sql.Identifier(role)))
    elif any(found):
        raise Refusal(
            "config.role_too_strong",
            f"数据库角色 {role} 是超级用户，或可以绕过行级防护；请先取消它的 SUPERUSER 和 BYPASSRLS。",
        )
    if password := os.environ.get(_PASSWORDS[role]):
        server.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(role), sql.Literal(password)))
