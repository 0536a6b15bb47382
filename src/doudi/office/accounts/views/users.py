"""机构和用户：系统管理员提出，安全保密管理员批准。"""

from typing import Any, Final

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from doudi.errors import Refusal
from doudi.office.accounts import services
from doudi.office.accounts.forms import ChangeForm, OrganisationForm, UserForm, told
from doudi.office.accounts.models import AccountChange, Organisation, SupervisionGrant, User
from doudi.office.accounts.scope import OfficeRequest
from doudi.office.accounts.states import CHANGE, GRANT, USER
from doudi.office.common.doors import allow
from doudi.office.common.roles import LABELS, Role
from doudi.office.divisions import selectors as divisions

__all__ = ["ask_change", "decide_change", "move", "new_user", "organisations", "user", "users", "waiting"]

_PAGE: Final = 50
_MOST: Final = 200  # organisations on the page; beyond, one looks for the name
SYSTEM, SECURITY = Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN


@allow(SYSTEM, SECURITY)
@require_GET
def users(request: OfficeRequest) -> HttpResponse:
    """Everybody with an account, by text, role and state; pages by key."""
    asked = {name: request.GET.get(name, "").strip()[:40] for name in ("text", "role", "state", "after")}
    found = User.objects.select_related("organisation").order_by("login")
    if asked["text"]:
        words = Q(login__icontains=asked["text"]) | Q(shown_name__icontains=asked["text"])
        found = found.filter(words | Q(organisation__name__icontains=asked["text"]))
    for column in ("role", "state"):
        if asked[column]:
            found = found.filter(**{column: asked[column]})
    total = found.count()
    if asked["after"]:
        found = found.filter(login__gt=asked["after"])
    page = list(found[: _PAGE + 1])
    said = {
        "rows": [_row(each) for each in page[:_PAGE]], "total": total, "asked": asked,
        "more": page[_PAGE - 1].login if len(page) > _PAGE else "",
        "roles": [(role.value, LABELS[role]) for role in Role if role is not Role.MACHINE],
        "states": [(state, word) for state, (word, _) in USER.states.items()],
    }  # fmt: skip
    return render(request, "accounts/users.html", said)


@allow(SYSTEM, SECURITY)
@require_GET
def user(request: OfficeRequest, pk: int) -> HttpResponse:
    """One account: its post, its state, its changes, and what this administrator may do with it."""
    return _user_page(request, _found(pk), ChangeForm())


@allow(SYSTEM, SECURITY)
@never_cache
@require_POST
def move(request: OfficeRequest, pk: int) -> HttpResponse:
    """One move of the user's life; an approval shows the first password, this once."""
    subject = _found(pk)
    word, why, actor = request.POST.get("move", ""), request.POST.get("why", "")[:400], request.viewer.actor
    try:
        if word in {"批准", "不批准"}:
            approve = word == "批准"
            password = services.decide_user(user=subject, approve=approve, actor=actor, at=request.at, why=why)
            if password is not None:
                return render(request, "accounts/handed.html", {"subject": subject, "password": password})
        else:
            services.move_user(user=subject, move=word, actor=actor, at=request.at, why=why)
    except Refusal as refusal:
        return _user_page(request, subject, ChangeForm(), refused=refusal.sentence, why=why)
    messages.success(request, f"{subject.shown_name}的账号：{word}，已办。")
    return HttpResponseRedirect(f"/accounts/users/{pk}")


@allow(SYSTEM)
@require_POST
def ask_change(request: OfficeRequest, pk: int) -> HttpResponse:
    """Asks for a change to somebody else's account."""
    subject = _found(pk)
    form = ChangeForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            services.ask_change(
                actor=request.viewer.actor, at=request.at, user=subject, kind=given["kind"], why=given["why"],
                role=Role(given["role"] or subject.role), organisation=subject.organisation,
                division=given["division"] or subject.division,
            )  # fmt: skip
        except Refusal as refusal:
            told(form, refusal)
        else:
            messages.success(request, "变更已经提出，等安全保密管理员批准。")
            return HttpResponseRedirect(f"/accounts/users/{pk}")
    return _user_page(request, subject, form)


