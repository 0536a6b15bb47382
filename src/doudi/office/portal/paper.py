"""一户人家印在纸上。"""

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_GET

from doudi.office.accounts.scope import OfficeRequest
from doudi.office.common.doors import allow
from doudi.office.common.roles import BUSINESS, Role
from doudi.office.documents.services import print_sheet
from doudi.office.portal.household import read_page
from doudi.office.portal.sheets import household_sheet

__all__ = ["household_paper"]


@allow(*BUSINESS - {Role.MACHINE})
@require_GET
def household_paper(request: OfficeRequest, ref: str) -> HttpResponse:
    """一户一表 as PDF; the reading and the print are journalled."""
    page = read_page(viewer=request.viewer, at=request.at, ref=ref)
    if page is None:
        raise Http404
    file = print_sheet(
        viewer=request.viewer, at=request.at, sheet=household_sheet(page), subject_kind="household",
        subject=page.card.ref, division=page.card.managing_division,
    )  # fmt: skip
    return HttpResponse(file.content, content_type=file.content_type, headers=file.headers)
