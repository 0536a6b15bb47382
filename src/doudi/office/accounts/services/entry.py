"""Logging in and out. The answer to a failed login is one sentence, and takes as long whoever is asked for."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.db.models import F

from doudi.errors import Fault
from doudi.office.accounts.models import User
from doudi.office.accounts.services.throttling import refuse_login_storm
from doudi.office.accounts.throttle import LOGIN, count
from doudi.office.audit.services import record
from doudi.office.common.actor import Actor, machine
from doudi.office.common.roles import Role

__all__ = ["actor_of", "failed", "failed_sentence", "log_in", "log_out", "person_of", "seated"]

_DECOY: dict[str, str] = {}  # one hash of this process, checked when nobody has the login


def actor_of(user: User) -> Actor:
    """The user as the journal names him."""
    return Actor(user.pk, user.login, Role(user.role), user.division)


def person_of(actor: Actor) -> int:
    """The key of the person who acts. Fault: it is a machine, which asks for nothing here."""
    if actor.user_id is None:
        raise Fault("accounts.machine_asks", f"“{actor.name}”是程序，不能以人的身份提出这件事。")
    return actor.user_id


def log_in(*, login: str, password: str, at: datetime, address: str = "") -> User | None:
    """The active user of that login and password; None when it failed, for whatever reason, so that nothing is told.

    A failure counts and is journalled, and the count locks the account for a time: nothing is raised for it, since the
    caller's transaction must keep the count. Refused: too many failures came from that address, whatever the account.
    """
    refuse_login_storm(at=at, address=address)
    user = User.objects.filter(login=login).first()
    right = check_password(password, user.password if user else _decoy())
    if user is not None and right and user.state == "active" and not user.locked(at):
        return user
    _count(user.pk if user else 0, at, address)
    return None


def seated(*, user: User, at: datetime, address: str = "") -> None:
    """What a login that succeeded leaves behind: no failures, a row of the journal."""
    User.objects.filter(pk=user.pk).update(failures=0, locked_until=None)
    record(
        actor=actor_of(user),
        at=at,
        act="accounts.login",
        subject_kind="user",
        subject=str(user.pk),
        detail={"address": address},
    )


def log_out(*, actor: Actor, at: datetime) -> None:
    """Journals that somebody left."""
    record(actor=actor, at=at, act="accounts.logout", subject_kind="user", subject=str(actor.user_id))


def failed(*, user: User, at: datetime, address: str = "") -> None:
    """A second factor that was wrong counts like a wrong password."""
    _count(user.pk, at, address)


def failed_sentence() -> str:
    """What whoever failed is told: the same for an unknown login, a wrong password, a locked or a suspended account."""
    return (
        f"没有登录成功：登录名、密码或动态口令不对，或者账号未启用、已被锁定。连续 {settings.DOUDI_LOCK_AFTER} 次不对将锁定"
        f" {settings.DOUDI_LOCK_MINUTES} 分钟；忘记密码请找系统管理员申请重置。"
    )


@transaction.atomic
def _count(pk: int, at: datetime, address: str) -> None:
    """Counts a failure; the same statements whether there is such a user or not, so that the time tells nothing."""
    open_ones = User.objects.filter(pk=pk).exclude(locked_until__gt=at)
    open_ones.update(failures=F("failures") + 1)
    until = at + timedelta(minutes=settings.DOUDI_LOCK_MINUTES)
    full = open_ones.filter(failures__gte=settings.DOUDI_LOCK_AFTER)
    count(LOGIN, at, address=address)
    subject, facts = (str(pk) if pk else ""), {"address": address}
    if full.update(failures=0, locked_until=until):
        record(
            actor=machine("login"), at=at, act="accounts.locked", subject_kind="user", subject=subject,
            outcome="refused", detail=facts,
        )  # fmt: skip
    else:
        record(
            actor=machine("login"), at=at, act="accounts.login", subject_kind="user", subject=subject,
            outcome="refused", detail=facts,
        )  # fmt: skip


def _decoy() -> str:
    return _DECOY.setdefault("hash", make_password("nobody has this"))
