"""登录、动态口令、退出。"""

from typing import Final

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from doudi.errors import Refusal
from doudi.office.accounts import services
from doudi.office.accounts.forms import CodeForm, LoginForm
from doudi.office.accounts.models import User
from doudi.office.accounts.scope import OfficeRequest
from doudi.office.accounts.selectors import viewer_for
from doudi.office.accounts.services.entry import failed_sentence
from doudi.office.accounts.sessions import LEFT, begin, end
from doudi.office.common.doors import ANY_STAFF, allow, open_door
from doudi.office.common.network import address_of

__all__ = ["code", "login", "logout"]

_HALF: Final = "half"  # the user whose password was right and whose code is awaited, and since when
_HALF_SECONDS: Final = 300


@open_door
@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "POST"])
def login(request: OfficeRequest) -> HttpResponse:
    """Login and password; then the second factor where there is one."""
    onward = _onward(request)
    if request.method == "GET":
        if getattr(request, "viewer", None) is not None:
            return HttpResponseRedirect(onward)
        return _page(request, LoginForm(), onward, LEFT.get(request.left or request.GET.get("left", "")))
    form = LoginForm(request.POST)
    if not form.is_valid():
        return _page(request, form, onward)
    given, address = form.cleaned_data, address_of(request)
    try:
        user = services.log_in(login=given["login"], password=given["password"], at=request.at, address=address)
    except Refusal as refusal:
        form.add_error(None, refusal.sentence)
        return _page(request, form, onward, status=429)
    if user is None:
        form.add_error(None, failed_sentence())
        return _page(request, form, onward)
    if settings.DOUDI_SECOND_FACTOR and user.totp_on:
        request.session.cycle_key()
        request.session[_HALF] = [user.pk, int(request.at.timestamp()), onward]
        return HttpResponseRedirect("/login/code")
    return _seat(request, user, onward)


@open_door
@never_cache
@require_http_methods(["GET", "POST"])
def code(request: OfficeRequest) -> HttpResponse:
    """The second factor of somebody whose password was right, for five minutes."""
    pk, since, onward = request.session.get(_HALF, (0, 0, "/"))
    user = User.objects.filter(pk=pk, state="active").first()
    if user is None or request.at.timestamp() - since > _HALF_SECONDS:
        return HttpResponseRedirect(settings.LOGIN_URL)
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data["code"]
        if services.prove_second_factor(user=user, code=typed, at=request.at, address=address_of(request)):
            del request.session[_HALF]
            return _seat(request, user, onward)
        form.add_error("code", failed_sentence())
    return render(request, "accounts/code.html", {"form": form}, status=_status(request, form))


@allow(*ANY_STAFF, reading=True)
@require_POST
def logout(request: OfficeRequest) -> HttpResponse:
    """Leaves; the session is gone."""
    services.log_out(actor=request.viewer.actor, at=request.at)
    end(request)
    return HttpResponseRedirect(f"{settings.LOGIN_URL}?left=out")


def _seat(request: OfficeRequest, user: User, onward: str) -> HttpResponse:
    if viewer_for(user, request.at) is None:
        return _page(request, LoginForm(), "/", LEFT["ended"])
    services.seated(user=user, at=request.at, address=address_of(request))
    begin(request, user, request.at)
    return HttpResponseRedirect(onward)


def _page(
    request: OfficeRequest, form: LoginForm, onward: str, left: str | None = None, *, status: int = 0
) -> HttpResponse:
    said = {"form": form, "onward": onward, "left": left, "demo": settings.DEMO}
    return render(request, "accounts/login.html", said, status=status or _status(request, form))


def _status(request: OfficeRequest, form: LoginForm | CodeForm) -> int:
    return 422 if request.method == "POST" and form.errors else 200


def _onward(request: OfficeRequest) -> str:
    """Where to after the login: an address of this site only, the workbench otherwise."""
    asked = request.POST.get("next") or request.GET.get("next") or "/"
    local = url_has_allowed_host_and_scheme(asked, allowed_hosts=None, require_https=request.is_secure())
    return asked if local and asked.startswith("/") else "/"
