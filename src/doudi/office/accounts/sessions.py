"""Sessions: one a user, gone when idle. Whoever is thrown out is told why on the login page."""

from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.contrib import auth
from django.http import HttpRequest

from doudi.office.accounts.models import User
from doudi.office.accounts.scope import Viewer
from doudi.office.accounts.selectors import viewer_for

__all__ = ["LEFT", "begin", "end", "sitting"]

_SEEN: Final = "seen"  # when the person was last active, in whole seconds
_FRESH: Final = 60  # it is written once a minute at most, not with every request

LEFT: Final = {
    "idle": "您有一段时间没有操作，为了安全已经退出；请重新登录。",
    "elsewhere": "您的账号刚刚在别处登录，这里已经退出；如果不是您本人，请马上联系安全保密管理员。",
    "ended": "监督授权已经结束或尚未开始；需要继续监督的，请凭新的通知书办理。",
    "out": "您已退出。",
}


def begin(request: HttpRequest, user: User, at: datetime) -> None:
    """Seats the user: a new session, which ends his other one."""
    auth.login(request, user, backend="doudi.office.accounts.backend.Backend")
    request.session[_SEEN] = int(at.timestamp())
    user.session_key = request.session.session_key or ""
    user.logged_in_at = at
    user.save(update_fields=["session_key", "logged_in_at"])


def end(request: HttpRequest) -> None:
    """The session is gone, with all that stood in it."""
    auth.logout(request)


def sitting(request: HttpRequest, at: datetime) -> tuple[Viewer | None, str]:
    """Who sits at this request, and if nobody does any more, why: a word of `LEFT`, or empty."""
    user = request.user
    if not isinstance(user, User):
        return None, ""
    seen = int(request.session.get(_SEEN, 0))
    now = int(at.timestamp())
    if now - seen > timedelta(minutes=settings.DOUDI_IDLE_MINUTES).total_seconds():
        return _thrown_out(request, "idle")
    if user.session_key != request.session.session_key:
        return _thrown_out(request, "elsewhere")
    viewer = viewer_for(user, at)
    if viewer is None:
        return _thrown_out(request, "ended")
    if now - seen >= _FRESH:
        request.session[_SEEN] = now
    return viewer, ""


def _thrown_out(request: HttpRequest, why: str) -> tuple[None, str]:
    auth.logout(request)
    return None, why
