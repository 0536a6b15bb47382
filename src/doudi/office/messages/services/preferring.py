"""A person does without a kind, or has it again."""

from django.db import transaction

from doudi.errors import Refusal
from doudi.office.accounts.scope import Viewer
from doudi.office.messages.kinds import kinds_for
from doudi.office.messages.models import Muted

__all__ = ["mute", "unmute"]


@transaction.atomic
def mute(*, viewer: Viewer, kind: str) -> None:
    """None of that kind is sent to him from now on; what is there stays. Refused: no such kind for him, or one he must have."""
    if kind not in {each.key for each in kinds_for(viewer.role) if each.mutable}:
        raise Refusal("messages.not_mutable", "这一种消息要您办理或知道，不能不收；请从列表里选可以不收的。")
    Muted.objects.get_or_create(user_id=viewer.user_id or 0, kind=kind)


@transaction.atomic
def unmute(*, viewer: Viewer, kind: str) -> None:
    """That kind is sent to him again. One that he never did without stays as it is."""
    Muted.objects.filter(user_id=viewer.user_id or 0, kind=kind).delete()
