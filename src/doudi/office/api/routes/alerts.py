"""预警：清单和一条的全部。"""

import re
from typing import Final
from urllib.parse import urlencode

from django.http import Http404
from ninja import Query

from doudi.office.accounts.scope import OfficeRequest
from doudi.office.api.routing import operation
from doudi.office.api.shapes.alert import Alert
from doudi.office.api.shapes.alerts import AlertRow, AlertsAsked, AlertsPage
from doudi.office.common.roles import BUSINESS, Role
from doudi.office.monitoring.selectors import Asked, alerts
from doudi.office.monitoring.services import open_alert

__all__ = ["listed", "whole"]

READERS = BUSINESS - {Role.MACHINE}
PATH: Final = "/api/v1/alerts"
_ID: Final = re.compile(r"[0-9a-f]{16}")


@operation("alerts", "alerts", *READERS, response=AlertsPage, takes=AlertsAsked, summary="预警清单，一页一页读")
def listed(request: OfficeRequest, asked: Query[AlertsAsked]) -> AlertsPage:
    """本辖区的预警，一行一条；每页给出下一页的地址，读到 next 是 null 为止。"""
    wanted = asked.asked()
    page = alerts(request.viewer, wanted, request.at)
    rows = [AlertRow.of(row.lead, request.viewer) for row in page.rows]
    return AlertsPage(alerts=rows, next=_address(wanted, page.after) if page.after else None)


@operation("alerts/{alert_id}", "alert", *READERS, response=Alert, summary="一条预警的全部")
def whole(request: OfficeRequest, alert_id: str) -> Alert:
    """理由、依据、怎样解除、变化，与页面同一句话；读到就记入流水。"""
    # Nothing but an alert's id gets as far as the journal, which keeps what was asked for.
    known = _ID.fullmatch(alert_id)
    found = open_alert(viewer=request.viewer, at=request.at, alert_id=alert_id, asked=Asked()) if known else None
    if found is None:
        raise Http404
    return Alert.whole(found[0], request.viewer)


def _address(asked: Asked, after: tuple[str, ...]) -> str:
    told = {name: value for name, value in asked.told().items() if name != "flat"}
    return f"{PATH}?{urlencode(told | {'after': '~'.join(after)})}"
