"""An alert is printed for the visit."""

from datetime import datetime

from django.db import transaction

from doudi.office.accounts.scope import Viewer
from doudi.office.documents.services import File, print_sheet
from doudi.office.monitoring.asked import Asked
from doudi.office.monitoring.services.reading import open_alert
from doudi.office.monitoring.sheets import alert_sheet

__all__ = ["print_alert"]


@transaction.atomic
def print_alert(*, viewer: Viewer, at: datetime, alert_id: str) -> File | None:
    """One alert as PDF, as this viewer may read it; None when it is not in the jurisdiction.

    The journal keeps the reading, as of its page, and that it was printed.
    """
    found = open_alert(viewer=viewer, at=at, alert_id=alert_id, asked=Asked())
    if found is None:
        return None
    page, _ = found
    return print_sheet(
        viewer=viewer, at=at, sheet=alert_sheet(page), subject_kind="alert", subject=page.card.alert_id,
        division=page.card.division,
    )  # fmt: skip
