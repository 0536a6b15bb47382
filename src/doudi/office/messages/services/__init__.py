"""What changes among messages: they are sent, opened, read, unread, done without, cleared away."""

from doudi.office.messages.services.preferring import mute, unmute
from doudi.office.messages.services.reading import mark_unread, open_message, read, read_all, unread_again
from doudi.office.messages.services.telling import (
    Delivery,
    News,
    tell_deliveries,
    tell_export_decided,
    tell_export_waits,
    tell_late,
    tell_run,
    tell_supervision,
)
from doudi.office.messages.services.tidying import purge

__all__ = [
    "Delivery", "News", "mark_unread", "mute", "open_message", "purge", "read", "read_all", "tell_deliveries",
    "tell_export_decided", "tell_export_waits", "tell_late", "tell_run", "tell_supervision", "unmute", "unread_again",
]  # fmt: skip
