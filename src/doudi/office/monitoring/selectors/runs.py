"""Runs as cards. They hold no personal data: whoever works with alerts may know when they were made, and of what."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db import connection

from doudi.office.accounts.scope import Viewer
from doudi.office.monitoring.cards import RunCard
from doudi.office.monitoring.models import Run
from doudi.office.monitoring.selectors.held import Edition
from doudi.office.monitoring.states import ASKED, FINISHED, RUNNING

__all__ = ["Beginning", "beginning", "current_run", "latest_run", "run", "runs"]


def latest_run() -> RunCard | None:
    """The finished run of the latest day, on which all alerts rest; None before the first."""
    row = Run.objects.filter(state=FINISHED).order_by("-day", "-id").first()
    return _card(row) if row else None


@dataclass(frozen=True, slots=True)
class Beginning:
    """What every list begins with: the day on which all alerts rest and the viewer's saved views (pk, name, query).

    `edition` as in `held`.
    """

    day: date | None
    edition: Edition
    views: list[Mapping[str, Any]]


_BEGINNING: Final = """
    SELECT day, (SELECT max(id) FROM monitoring_run WHERE state = %(finished)s),
           (SELECT max(finished_at) FROM monitoring_run WHERE state = %(finished)s),
           (SELECT coalesce(json_agg(json_build_object('pk', id, 'name', name, 'query', query) ORDER BY name), '[]')
            FROM monitoring_saved_view WHERE user_id = %(reader)s)
    FROM monitoring_run WHERE state = %(finished)s ORDER BY day DESC, id DESC LIMIT 1"""


def beginning(viewer: Viewer) -> Beginning:
    """In one statement; written out, since every page asks it and putting it together took longer than its answer."""
    with connection.cursor() as cursor:
        cursor.execute(_BEGINNING, {"finished": FINISHED, "reader": viewer.user_id or 0})
        row = cursor.fetchone()
    return Beginning(row[0], (row[1], row[2]), row[3]) if row else Beginning(None, None, [])


def current_run() -> RunCard | None:
    """The run that waits or is being made."""
    row = Run.objects.filter(state__in=(ASKED, RUNNING)).order_by("-state", "-id").first()
    return _card(row) if row else None


def run(run_id: int) -> RunCard | None:
    """One run, None when there is none."""
    row = Run.objects.filter(pk=run_id).first()
    return _card(row) if row else None


def runs(limit: int = 50) -> list[RunCard]:
    """The latest runs, the newest first."""
    return [_card(row) for row in Run.objects.order_by("-id")[:limit]]


def _card(row: Run) -> RunCard:
    return RunCard(
        row.pk, row.day, row.kind_word, row.state, row.state_word, row.tone, row.asked_by, row.asked_at, row.started_at,
        row.finished_at, row.step, row.steps_done, row.error, row.manifest, row.changes,
    )  # fmt: skip
