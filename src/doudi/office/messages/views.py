"""消息：列表、一条、标为已读未读、全部已读可撤销、收哪些。"""

import re
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlencode

from django.contrib import messages as said
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from doudi.errors import Refusal
from doudi.office.accounts.scope import OfficeRequest, Viewer
from doudi.office.common.clock import BEIJING
from doudi.office.common.doors import allow
from doudi.office.messages import selectors, services
from doudi.office.messages.kinds import RECEIVERS, kinds_for
from doudi.office.messages.selectors import Asked

__all__ = ["kinds", "message", "message_list", "read", "read_all", "unread", "unread_again"]

_NUMBER: Final = re.compile(r"[0-9]{1,18}", re.ASCII)
_MICRO: Final = 1_000_000


@allow(*RECEIVERS)
@require_GET
def message_list(request: OfficeRequest) -> HttpResponse:
    """A page of his messages."""
    asked = _asked(request.viewer, request.GET)
    page = selectors.messages(request.viewer, asked)
    waiting = selectors.unread(request.viewer)
    told: dict[str, Any] = {
        "page": page,
        "asked": asked,
        "waiting": waiting,
        "tabs": [
            {"title": "全部", "href": _address(asked, unread=False), "now": not asked.unread, "count": ""},
            {"title": "未读", "href": _address(asked, unread=True), "now": asked.unread, "count": _figure(waiting)},
        ],
        "options": [(kind.key, kind.title) for kind in kinds_for(request.viewer.role)],
        "chips": [(selectors.KINDS[asked.kind].title, _address(asked, kind=""))] if asked.kind else [],
        "older": _address(asked, after=page.after) if page.after else "",
        "newer": _address(asked, before=page.before) if page.before else "",
        "newest": page.cards[0].number if page.cards else 0,
        "undo": _undo(request),
        "crumbs": [("工作台", "/"), ("消息", "")],
    }
    return render(request, "messages/messages.html", told)


@allow(*RECEIVERS)
@require_GET
def message(request: OfficeRequest, number: int) -> HttpResponse:
    """One message whole; it counts as read from now on."""
    card = services.open_message(viewer=request.viewer, at=request.at, number=_within(number))
    if card is None:
        raise Http404
    told = {"card": card, "crumbs": [("工作台", "/"), ("消息", reverse("messages:messages")), (card.title, "")]}
    return render(request, "messages/message.html", told)


@allow(*RECEIVERS, reading=True)
@require_POST
def unread(request: OfficeRequest, number: int) -> HttpResponse:
    """It waits again."""
    _his(request.viewer, number)
    services.mark_unread(viewer=request.viewer, number=number)
    return HttpResponseRedirect(_back(request))


@allow(*RECEIVERS, reading=True)
@require_POST
def read(request: OfficeRequest, number: int) -> HttpResponse:
    """It counts as read, though it was not opened."""
    _his(request.viewer, number)
    services.read(viewer=request.viewer, at=request.at, number=number)
    return HttpResponseRedirect(_back(request))


@allow(*RECEIVERS, reading=True)
@require_POST
def read_all(request: OfficeRequest) -> HttpResponse:
    """All that the page showed the newest of count as read; the next page offers to take it back."""
    newest = _number(request.POST.get("newest", ""))
    if not services.read_all(viewer=request.viewer, at=request.at, newest=newest):
        said.info(request, "没有未读的消息，什么都没有变。")
        return HttpResponseRedirect(reverse("messages:messages"))
    return HttpResponseRedirect(f"{reverse('messages:messages')}?read={_moment_as_number(request.at)}")


@allow(*RECEIVERS, reading=True)
@require_POST
def unread_again(request: OfficeRequest) -> HttpResponse:
    """Takes back what was marked at once."""
    moment = _number_as_moment(_number(request.POST.get("moment", "")))
    count = services.unread_again(viewer=request.viewer, moment=moment) if moment else 0
    said.success(request, f"已撤销，{count:,} 条又是未读。") if count else said.info(
        request, "没有可以撤销的；可以在列表上逐条标为未读。"
    )
    return HttpResponseRedirect(reverse("messages:messages"))


@allow(*RECEIVERS, reading=True)
@require_http_methods(["GET", "POST"])
def kinds(request: OfficeRequest) -> HttpResponse:
    """Which kinds he is sent; those that he may do without have a switch."""
    error = ""
    if request.method == "POST":
        act = services.unmute if request.POST.get("wants") == "1" else services.mute
        try:
            act(viewer=request.viewer, kind=request.POST.get("kind", ""))
        except Refusal as refusal:
            error = refusal.sentence
        else:
            return HttpResponseRedirect(reverse("messages:kinds"))
    muted = selectors.muted(request.viewer)
    told = {
        "rows": [(kind, kind.key in muted) for kind in kinds_for(request.viewer.role)],
        "error": error,
        "crumbs": [("工作台", "/"), ("消息", reverse("messages:messages")), ("收哪些消息", "")],
    }
    return render(request, "messages/kinds.html", told, status=422 if error else 200)


def _undo(request: OfficeRequest) -> dict[str, int]:
    """What was just marked at once and can be taken back; empty when the address tells of nothing that was."""
    number = _number(request.GET.get("read", ""))
    moment = _number_as_moment(number)
    count = selectors.read_at(request.viewer, moment) if moment else 0
    return {"moment": number, "count": count} if count else {}


def _asked(viewer: Viewer, told: QueryDict) -> Asked:
    """What the address asks for; a word that is not understood asks for nothing."""
    kind = told.get("kind", "")
    known = kind in {each.key for each in kinds_for(viewer.role)}
    return Asked(
        unread=told.get("show") == "unread", kind=kind if known else "", after=_number(told.get("after", "")),
        before=_number(told.get("before", "")),
    )  # fmt: skip


def _address(asked: Asked, *, unread: bool | None = None, kind: str | None = None, **page: int) -> str:
    wanted = asked.unread if unread is None else unread
    told = {"show": "unread" if wanted else "", "kind": asked.kind if kind is None else kind, **page}
    query = urlencode({name: value for name, value in told.items() if value})
    return reverse("messages:messages") + (f"?{query}" if query else "")


def _his(viewer: Viewer, number: int) -> None:
    if selectors.message(viewer, _within(number)) is None:
        raise Http404


def _within(number: int) -> int:
    """A number that no row can have is not asked for."""
    if number >= 10**18:
        raise Http404
    return number


def _number(told: str) -> int:
    return int(told) if _NUMBER.fullmatch(told) else 0


def _back(request: OfficeRequest) -> str:
    """The list as it was asked for where the form stood."""
    asked = _asked(request.viewer, QueryDict(request.POST.get("list", "")[:200]))
    return _address(asked, after=asked.after, before=asked.before)


def _figure(count: int) -> str:
    return "" if not count else "99+" if count >= selectors.MOST else str(count)


def _moment_as_number(moment: datetime) -> int:
    """Whole microseconds, so that the very moment comes back."""
    whole = moment.astimezone(UTC)
    return int(whole.replace(microsecond=0).timestamp()) * _MICRO + whole.microsecond


def _number_as_moment(number: int) -> datetime | None:
    """None for a number that no moment of ours has."""
    seconds, micro = divmod(number, _MICRO)
    if not 0 < seconds < 10**10:
        return None
    return datetime.fromtimestamp(seconds, BEIJING).replace(microsecond=micro)