@allow(SYSTEM)
@require_http_methods(["GET", "POST"])
def organisations(request: OfficeRequest) -> HttpResponse:
    """The organisations, by text, and a new one."""
    form = OrganisationForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.make_organisation(actor=request.viewer.actor, at=request.at, **form.cleaned_data)
        except Refusal as refusal:
            told(form, refusal)
        else:
            messages.success(request, f"已建机构“{made.name}”，可以在其中新增用户。")
            return HttpResponseRedirect("/accounts/organisations/")
    text = request.GET.get("text", "").strip()[:40]
    found = Organisation.objects.filter(Q(name__icontains=text) | Q(kind=text))
    rows = list(found[:_MOST])
    names = {each.division: divisions.place_name(each.division) for each in rows}
    said = {"rows": rows, "names": names, "form": form, "text": text, "total": found.count(), "most": _MOST}
    return render(request, "accounts/organisations.html", said, status=422 if form.errors else 200)


@allow(SYSTEM)
@require_http_methods(["GET", "POST"])
def new_user(request: OfficeRequest, pk: int) -> HttpResponse:
    """Asks for a user in an organisation."""
    organisation = get_object_or_404(Organisation, pk=pk)
    form = UserForm(request.POST if request.method == "POST" else None, initial={"division": organisation.division})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data | {"role": Role(form.cleaned_data["role"]), "organisation": organisation}
        try:
            made = services.ask_user(actor=request.viewer.actor, at=request.at, asked=services.Asked(**given))
        except Refusal as refusal:
            told(form, refusal)
        else:
            messages.success(request, f"{made.shown_name}的账号已经提出，等安全保密管理员批准后启用。")
            return HttpResponseRedirect(f"/accounts/users/{made.pk}")
    said = {"form": form, "organisation": organisation, "place": divisions.place_name(organisation.division)}
    return render(request, "accounts/new_user.html", said, status=422 if form.errors else 200)


@allow(SYSTEM, SECURITY)
@require_GET
def waiting(request: OfficeRequest) -> HttpResponse:
    """What waits for the second person: new users and changes."""
    asked = User.objects.filter(state=USER.start).select_related("organisation", "asked_by").order_by("asked_at")[:200]
    changes = AccountChange.objects.filter(state=CHANGE.start).select_related("user", "asked_by", "organisation")[:200]
    said = {
        "users": [_row(each) for each in asked], "decides": request.viewer.role is SECURITY,
        "changes": [(each, LABELS[Role(each.role)] if each.role else "") for each in changes],
        "names": {each.division: divisions.place_name(each.division) for each in changes if each.division},
        "grants": SupervisionGrant.objects.filter(state=GRANT.start).count(),
    }  # fmt: skip
    return render(request, "accounts/waiting.html", said)


@allow(SECURITY)
@never_cache
@require_POST
def decide_change(request: OfficeRequest, pk: int) -> HttpResponse:
    """Makes or declines a change; a new password is shown this once."""
    change = get_object_or_404(AccountChange.objects.select_related("user"), pk=pk)
    approve, why = request.POST.get("move") == "批准", request.POST.get("why", "")[:400]
    try:
        password = services.decide_change(
            change=change, approve=approve, actor=request.viewer.actor, at=request.at, why=why
        )
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
        return HttpResponseRedirect("/accounts/waiting/")
    if password is not None:
        return render(request, "accounts/handed.html", {"subject": change.user, "password": password})
    messages.success(
        request, f"{change.user.shown_name}：{AccountChange.KINDS[change.kind]}，{'已办' if approve else '未批准'}。"
    )
    return HttpResponseRedirect("/accounts/waiting/")


def _found(pk: int) -> User:
    found = User.objects.select_related("organisation", "asked_by").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _row(each: User) -> dict[str, Any]:
    return {
        "user": each, "role": LABELS[Role(each.role)], "place": divisions.place_name(each.division),
        "word": USER.word(each.state), "tone": USER.tone(each.state),
    }  # fmt: skip


def _user_page(
    request: OfficeRequest, subject: User, form: ChangeForm, *, refused: str = "", why: str = ""
) -> HttpResponse:
    changes = subject.changes.select_related("asked_by", "decided_by")[:20]
    said = _row(subject) | {
        "subject": subject, "form": form, "refused": refused, "why": why, "locked": subject.locked(request.at),
        "moves": list(USER.open_to(subject, subject.state, request.viewer.actor)),
        "asks": request.viewer.role is SYSTEM and subject.state == "active" and subject.pk != request.viewer.user_id,
        "changes": [(each, CHANGE.word(each.state), CHANGE.tone(each.state)) for each in changes],
    }  # fmt: skip
    return render(request, "accounts/user.html", said, status=422 if refused or form.errors else 200)
