"""An alert on paper."""

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_GET

from doudi.office.accounts.scope import OfficeRequest
from doudi.office.common.doors import allow
from doudi.office.common.roles import BUSINESS, Role
from doudi.office.monitoring.services.printing import print_alert

__all__ = ["alert_paper"]


@allow(*BUSINESS - {Role.MACHINE})
@require_GET
def alert_paper(request: OfficeRequest, alert_id: str) -> HttpResponse:
    """The sheet for the visit, as PDF; the print is journalled."""
    file = print_alert(viewer=request.viewer, at=request.at, alert_id=alert_id)
    if file is None:
        raise Http404
    return HttpResponse(file.content, content_type=file.content_type, headers=file.headers)
