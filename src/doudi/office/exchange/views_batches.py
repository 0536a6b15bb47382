"""批次：每一行去了哪里，改正了什么，退回了什么；退回的取回去改好再交。"""

from typing import Final
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from doudi.landing import FEED_NAMES, feed_name
from doudi.office.accounts.scope import OfficeRequest
from doudi.office.common.doors import allow
from doudi.office.common.roles import Role
from doudi.office.divisions import selectors as divisions
from doudi.office.exchange import reading, rejected
from doudi.office.exchange.models import Batch
from doudi.office.exchange.states import SENDERS
from doudi.office.exchange.views import READERS
from doudi.office.exchange.words import account_parts

__all__ = ["batch", "batches", "rejects"]

_BATCHES: Final = 50  # on a page
_LINES: Final = 50
_TYPES: Final = {
    "csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}  # fmt: skip


@allow(*READERS)
@require_GET
def batches(request: OfficeRequest) -> HttpResponse:
    """What landed, of one feed or of all, newest first."""
    found = reading.batches_of(request.viewer).order_by("-received_at", "pk")
    feed = request.GET.get("feed", "")
    if feed in FEED_NAMES:
        found = found.filter(feed=feed)
    pages = Paginator(found, _BATCHES)
    page = pages.get_page(request.GET.get("page"))
    rows = [(each, feed_name(each.feed)) for each in page]
    told = {
        "rows": rows, "page": page, "total": pages.count, "feed": feed, "feeds": list(FEED_NAMES.items()),
        "sends": request.viewer.role in SENDERS,
        **_neighbours(page, request, "page"),
    }  # fmt: skip
    return render(request, "exchange/batches.html", told)


@allow(*READERS)
@require_GET
@never_cache
def batch(request: OfficeRequest, batch: str) -> HttpResponse:
    """One batch: the account of its lines, repairs, rejected lines, senders, who sent it when."""
    found = reading.batch_of(request.viewer, batch)
    if found is None:
        raise Http404
    own = reading.may_send_again(request.viewer, found)
    start = _number(request.GET.get("from", "0"))
    lines = rejected.rejected_lines(request.viewer, found, own=own, start=start, most=_LINES + 1)
    parts, holds = account_parts(found.record, "#rejects")
    names = divisions.names(sender.county for sender in found.senders.all())
    address = reverse("exchange:batch", args=[found.pk])
    told = {
        "batch": found, "feed": feed_name(found.feed), "own": own, "parts": parts, "holds": holds,
        "senders": [
            (names.get(each.county or 0) or each.department or each.programme or "全市", each.lines)
            for each in found.senders.order_by("county", "department", "programme")
        ],
        "repairs": found.notes.get("repairs", []), "ignored": found.notes.get("ignored", []),
        "lines": lines[:_LINES], "start": start,
        "before": f"{address}?{urlencode({'from': max(0, start - _LINES)})}#rejects" if start else "",
        "after": f"{address}?{urlencode({'from': start + _LINES})}#rejects" if len(lines) > _LINES else "",
        "uploads": [card for card in reading.uploads_of(request.viewer, most=200) if card.batch == found.pk],
    }  # fmt: skip
    return render(request, "exchange/batch.html", told)


@allow(*(SENDERS - {Role.MACHINE}))
@require_POST
@never_cache
def rejects(request: OfficeRequest, batch: str) -> HttpResponse:
    """The rejected lines as a file to put right, for the office that sent them."""
    found = reading.batch_of(request.viewer, batch)
    if found is None or not reading.may_send_again(request.viewer, found):
        raise Http404
    form = request.POST.get("form", "")
    if form not in _TYPES:
        raise Http404
    name, content = rejected.template(request.viewer, found, at=request.at, form=form)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=_TYPES[form], headers=headers)


def _neighbours(page: "Page[Batch]", request: OfficeRequest, key: str) -> dict[str, str]:
    asked = request.GET.copy()

    def address(number: int) -> str:
        asked[key] = str(number)
        return f"?{asked.urlencode()}"

    before = address(page.previous_page_number()) if page.has_previous() else ""
    after = address(page.next_page_number()) if page.has_next() else ""
    return {"before": before, "after": after}


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else 0
