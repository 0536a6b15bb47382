"""Readings: an alert is opened, a list is exported, a household's card is read; each told to the journal."""

from datetime import datetime

from doudi.office.accounts.scope import Viewer
from doudi.office.audit.services import record
from doudi.office.monitoring.asked import Asked
from doudi.office.monitoring.cards import AlertPage
from doudi.office.monitoring.selectors.listing import beside
from doudi.office.monitoring.selectors.reading import find, read_alert

__all__ = ["open_alert"]


def open_alert(
    *, viewer: Viewer, at: datetime, alert_id: str, asked: Asked
) -> tuple[AlertPage, tuple[str, str]] | None:
    """One alert, and its neighbours in the list that it was opened from; None when it is not in the jurisdiction.

    The journal keeps who opened whose alert and which classes of figures were shown; also that somebody asked for one
    that is not found.
    """
    found = find(viewer, alert_id)
    if found is None:
        record(
            actor=viewer.actor, at=at, act="monitoring.alert_read", subject_kind="alert", subject=alert_id[:16],
            why=viewer.purpose, outcome="refused",
        )  # fmt: skip
        return None
    row, page = found.row, read_alert(viewer, found, at)
    record(
        actor=viewer.actor, at=at, act="monitoring.alert_read", subject_kind="alert", subject=row.pk,
        whose=row.subject_ref.partition(":")[2][:40], division=row.managing_division, why=viewer.purpose,
        detail={"shown": sorted({reason.kind for reason in page.reasons if not reason.hidden})},
    )  # fmt: skip
    return page, beside(viewer, asked, at, row)
