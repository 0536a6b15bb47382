"""我的账号：岗位和能看的内容、密码、动态口令。"""

from django.contrib.auth import update_session_auth_hash
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from doudi.errors import Refusal
from doudi.office.accounts import services, totp
from doudi.office.accounts.forms import CodeForm, PasswordForm, told
from doudi.office.accounts.models import User
from doudi.office.accounts.passwords import rules
from doudi.office.accounts.scope import OfficeRequest
from doudi.office.accounts.services.entry import person_of
from doudi.office.common.doors import ANY_STAFF, allow
from doudi.office.common.fields import FieldClass
from doudi.office.common.masking import FIELD_WORDS, SIGHT_WORDS
from doudi.office.common.roles import LABELS
from doudi.office.divisions import selectors as divisions

__all__ = ["me", "password", "second_factor", "second_factor_picture"]


@allow(*ANY_STAFF, reading=True)
@require_GET
def me(request: OfficeRequest) -> HttpResponse:
    """Who I am here, where I work, what I may see."""
    viewer, user = request.viewer, _user(request)
    sights = [(FIELD_WORDS[kind], SIGHT_WORDS[viewer.sees(kind)]) for kind in FieldClass]
    said = {
        "user": user, "role": LABELS[viewer.role], "sights": sights,
        "place": "".join(divisions.path(viewer.division).values()),
    }  # fmt: skip
    return render(request, "accounts/me.html", said)


@allow(*ANY_STAFF, reading=True)
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def password(request: OfficeRequest) -> HttpResponse:
    """A new password; must be passed first when the old one was given by somebody or is too old."""
    user = _user(request)
    due = user.password_due(request.at)
    form = PasswordForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        address = str(request.META.get("REMOTE_ADDR", ""))
        try:
            services.change_password(user=user, old=given["old"], new=given["new"], at=request.at, address=address)
        except Refusal as refusal:
            told(form, refusal)
        else:
            update_session_auth_hash(request, user)  # this session stays, under a new key; others end
            user.session_key = request.session.session_key or ""
            user.save(update_fields=["session_key"])
            return HttpResponseRedirect("/" if due else "/accounts/me")
    said = {"form": form, "due": due, "rules": rules()}
    return render(request, "accounts/password.html", said, status=422 if form.errors else 200)


@allow(*ANY_STAFF, reading=True)
@never_cache
@require_http_methods(["GET", "POST"])
def second_factor(request: OfficeRequest) -> HttpResponse:
    """Setting up the second factor: photograph the picture, type the first code."""
    user = _user(request)
    if user.totp_on:
        return HttpResponseRedirect("/accounts/me")
    secret = services.start_second_factor(user=user)
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if services.prove_second_factor(user=user, code=form.cleaned_data["code"], at=request.at):
            return HttpResponseRedirect("/")
        form.add_error("code", "动态口令不对：请确认手机时间准确，等下一组数字再输。")
    spelled = " ".join(secret[i : i + 4] for i in range(0, len(secret), 4))
    said = {"form": form, "secret": spelled}
    return render(request, "accounts/second_factor.html", said, status=422 if form.errors else 200)


@allow(*ANY_STAFF, reading=True)
@never_cache
@require_GET
def second_factor_picture(request: OfficeRequest) -> HttpResponse:
    """The picture to photograph, only while the second factor is being set up."""
    user = _user(request)
    secret = None if user.totp_on else totp.secret_of(user)
    if secret is None:
        raise Http404
    return HttpResponse(totp.picture(user, secret), content_type="image/svg+xml")


def _user(request: OfficeRequest) -> User:
    return User.objects.select_related("organisation").get(pk=person_of(request.viewer.actor))
