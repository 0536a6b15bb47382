"""导出：我申请的，待我批准的，一份的经过；填用途、批准、取走。"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from doudi.errors import Refusal
from doudi.office.accounts.scope import OfficeRequest
from doudi.office.audit.selectors import of_subject
from doudi.office.common.doors import allow
from doudi.office.documents import selectors, services
from doudi.office.documents.states import APPROVERS, ASKERS

__all__ = ["decide", "export", "exports", "submit", "take"]


@allow(*ASKERS)
@require_GET
def exports(request: OfficeRequest) -> HttpResponse:
    """Mine, and those that wait for me."""
    told = {
        "mine": selectors.mine(request.viewer),
        "waiting": selectors.waiting(request.viewer),
        "decides": request.viewer.role in APPROVERS,
        "limit": settings.DOUDI_EXPORT_ROWS,
        "days": settings.DOUDI_EXPORT_DAYS,
    }
    return render(request, "documents/exports.html", told)


@allow(*ASKERS)
@require_GET
def export(request: OfficeRequest, ref: str) -> HttpResponse:
    """One export: what it holds, how it went, what can be done."""
    return _page(request, ref)


@allow(*ASKERS, reading=True)
@require_POST
def submit(request: OfficeRequest, ref: str) -> HttpResponse:
    """The purpose is given."""
    why, file_format = request.POST.get("why", ""), request.POST.get("file_format", "csv")
    return _done(
        request,
        ref,
        lambda: services.submit_export(viewer=request.viewer, at=request.at, ref=ref, why=why, file_format=file_format),
    )


@allow(*APPROVERS)
@require_POST
def decide(request: OfficeRequest, ref: str) -> HttpResponse:
    """The second person approves, or does not."""
    act = services.approve_export if request.POST.get("decision") == "批准" else services.refuse_export
    why = request.POST.get("why", "")
    return _done(request, ref, lambda: act(viewer=request.viewer, at=request.at, ref=ref, why=why))


@allow(*ASKERS, reading=True)
@require_POST
def take(request: OfficeRequest, ref: str) -> HttpResponse:
    """The file, made now."""
    if selectors.export(request.viewer, ref) is None:
        raise Http404
    try:
        file = services.take_export(viewer=request.viewer, at=request.at, ref=ref)
    except Refusal as refusal:
        return _page(request, ref, refusal)
    return HttpResponse(file.content, content_type=file.content_type, headers=file.headers)


def _done(request: OfficeRequest, ref: str, act: Callable[[], object]) -> HttpResponse:
    if selectors.export(request.viewer, ref) is None:
        raise Http404
    try:
        act()
    except Refusal as refusal:
        return _page(request, ref, refusal)
    return HttpResponseRedirect(f"/exports/{ref}")


def _page(request: OfficeRequest, ref: str, refusal: Refusal | None = None) -> HttpResponse:
    card = selectors.export(request.viewer, ref)
    if card is None:
        raise Http404
    told: dict[str, Any] = {
        "card": card,
        "crumbs": [("导出", "/exports/"), (card.title, "")],
        "history": of_subject("export", ref),
        "limit": settings.DOUDI_EXPORT_ROWS,
        "formats": [
            ("csv", "CSV（表格软件、程序都能读）"),
            ("xlsx", "XLSX（Excel、WPS）"),
            ("pdf", "PDF（打印用，每页有水印）"),
        ],
        "typed": request.POST if refusal else {},
        "error": refusal.sentence if refusal else "",
    }
    return render(request, "documents/export.html", told, status=422 if refusal else 200)
