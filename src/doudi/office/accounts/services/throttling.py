"""Turning away who tries too often: with one sentence, and a row of the journal each time."""

from datetime import datetime
from typing import Final

from django.conf import settings

from doudi.errors import Refusal
from doudi.office.accounts.scope import Viewer
from doudi.office.accounts.throttle import LOGIN, SEARCH, Shut, count, shut_to
from doudi.office.audit.services import record
from doudi.office.common.actor import Actor, machine
from doudi.office.common.clock import BEIJING

__all__ = ["count_login_failure", "count_search", "refuse_login_storm"]

_WHO: Final = {"person": "您", "address": "这个网络地址"}


def refuse_login_storm(*, at: datetime, address: str) -> None:
    """Before a password is looked at. Refused, journalled: too many failures came from that address in this window.

    It tells nothing of any account, and stands for the right password too: else trying on would pay.
    """
    if (shut := shut_to(LOGIN, at, address=address)) is None:
        return
    _journal(machine("login"), at, LOGIN, shut, address)
    raise Refusal(
        "accounts.too_many_failures",
        f"这个网络地址在 {settings.DOUDI_THROTTLE_MINUTES} 分钟内登录失败已有 {shut.done} 次，暂时不能再试；"
        f"请在 {_clock(shut)} 以后再来，急用请联系系统管理员。",
    )


def count_login_failure(*, at: datetime, address: str) -> None:
    """Counts one failure to come in from that address, of a person or of a system. Never refuses: that is asked before."""
    count(LOGIN, at, address=address)


def count_search(*, viewer: Viewer, at: datetime, address: str = "") -> None:
    """Counts one search for people. Refused, journalled: this person, or all from his address, searched too often.

    Call it where the caller's transaction is kept after a refusal, so that count and journal stay.
    """
    shut = count(SEARCH, at, person=viewer.user_id or 0, address=address)
    if shut is None:
        return
    _journal(viewer.actor, at, SEARCH, shut, address)
    raise Refusal(
        "accounts.too_many_searches",
        f"{_WHO[shut.who]}在 {settings.DOUDI_THROTTLE_MINUTES} 分钟内查人已有 {shut.done - 1} 次，超过规定的次数；"
        f"请在 {_clock(shut)} 以后再查，确需大批核对的请用名单筛选或申请导出。",
    )


def _journal(actor: Actor, at: datetime, deed: str, shut: Shut, address: str) -> None:
    told = {"deed": deed, "who": shut.who, "count": shut.done, "address": address}
    record(actor=actor, at=at, act="accounts.throttled", outcome="refused", detail=told)


def _clock(shut: Shut) -> str:
    return f"{shut.until.astimezone(BEIJING):%H:%M}"
