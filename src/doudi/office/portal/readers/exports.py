"""What waits for approval before it may leave the house."""

from collections.abc import Iterator
from datetime import datetime

from doudi.office.accounts.scope import Viewer
from doudi.office.common.clock import BEIJING
from doudi.office.divisions.selectors import place_name
from doudi.office.documents.selectors import waiting
from doudi.office.portal.cards import Matter
from doudi.office.portal.grounds import grounds

__all__ = ["exports"]


def exports(viewer: Viewer, at: datetime) -> Iterator[Matter]:
    """One matter an export that waits for this viewer, the oldest first."""
    del at  # what has expired waits for nobody: documents leaves it out
    for card in waiting(viewer):
        yield Matter(
            what=card.title,
            count=card.rows_count,
            unit="行",
            where=place_name(card.division),
            when=f"{card.asked_at.astimezone(BEIJING):%m-%d %H:%M} 申请，{card.expires_at.astimezone(BEIJING):%m-%d %H:%M} 过期",
            href=card.address,
            link="去审批",
            tone="warn",
            note=f"{card.asker_shown}（{card.asker_role}）：{card.purpose}",
            grounds=grounds("exports"),
        )
