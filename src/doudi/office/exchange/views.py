"""交来件：拖进来、封着收下、看着它入库；认不出的指明后再入一次。"""

import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.contrib import messages
from django.core.exceptions import TooManyFilesSent
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_POST

from doudi.errors import Fault, Refusal
from doudi.landing import FEED_NAMES
from doudi.office.accounts.scope import OfficeRequest
from doudi.office.common.doors import allow, own_transactions
from doudi.office.common.roles import Role
from doudi.office.exchange import reading, services
from doudi.office.exchange.handler import SealedUpload, SealingHandler, take_whole
from doudi.office.exchange.states import SENDERS
from doudi.office.exchange.store import most_bytes

__all__ = ["READERS", "again", "listed", "upload", "uploads"]

# Who follows the departments' files; administrators do not, and a village helper has nothing to do with them.
READERS: Final = SENDERS - {Role.MACHINE} | {Role.PROVINCE_OFFICER, Role.SUPERVISOR}
_WRITERS: Final = SENDERS - {Role.MACHINE}
_WORD: Final = re.compile(r"[0-9a-z_-]{0,40}")


@allow(*READERS)
@require_GET
@never_cache
def uploads(request: OfficeRequest) -> HttpResponse:
    """The form, and what came of the files that his office sent."""
    return _page(request, feed=_plain(request.GET.get("feed", "")), month=_plain(request.GET.get("month", "")))


@allow(*READERS)
@require_GET
@never_cache
def listed(request: OfficeRequest) -> HttpResponse:
    """The list alone: asked again and again while something moves."""
    cards = reading.uploads_of(request.viewer)
    told = _told(cards) | {"sends": request.viewer.role in _WRITERS}
    return render(request, "exchange/listed.html", told)


@csrf_exempt  # the token is asked by `_received`, after the handler stands ready: to look for it reads the whole form
@allow(*_WRITERS)
@own_transactions
@require_POST
def upload(request: OfficeRequest) -> HttpResponse:
    """Takes the files of the form: outside of any transaction while they come, in one of their own when they are entered."""
    handler = SealingHandler(request)
    request.upload_handlers = [handler]
    take_whole(request)
    sentence = ""
    try:
        return _received(request)
    except TooManyFilesSent:
        sentence = "一次最多交 100 个文件，这一次都没有收下；请分几次交。"
    except Refusal as refusal:
        sentence = refusal.sentence
    finally:
        handler.leave()
    with _in_scope(request):
        return _page(request, error=sentence, status=422)


@csrf_protect
def _received(request: OfficeRequest) -> HttpResponse:
    feed, month = request.POST.get("feed", "").strip(), request.POST.get("month", "").strip()
    handler = request.upload_handlers[0]
    if not isinstance(handler, SealingHandler):
        raise Fault("exchange.no_handler", "收文件的页面没有用封存的方式接收；不能让明文落盘。")
    with _in_scope(request):
        response, taken = _entered(request, feed, month, list(handler.refused))
    for each in taken:
        handler.kept(each)
    return response


@contextmanager
def _in_scope(request: OfficeRequest) -> Iterator[None]:
    with transaction.atomic():
        request.viewer.enter()
        yield


def _entered(
    request: OfficeRequest, feed: str, month: str, refused: list[tuple[str, str]]
) -> tuple[HttpResponse, list[uuid.UUID]]:
    """The files that came, in the list; the answer, and which were taken."""
    taken: list[uuid.UUID] = []
    for file in request.FILES.getlist("files"):
        if not isinstance(file, SealedUpload):
            continue
        try:
            services.take_in(
                actor=request.viewer.actor, at=request.at, name=file.name or "", sealed=file.sealed, feed=feed,
                month=month, department=request.viewer.department,
            )  # fmt: skip
            taken.append(file.sealed.upload)
        except Refusal as refusal:
            refused.append((file.name or "", refusal.sentence))
    error = "".join(f"“{name[:80]}”：{sentence}" for name, sentence in refused)
    if not taken:
        said = error or "没有选文件；请选一个或几个文件后再交。"
        return _page(request, feed=feed, month=month, error=said, status=422), taken
    messages.success(request, f"收下 {len(taken)} 个文件，正在排队入库；进度在下面的列表里。")
    if error:
        messages.error(request, f"没有收下的：{error}")
    return HttpResponseRedirect(reverse("exchange:uploads")), taken


@allow(*_WRITERS)
@require_POST
def again(request: OfficeRequest, upload: uuid.UUID) -> HttpResponse:
    """Lands a refused file once more, with what its sender now says of it."""
    found = reading.upload_of(request.viewer, upload)
    if found is None:
        raise Http404
    feed, month = request.POST.get("feed", "").strip(), request.POST.get("month", "").strip()
    try:
        services.again(actor=request.viewer.actor, at=request.at, upload=found, feed=feed, month=month)
    except Refusal as refusal:
        wrong = {"id": upload, "sentence": refusal.sentence, "feed": feed, "month": month}
        return _page(request, wrong=wrong, status=422)
    messages.success(request, "已重新排队入库。")
    return HttpResponseRedirect(reverse("exchange:uploads"))


def _page(
    request: OfficeRequest,
    *,
    feed: str = "",
    month: str = "",
    error: str = "",
    wrong: dict[str, object] | None = None,
    status: int = 200,
) -> HttpResponse:
    cards = reading.uploads_of(request.viewer)
    told = _told(cards) | {
        "sends": request.viewer.role in _WRITERS, "feed": feed, "month": month, "error": error, "wrong": wrong or {},
        "megabytes": most_bytes() // 1_000_000,
    }  # fmt: skip
    return render(request, "exchange/uploads.html", told, status=status)


def _told(cards: list[reading.UploadCard]) -> dict[str, object]:
    return {"cards": cards, "moving": any(card.moving for card in cards), "feeds": list(FEED_NAMES.items())}


def _plain(word: str) -> str:
    return word if _WORD.fullmatch(word) else ""
