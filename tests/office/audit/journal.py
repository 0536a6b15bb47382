"""What the journal's tests write and tamper with."""

from datetime import datetime, timedelta

from doudi.office.audit.services import record
from doudi.office.common.actor import Actor
from doudi.office.common.clock import BEIJING
from doudi.office.common.roles import Role
from doudi.office.config import postgres

AT = datetime(2026, 6, 30, 9, 0, tzinfo=BEIJING)
CLERK = Actor(7, "zhangmin", Role.COUNTY_OFFICER, 370502000000)
NEIGHBOUR = Actor(8, "zhaoqiang", Role.COUNTY_OFFICER, 370503000000)


def written(count, **told):
    """So many entries, each in a transaction of its own when the test commits."""
    for number in range(count):
        record(
            actor=CLERK, at=AT, **{"act": "registry.reveal", "subject": f"p{number}", "detail": {"n": number}} | told
        )


def later(**difference):
    """A moment after now by the database's clock, far enough for what was just written to be late."""
    return datetime.now(BEIJING) + timedelta(**difference)


def tamper(server, database, *statements):
    """What somebody with every right may do: triggers off, then these statements."""
    with server.enter(database, postgres.SUPERUSER) as door:
        door.execute("SET session_replication_role = replica")
        for statement in statements:
            door.execute(statement)
