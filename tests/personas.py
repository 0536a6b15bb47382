"""The people of all office tests: 张敏 (county), 李伟 (town), 王芳 (village), 赵强 (the neighbour county), the auditors.

They are the demo city's own (`accounts.people`), with the divisions they need. `viewer` asks for nothing but a
name; `user` and `log_in` need a database.
"""

from datetime import datetime, timedelta, timezone
from functools import cache

from doudi.office.accounts.people import PERSONAS

AT = datetime(2026, 6, 30, 9, 0, tzinfo=timezone(timedelta(hours=8)))
NAMES = {
    370000000000: "山东省", 370500000000: "东营市", 370502000000: "东营区", 370503000000: "河口区",
    370571000000: "东营经济技术开发区", 370572000000: "东营港经济开发区", 370502001000: "文汇街道",
    370502002000: "黄河路街道", 370503001000: "河口街道", 370502001011: "东营社区", 370502001013: "中王屋社区",
}  # fmt: skip
# How the divisions lie to each other: 东营区 is 张敏's, 河口区 the neighbour's.
OWN, CHILD, SIBLING, PARENT = 370502000000, 370502001000, 370503000000, 370500000000


@cache
def everybody():
    """Name → Persona."""
    return {persona.shown_name: persona for persona in PERSONAS}


def viewer(name, *, user_id=None):
    """The viewer that this person is, without a database. A supervisor looks at his organisation's city."""
    from doudi.office.accounts.scope import Viewer  # noqa: PLC0415  # Django must be up before models are read

    who = everybody()[name]
    number = list(everybody()).index(name) + 1 if user_id is None else user_id
    department = who.kind if who.role == "department_officer" else ""
    purpose = "示范审通〔一〕号" if who.role == "supervisor" else ""
    return Viewer(number, who.login, name, who.role, who.division, department, purpose)


def divisions():
    """The few divisions these people work in; once in a database is enough."""
    from doudi.office.common.codes import level_of  # noqa: PLC0415  # as above
    from doudi.office.divisions.cache import forget  # noqa: PLC0415  # as above
    from doudi.office.divisions.models import Division  # noqa: PLC0415  # as above

    if not Division.objects.filter(code=OWN).exists():
        above = {"province": None, "city": 10**10, "county": 10**8, "town": 10**6, "village": 10**3}
        Division.objects.bulk_create(
            Division(code=code, name=name, level=level, parent_id=step and code // step * step)
            for code, name in NAMES.items()
            for level in [level_of(code)]
            for step in [above[level]]
        )
    forget()


def user(name, *, at=AT):
    """The person's row, made when it is not there yet. Nobody knows his password; a supervisor has an open grant."""
    from doudi.office.accounts.models import SupervisionGrant, User  # noqa: PLC0415  # as above
    from doudi.office.accounts.services.demo import make_persona  # noqa: PLC0415  # as above

    who = everybody()[name]
    found = User.objects.filter(login=who.login).first()
    if found is None:
        divisions()
        found = make_persona(who, at=at, password=None)
    if who.role == "supervisor" and not SupervisionGrant.objects.filter(supervisor=found).exists():
        SupervisionGrant.objects.create(
            supervisor=found, notice_no="示范审通〔一〕号", purpose="试", division=who.division, asked_by=user("秦系"),
            decided_by=user("尤安"), asked_at=at, decided_at=at, from_day=at.date() - timedelta(days=3650),
            until_day=at.date() + timedelta(days=3650), state="open",
        )  # fmt: skip
    return found


def actor(name):
    """The person as the journal names him; his row is made when it is not there yet."""
    from doudi.office.accounts.services.entry import actor_of  # noqa: PLC0415  # as above

    return actor_of(user(name))


def log_in(client, name):
    """Seats the person at a test client, without a password and at this moment; gives the client back."""
    from doudi.office.common.clock import right_now  # noqa: PLC0415  # as above

    someone = user(name)
    client.force_login(someone, backend="doudi.office.accounts.backend.Backend")
    session = client.session
    session["seen"] = int(right_now().timestamp())
    session.save()
    someone.session_key = session.session_key
    someone.password_set_at = right_now()
    someone.totp_on = True
    someone.save(update_fields=["session_key", "password_set_at", "totp_on"])
    return client
