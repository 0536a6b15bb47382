"""Letting a system in, putting it out, and knowing it again when it comes for a token."""

from datetime import datetime, timedelta
from functools import cache
from typing import NamedTuple

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import IntegrityError, transaction
from django.db.models import F
from oauth2_provider.generators import generate_client_id, generate_client_secret
from oauth2_provider.models import AccessToken, Application

from doudi.errors import Refusal
from doudi.office.accounts.services.posts import fitting_post
from doudi.office.accounts.services.throttling import count_login_failure, refuse_login_storm
from doudi.office.api.models import Client
from doudi.office.api.people import viewer_of
from doudi.office.api.states import ACTIVE, CLIENT, CLIENT_ROLES
from doudi.office.audit.services import make_move, record
from doudi.office.common.actor import Actor, machine
from doudi.office.common.roles import LABELS, Role

__all__ = ["Asked", "Credentials", "ask_client", "decide_client", "identify", "tidy_tokens", "token_taken", "withdraw_client"]  # fmt: skip


class Asked(NamedTuple):
    """A client as asked for; `organisation` by its key."""

    name: str
    code: str
    organisation: int
    role: Role
    division: int
    purpose: str


class Credentials(NamedTuple):
    """What the system must know. The secret is told once; nothing here can tell it again."""

    client_id: str
    secret: str


@transaction.atomic
def ask_client(*, actor: Actor, at: datetime, asked: Asked) -> Client:
    """A client in state `asked`, which gets no token before the security administrator admits it.

    By the system administrator. Refused: a role that no system may stand in for or that does not fit the organisation or
    the division, a name or a code that is taken, no purpose.
    """
    if actor.role is not Role.SYSTEM_ADMIN or actor.user_id is None:
        raise Refusal("api.not_yours", f"系统接入只由{LABELS[Role.SYSTEM_ADMIN]}提出。")
    if asked.role not in CLIENT_ROLES:
        raise Refusal("api.role", f"系统不能以“{LABELS[asked.role]}”的岗位读取；请改选别的岗位。")
    if not asked.purpose.strip():
        raise Refusal("api.purpose", "请写明用途：这个系统为什么读、读来做什么。")
    department = fitting_post(role=asked.role, organisation=asked.organisation, division=asked.division)
    made = Client(
        name=asked.name.strip(), code=asked.code, organisation_id=asked.organisation, role=asked.role.value,
        division=asked.division, department=department, purpose=asked.purpose.strip(), asked_by_id=actor.user_id,
        asked_at=at,
    )  # fmt: skip
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError as error:
        raise Refusal("api.client_twice", "已有同名或同代号的系统接入；请换一个名称和代号。") from error
    record(
        actor=actor, at=at, act="api.ask_client", subject_kind="api.client", subject=str(made.pk),
        division=made.division, why=made.purpose, detail={"role": made.role},
    )  # fmt: skip
    return made


@transaction.atomic
def decide_client(*, client: Client, approve: bool, actor: Actor, at: datetime, why: str = "") -> Credentials | None:
    """Admits or declines. By the security administrator, never by who asked. Gives number and secret, once; None: declined."""
    told = {"decided_by_id": actor.user_id, "decided_at": at}
    if not approve:
        make_move(workflow=CLIENT, row=client, move="不批准", actor=actor, at=at, why=why, **told)
        return None
    made = Credentials(generate_client_id(), generate_client_secret())
    application = Application.objects.create(
        client_id=made.client_id, client_secret=made.secret, name=client.code, client_type="confidential",
        authorization_grant_type="client-credentials",
    )  # fmt: skip
    make_move(
        workflow=CLIENT, row=client, move="批准", actor=actor, at=at, why=why, application_id=application.pk, **told
    )
    return made


@transaction.atomic
def withdraw_client(*, client: Client, actor: Actor, at: datetime, why: str) -> None:
    """Puts the client out, with a reason; its tokens are gone with it. By an administrator."""
    make_move(workflow=CLIENT, row=client, move="停用", actor=actor, at=at, why=why)
    AccessToken.objects.filter(application=client.application_id).delete()


def identify(*, client_id: str, secret: str, at: datetime, address: str = "") -> Client | None:
    """The client of that number and secret; None for whatever reason, so that nothing is told.

    A failure counts and is journalled, and the count locks the client for a time, as it does an account: the caller's
    transaction must keep it. Refused before anything is looked at: too many failures came from that address.
    """
    refuse_login_storm(at=at, address=address)
    known = Client.objects.select_related("application").filter(application__client_id=client_id.replace("\x00", ""))
    client = known.first()
    stored = client.application.client_secret if client and client.application else _decoy()
    right = check_password(secret, stored)
    if client is not None and right and client.state == ACTIVE and not client.locked(at):
        return client
    _count(client.pk if client else 0, at, address)
    return None


def token_taken(*, client: Client, at: datetime, address: str = "") -> None:
    """What a token leaves behind: no failures, the moment, a row of the journal."""
    Client.objects.filter(pk=client.pk).update(failures=0, locked_until=None, used_at=at)
    record(
        actor=viewer_of(client).actor, at=at, act="api.token", subject_kind="api.client", subject=str(client.pk),
        division=client.division, why=client.purpose, detail={"address": address},
    )  # fmt: skip


def tidy_tokens(*, at: datetime) -> int:
    """Takes away the tokens that are over; nobody could read with them any more anyway. Gives how many."""
    return int(AccessToken.objects.filter(expires__lte=at).delete()[0])


@transaction.atomic
def _count(pk: int, at: datetime, address: str) -> None:
    """Counts a failure; the same statements whether there is such a client or not, so that the time tells nothing."""
    open_ones = Client.objects.filter(pk=pk).exclude(locked_until__gt=at)
    open_ones.update(failures=F("failures") + 1)
    until = at + timedelta(minutes=settings.DOUDI_LOCK_MINUTES)
    full = open_ones.filter(failures__gte=settings.DOUDI_LOCK_AFTER)
    count_login_failure(at=at, address=address)
    locked = bool(full.update(failures=0, locked_until=until))
    record(
        actor=machine("api"), at=at, act="api.token", subject_kind="api.client", subject=str(pk) if pk else "",
        outcome="refused", detail={"address": address, "locked": locked},
    )  # fmt: skip


@cache
def _decoy() -> str:
    """One hash of this process, checked when nobody has the number."""
    return make_password("nobody has this")
