"""A person's messages: how many wait, a page of them, one. Nobody reads another's."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import connection
from django.db.models import Q, QuerySet

from doudi.office.accounts.scope import Viewer
from doudi.office.messages.cards import MessageCard, card_of
from doudi.office.messages.cards import as_text as as_text
from doudi.office.messages.kinds import KINDS as KINDS
from doudi.office.messages.kinds import Kind as Kind
from doudi.office.messages.kinds import kinds_for
from doudi.office.messages.models import Message, Muted

__all__ = [
    "KINDS", "MOST", "Asked", "Kind", "MessageCard", "MessagePage", "as_text", "his", "message", "messages", "muted", "read_at",
    "unread",
]  # fmt: skip

MOST: Final = 100  # that are counted; a page says “99+”
_SIZE: Final = 30

# The same rows as `his`, said in SQL: every page asks it, and an index alone answers.
_UNREAD: Final = """
SELECT count(*) FROM (
    SELECT 1 FROM messages_message
    WHERE recipient_id = %s AND read_at IS NULL AND kind = ANY(%s) AND (division IS NULL OR division BETWEEN %s AND %s)
    LIMIT %s
) AS waiting
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of the list; `after` and `before` are the number of the message beyond which the page begins, 0 = none."""

    unread: bool = False
    kind: str = ""
    after: int = 0
    before: int = 0


@dataclass(frozen=True, slots=True)
class MessagePage:
    """One page, the newest first; `after`, `before`: the numbers that begin the next pages, 0 = there is none."""

    cards: tuple[MessageCard, ...]
    after: int
    before: int


def unread(viewer: Viewer) -> int:
    """How many wait for him, at most `MOST`: the figure at the head of every page. One statement, read from an index."""
    with connection.cursor() as cursor:
        cursor.execute(_UNREAD, [viewer.user_id or 0, _kinds(viewer), *viewer.range, MOST])
        (count,) = cursor.fetchone()
    return int(count)


def messages(viewer: Viewer, asked: Asked) -> MessagePage:
    """A page of his messages. Grain: message. It opens no name: households are told when one message is opened."""
    rows = his(viewer)
    if asked.unread:
        rows = rows.filter(read_at__isnull=True)
    if asked.kind:
        rows = rows.filter(kind=asked.kind)
    if asked.before:
        found = list(rows.filter(pk__gt=asked.before).order_by("pk")[: _SIZE + 1])
    else:
        found = list((rows.filter(pk__lt=asked.after) if asked.after else rows).order_by("-pk")[: _SIZE + 1])
    more, page = len(found) > _SIZE, found[:_SIZE]
    if asked.before:
        page.reverse()
    cards = tuple(card_of(viewer, row) for row in page)
    older = bool(page) and (more or bool(asked.before))
    newer = bool(page) and (more if asked.before else bool(asked.after))
    return MessagePage(cards, page[-1].pk if older else 0, page[0].pk if newer else 0)


def message(viewer: Viewer, number: int) -> MessageCard | None:
    """One of his messages without its households; None when it is not his, or he has no scope for it any more."""
    row = his(viewer).filter(pk=number).first()
    return card_of(viewer, row) if row else None


def read_at(viewer: Viewer, moment: datetime) -> int:
    """How many of his were marked at that very moment."""
    return his(viewer).filter(read_at=moment).count()


def muted(viewer: Viewer) -> frozenset[str]:
    """The kinds that he does without."""
    return frozenset(Muted.objects.filter(user_id=viewer.user_id or 0).values_list("kind", flat=True))


def his(viewer: Viewer) -> QuerySet[Message]:
    """His rows if, and only if: sent to him, of a kind for his role, about no place or about one in his jurisdiction."""
    lo, hi = viewer.range
    there = Q(division__isnull=True) | Q(division__gte=lo, division__lte=hi)
    return Message.objects.filter(there, recipient_id=viewer.user_id or 0, kind__in=_kinds(viewer))


def _kinds(viewer: Viewer) -> list[str]:
    return [kind.key for kind in kinds_for(viewer.role)]
