"""预警：清单和一条的全部。"""

from urllib.parse import urlencode

from ninja import Query

from doudi.office.accounts.scope import OfficeRequest
from doudi.office.api.routing import operation
from doudi.office.api.shapes.alerts import AlertRow, AlertsAsked, AlertsPage
from doudi.office.common.roles import BUSINESS, Role
from doudi.office.monitoring.selectors import Asked, alerts

__all__ = ["listed"]

READERS = BUSINESS - {Role.MACHINE}
PATH = "/api/v1/alerts"


@operation("alerts", "alerts", *READERS, response=AlertsPage, takes=AlertsAsked, summary="预警清单，一页一页读")
def listed(request: OfficeRequest, asked: Query[AlertsAsked]) -> AlertsPage:
    """Within the jurisdiction, one row an alert, as the page lists them."""
    wanted = asked.asked()
    page = alerts(request.viewer, wanted, request.at)
    rows = [AlertRow.of(row.lead, request.viewer) for row in page.rows]
    return AlertsPage(alerts=rows, next=_address(wanted, page.after) if page.after else None)


def _address(asked: Asked, after: tuple[str, ...]) -> str:
    told = {name: value for name, value in asked.told().items() if name != "flat"}
    return f"{PATH}?{urlencode(told | {'after': '~'.join(after)})}"
