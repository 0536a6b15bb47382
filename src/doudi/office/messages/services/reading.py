"""A person opens a message, marks it unread again, marks all as read and takes that back."""

from datetime import datetime

from django.db import transaction

from doudi.office.accounts.scope import Viewer
from doudi.office.audit.services import Reading, record_readings
from doudi.office.common.fields import FieldClass, Sight
from doudi.office.messages.cards import MessageCard, card_of, homes_of
from doudi.office.messages.selectors import his

__all__ = ["mark_unread", "open_message", "read", "read_all", "unread_again"]


@transaction.atomic
def open_message(*, viewer: Viewer, at: datetime, number: int) -> MessageCard | None:
    """One of his messages whole, with the households it points at as he may see them; it counts as read from now on.

    Journalled where a household is named. None: it is not his, or no longer in his scope.
    """
    row = his(viewer).filter(pk=number).first()
    if row is None:
        return None
    read(viewer=viewer, at=at, number=number)
    row.read_at = row.read_at or at
    card = card_of(viewer, row, homes_of(viewer, row))
    if card.homes:
        plain = (FieldClass.NAME,) if viewer.sees(FieldClass.NAME) is Sight.PLAIN else ()
        named = [Reading(home.ref, home.managing_division) for home in card.homes]
        record_readings(
            actor=viewer.actor, at=at, act="messages.read", subject_kind="household", read=named, why=viewer.purpose,
            shown=plain,
        )  # fmt: skip
    return card


def read(*, viewer: Viewer, at: datetime, number: int) -> bool:
    """It counts as read; false: it is not his, or was read before."""
    return bool(his(viewer).filter(pk=number, read_at__isnull=True).update(read_at=at))


def mark_unread(*, viewer: Viewer, number: int) -> bool:
    """It waits again; false: it is not his, or was waiting anyway."""
    return bool(his(viewer).filter(pk=number, read_at__isnull=False).update(read_at=None))


def read_all(*, viewer: Viewer, at: datetime, newest: int) -> int:
    """All up to the message of that number count as read: what came after the page was drawn still waits. How many."""
    return his(viewer).filter(read_at__isnull=True, pk__lte=newest).update(read_at=at)


def unread_again(*, viewer: Viewer, moment: datetime) -> int:
    """Takes back what was marked at once at that very moment. How many wait again."""
    return his(viewer).filter(read_at=moment).update(read_at=None)
