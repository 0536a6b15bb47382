"""One transaction a request, entered under the viewer's scope; every page's door is asked here."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import resolve

from doudi.errors import Fault, Refusal
from doudi.office.accounts.models import User
from doudi.office.accounts.scope import OfficeRequest, Viewer
from doudi.office.accounts.sessions import sitting
from doudi.office.audit.services import record, record_refusal
from doudi.office.common.clock import right_now
from doudi.office.common.doors import Door, door_of, has_own_transactions
from doudi.office.common.roles import Role

__all__ = ["ScopedRequest"]

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
# Where somebody who must first put his own login in order may still go.
_ORDERLY = frozenset({"accounts:password", "logout", "accounts:second_factor", "accounts:second_factor_picture"})


class ScopedRequest:
    """Gives each request `viewer` (None: nobody) and `at`; opens its transaction, whose scope is gone with it.

    An answer of 5xx undoes everything. 404 and other refusals stay, since the journal keeps them. Around a view that waits
    for its caller (`doors.own_transactions`) none is opened: the sealer and others would wait with it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: OfficeRequest) -> HttpResponseBase:
        request.at = right_now()
        if _opens_its_own(request):
            with transaction.atomic():
                self._seat(request)
            return self.get_response(request)
        with transaction.atomic():
            self._seat(request)
            if request.viewer is not None:
                request.viewer.enter()
            response = self.get_response(request)
            if response.status_code >= 500:
                transaction.set_rollback(True)
        return response

    def _seat(self, request: OfficeRequest) -> None:
        viewer, request.left = sitting(request, request.at)
        request.viewer = viewer  # type: ignore[assignment]  # None only until a door is passed

    def process_view(
        self,
        request: OfficeRequest,
        view: Callable[..., HttpResponseBase],
        _args: tuple[Any, ...],
        _kwargs: dict[str, Any],
    ) -> HttpResponseBase | None:
        """The door of the view that is about to be called; before it, what no table can hold is turned away."""
        if _unwritable(request, typed=not getattr(view, "csrf_exempt", False)):
            if own := getattr(view, "unwritable", None):  # the API has one shape for whatever is wrong
                return own()  # type: ignore[no-any-return]  # an attribute of a function has no type
            return _sentence(
                request, "提交的内容里有不能保存的字符（空字符）；请删去后再提交。", "accounts.unwritable", 400
            )
        door = door_of(view)
        if door is not None and door.anybody:
            return None
        viewer: Viewer | None = request.viewer
        if viewer is None:
            return _to_login(request)
        if door is None:
            raise Fault("accounts.no_door", f"页面 {request.path} 没有写明给哪些岗位看，谁也不能进。")
        return _out_of_order(request) or _refused(request, viewer, door)

    def process_exception(self, request: OfficeRequest, error: Exception) -> HttpResponse | None:
        """A refusal that no form could show beside its field becomes a page with its sentence, and a row of the journal."""
        if not isinstance(error, Refusal):
            return None
        if request.viewer is not None:  # who is not logged in has his own rows: accounts.login, accounts.throttled
            page = request.resolver_match.view_name if request.resolver_match else ""
            record_refusal(
                actor=request.viewer.actor, at=request.at, act="accounts.refused", error=error,
                subject_kind="page", subject=page,
            )  # fmt: skip
        return _sentence(request, error.sentence, error.code, 422)


def _opens_its_own(request: OfficeRequest) -> bool:
    if request.method != "POST" or request.content_type != "multipart/form-data":  # nobody waits long for anything else
        return False
    try:
        return has_own_transactions(resolve(request.path_info).func)
    except Http404:
        return False


def _sentence(request: OfficeRequest, sentence: str, code: str, status: int) -> HttpResponse:
    return render(request, "accounts/refused.html", {"sentence": sentence, "code": code}, status=status)


def _unwritable(request: OfficeRequest, *, typed: bool) -> bool:
    """A NUL, which PostgreSQL refuses: nobody types one, probing tools do. Not `typed`: a form that its view reads itself."""
    given = [request.GET]
    if typed:
        given.append(request.POST)
    return "\x00" in request.path or any(
        "\x00" in value for form in given for _, values in form.lists() for value in values
    )


def _to_login(request: OfficeRequest) -> HttpResponse:
    asked = {"next": request.get_full_path()} if request.method in _SAFE else {}
    if request.left:
        asked["left"] = request.left
    target = f"{settings.LOGIN_URL}?{urlencode(asked)}" if asked else settings.LOGIN_URL
    if request.headers.get("HX-Request"):  # a fragment must not be filled with the login page
        return HttpResponse(status=204, headers={"HX-Redirect": settings.LOGIN_URL})
    return HttpResponseRedirect(target)


def _refused(request: OfficeRequest, viewer: Viewer, door: Door) -> HttpResponse | None:
    facts = {"path": request.resolver_match.route if request.resolver_match else "", "method": request.method or ""}
    if viewer.role not in door.roles:
        record(actor=viewer.actor, at=request.at, act="accounts.door", outcome="refused", detail=facts)
        raise Http404
    if viewer.role is Role.SUPERVISOR and request.method not in _SAFE and not door.reading:
        record(actor=viewer.actor, at=request.at, act="accounts.read_only", outcome="refused", detail=facts)
        sentence = "外部监督只能查看，不能办理；需要有人办理的，请告知经办人员。"
        return _sentence(request, sentence, "accounts.read_only", 403)
    return None


def _out_of_order(request: OfficeRequest) -> HttpResponseRedirect | None:
    """To the password page when the password is due, to the second factor when there must be one."""
    user = request.user
    here = request.resolver_match.view_name if request.resolver_match else ""
    if here in _ORDERLY or not isinstance(user, User):
        return None
    if user.password_due(request.at):
        return HttpResponseRedirect("/accounts/password")
    if user.second_factor_due():
        return HttpResponseRedirect("/accounts/second-factor")
    return None
