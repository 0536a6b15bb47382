"""工作台、户情页、全市看板的页面。"""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from doudi.office.accounts.scope import OfficeRequest
from doudi.office.common.doors import ANY_STAFF, allow
from doudi.office.common.roles import BUSINESS, Role
from doudi.office.portal.board import read_board
from doudi.office.portal.household import read_page
from doudi.office.portal.workbench import workbench as whole_workbench

__all__ = ["dashboard", "household", "workbench"]

READERS_OF_HOUSEHOLDS = BUSINESS - {Role.MACHINE}


@allow(*ANY_STAFF)
@require_safe
def workbench(request: OfficeRequest) -> HttpResponse:
    """What is asked of this person, by when, on what ground."""
    page = whole_workbench(request.viewer, request.at)
    return render(request, "portal/workbench.html", {"page": page})


@allow(*READERS_OF_HOUSEHOLDS)
@require_safe
def household(request: OfficeRequest, ref: str) -> HttpResponse:
    """Everything that this role may know of one household; the opening is journalled."""
    page = read_page(viewer=request.viewer, at=request.at, ref=ref)
    if page is None:
        raise Http404
    template = "portal/visit.html" if page.plain else "portal/household.html"
    return render(request, template, {"page": page, "crumbs": [("工作台", "/"), (page.called, "")]})


@allow(*READERS_OF_HOUSEHOLDS)
@require_safe
def dashboard(request: OfficeRequest, code: int | None = None) -> HttpResponse:
    """The figures of a division and of those below it."""
    page = read_board(request.viewer, request.at, code)
    if page is None:
        raise Http404
    return render(request, "portal/dashboard.html", {"page": page, "crumbs": [("工作台", "/"), *page.steps]})
