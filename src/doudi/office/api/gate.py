"""门口：来的是哪个系统或哪个人，进不进得了这个地址；进去之后就在他的辖区里。

Who asks, and may he come in here. A bearer token is asked first, then the session of the browser; the view behind the gate
runs under that viewer's scope, in the transaction that `accounts.middleware` opened for the request.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from doudi.errors import Refusal
from doudi.office.accounts.scope import OfficeRequest, Viewer
from doudi.office.accounts.selectors import owes
from doudi.office.api.problems import NOT_FOUND, told
from doudi.office.api.selectors import viewer_of_token
from doudi.office.audit.services import record
from doudi.office.common.doors import Door, open_door

__all__ = ["gated"]

View = Callable[..., HttpResponseBase]


def gated(view: View, door: Door, parameters: frozenset[str]) -> View:
    """The view behind its gate. The order: who asks, may his role, is it read, does he ask for what there is."""

    @wraps(view)
    def through(request: OfficeRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # noqa: ANN401 - of any view
        try:
            viewer = _admitted(request, door)
            _readable(request, parameters)
        except Refusal as refusal:
            return told(refusal)
        request.viewer = viewer
        viewer.enter()
        return view(request, *args, **kwargs)

    through.csrf_exempt = True  # type: ignore[attr-defined]  # Django's own mark: nothing here changes anything
    through.unwritable = _unwritable  # type: ignore[attr-defined]  # what the middleware answers in place of a page
    return open_door(through)  # the middleware's own door would send to the login page whoever comes with a token


def _admitted(request: OfficeRequest, door: Door) -> Viewer:
    viewer = _asked_by(request)
    if viewer.role not in door.roles:
        facts = {"path": request.resolver_match.route if request.resolver_match else "", "method": request.method or ""}
        record(actor=viewer.actor, at=request.at, act="accounts.door", outcome="refused", detail=facts)
        raise Refusal("api.not_found", NOT_FOUND)
    return viewer


def _asked_by(request: OfficeRequest) -> Viewer:
    """Whom the token names, else who sits in the browser; a token that is none is not passed over."""
    if "Authorization" in request.headers:
        kind, _, token = request.headers["Authorization"].partition(" ")
        client = viewer_of_token(token.strip(), request.at) if kind.lower() == "bearer" else None
        if client is None:
            raise Refusal("api.token", "令牌不对、已经过期或已被撤销；请重新取令牌。")
        return client
    sits: Viewer | None = request.viewer
    if sits is None:
        raise Refusal("api.nobody", "请先取令牌，放在 Authorization 头里；或者先在浏览器里登录。")
    if owes(request):
        raise Refusal("api.not_in_order", "请先在浏览器里修改到期的密码、设好动态口令，再来读接口。")
    return sits


def _unwritable() -> HttpResponse:
    return told(Refusal("api.unwritable", "网址里有不能用的字符（空字符）；请去掉。"))


def _readable(request: HttpRequest, parameters: frozenset[str]) -> None:
    """A word misspelt must not give the whole list: what is not a parameter here is refused."""
    if request.method != "GET":
        raise Refusal("api.method", "接口只能读，只接受 GET。")
    for name, values in request.GET.lists():
        if name not in parameters:
            known = "、".join(sorted(parameters)) or "没有参数"
            raise Refusal("api.unknown_parameter", f"这里没有参数“{name[:40]}”；有的是：{known}。")
        if len(values) > 1:
            raise Refusal("api.parameter_twice", f"参数“{name}”给了不止一次；请只给一次。")
