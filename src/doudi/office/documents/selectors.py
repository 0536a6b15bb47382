"""Exports as one viewer sees them: his own, and those that wait for him."""

from django.db.models import F, Q
from django.db.models.lookups import Exact

from doudi.office.accounts.scope import Viewer
from doudi.office.documents.cards import ExportCard as ExportCard
from doudi.office.documents.cards import card_of
from doudi.office.documents.models import Export
from doudi.office.documents.states import APPROVERS, ASKED, COARSEST, EXPORT

__all__ = ["ExportCard", "export", "mine", "waiting", "waiting_count"]

_SHOWN = 50


def mine(viewer: Viewer) -> tuple[ExportCard, ...]:
    """What the viewer asked for, newest first; the latest fifty."""
    return tuple(
        _card(viewer, row) for row in Export.objects.filter(asker_id=viewer.user_id or 0).order_by("-asked_at")[:_SHOWN]
    )


def waiting(viewer: Viewer) -> tuple[ExportCard, ...]:
    """What waits for the viewer's decision, oldest first; nothing for who may not decide."""
    return tuple(
        _card(viewer, row) for row in Export.objects.filter(_his_to_decide(viewer)).order_by("asked_at")[:_SHOWN]
    )


def waiting_count(viewer: Viewer) -> int:
    """How many exports wait for the viewer's decision. For the workbench."""
    return Export.objects.filter(_his_to_decide(viewer)).count()


def export(viewer: Viewer, ref: str) -> ExportCard | None:
    """One export if, and only if, the viewer asked for it, or may decide it, or did; else None."""
    visible = Q(asker_id=viewer.user_id or 0) | Q(decider_id=viewer.user_id or 0) | _his_to_decide(viewer)
    row = Export.objects.filter(visible, ref=ref).first()
    return _card(viewer, row) if row else None


def _his_to_decide(viewer: Viewer) -> Q:
    if viewer.role not in APPROVERS:
        return Q(pk__in=[])
    lo, hi = viewer.range
    near = Q(Exact(F("division") % COARSEST.get(viewer.role, 1), 0))  # as `states.may_decide`
    return Q(state=ASKED, division__gte=lo, division__lte=hi) & near & ~Q(asker_id=viewer.user_id)


def _card(viewer: Viewer, row: Export) -> ExportCard:
    return card_of(row, tuple(move.name for move in EXPORT.open_to(row, row.state, viewer.actor)))
