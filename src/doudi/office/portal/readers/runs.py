"""Whether monitoring itself stands still."""

from collections.abc import Iterator
from datetime import datetime

from doudi.office.accounts.scope import Viewer
from doudi.office.common.clock import BEIJING
from doudi.office.monitoring.selectors import runs as all_runs
from doudi.office.portal.cards import Matter
from doudi.office.portal.grounds import grounds

__all__ = ["runs"]


def runs(viewer: Viewer, at: datetime) -> Iterator[Matter]:
    """Failed runs since the last one that was finished, the newest first."""
    del viewer, at  # a run is the whole city's
    for card in all_runs(limit=20):
        if card.state == "finished":
            return
        if card.state == "failed":
            ended = card.finished_at or card.asked_at
            yield Matter(
                what=f"{card.day} 的监测没有完成",
                count=1,
                unit="次",
                where="全市",
                when=f"{ended.astimezone(BEIJING):%Y-%m-%d %H:%M} 停下",
                href=f"/runs/{card.id}",
                link="看原因",
                tone="bad",
                note=card.error,
                grounds=grounds("runs"),
            )
