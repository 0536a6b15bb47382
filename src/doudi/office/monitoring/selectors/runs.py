"""Runs as cards. They hold no personal data: whoever works with alerts may know when they were made, and of what."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models.functions import JSONObject

from doudi.office.accounts.scope import Viewer
from doudi.office.monitoring.cards import RunCard
from doudi.office.monitoring.models import Run, SavedView
from doudi.office.monitoring.states import ASKED, FINISHED, RUNNING

__all__ = ["current_run", "latest_day_and_views", "latest_run", "run", "runs"]


def latest_run() -> RunCard | None:
    """The finished run of the latest day, on which all alerts rest; None before the first."""
    row = Run.objects.filter(state=FINISHED).order_by("-day", "-id").first()
    return _card(row) if row else None


def latest_day_and_views(viewer: Viewer) -> tuple[date | None, list[Mapping[str, Any]]]:
    """The day on which all alerts rest, and the viewer's saved views (pk, name, query); what every list begins with."""
    mine = SavedView.objects.filter(user_id=viewer.user_id or 0).order_by("name")
    views = ArraySubquery(mine.values(told=JSONObject(pk="pk", name="name", query="query")))
    row = (
        Run.objects.filter(state=FINISHED)
        .order_by("-day", "-id")
        .annotate(views=views)
        .values_list("day", "views")
        .first()
    )
    return (row[0], row[1]) if row else (None, [])


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
