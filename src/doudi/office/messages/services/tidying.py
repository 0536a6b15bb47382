"""Old messages go: they told what was new, and other offices keep what is."""

from datetime import datetime, timedelta

from django.conf import settings

from doudi.office.audit.services import record
from doudi.office.common.actor import machine
from doudi.office.common.scope import whole_city
from doudi.office.messages.models import Message

__all__ = ["purge"]


def purge(*, at: datetime) -> int:
    """Deletes messages older than DOUDI_MESSAGE_DAYS, read or not; how many. Journalled when there were any."""
    with whole_city():
        gone, _ = Message.objects.filter(at__lt=at - timedelta(days=settings.DOUDI_MESSAGE_DAYS)).delete()
        if gone:
            record(actor=machine("messages"), at=at, act="messages.purged", detail={"entries": gone})
    return gone
