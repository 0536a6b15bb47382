"""Saved views: a list's filters under a name, a user's own."""

from django.db import transaction

from doudi.errors import Refusal
from doudi.office.accounts.scope import Viewer
from doudi.office.monitoring.asked import Asked
from doudi.office.monitoring.models import SavedView

__all__ = ["forget_view", "save_view"]

_MOST = 12
_LONGEST = 20


@transaction.atomic
def save_view(*, viewer: Viewer, name: str, asked: Asked) -> None:
    """Keeps the list's filters under a name; the same name is written over. What was searched for is not kept.

    Refused: no name, too long, too many already.
    """
    name = name.strip()
    if not name or len(name) > _LONGEST:
        raise Refusal("monitoring.view_name", f"请给这个筛选起个名字，不超过 {_LONGEST} 个字。")
    mine = SavedView.objects.filter(user_id=viewer.user_id or 0)
    if not mine.filter(name=name).exists() and mine.count() >= _MOST:
        raise Refusal("monitoring.views_full", f"最多保存 {_MOST} 个筛选；请先删掉一个不用的。")
    SavedView.objects.update_or_create(
        user_id=viewer.user_id or 0, name=name, defaults={"query": asked.but(households=None).query()}
    )


def forget_view(*, viewer: Viewer, view_id: int) -> None:
    """Drops one of the viewer's own; of anybody else's nothing happens."""
    SavedView.objects.filter(user_id=viewer.user_id or 0, pk=view_id).delete()
