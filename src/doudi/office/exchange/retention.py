"""留存：拒收而无人再入的来件，过了留存期就连同封存的文件一起清掉，记入流水。

What is kept no longer than it is of use: files that were refused and that nobody landed once more.
"""

from datetime import datetime, timedelta
from functools import partial
from typing import Final

from django.conf import settings
from django.db import transaction

from doudi.office.audit.services import record
from doudi.office.common.actor import machine
from doudi.office.exchange import store
from doudi.office.exchange.models import Upload

__all__ = ["purge_refused"]

_ME: Final = machine("retention")


def purge_refused(*, at: datetime) -> int:
    """Lets go of uploads refused longer than DOUDI_UPLOAD_DAYS ago: sealed file, name and row; the journal keeps that they were.

    Tells how many. 0 days: they are kept for ever.
    """
    days = settings.DOUDI_UPLOAD_DAYS
    if not days:
        return 0
    old = Upload.objects.filter(state="refused", moved_at__lt=at - timedelta(days=days)).order_by("moved_at")
    return sum(_purge(upload, at) for upload in old)


@transaction.atomic
def _purge(upload: Upload, at: datetime) -> int:
    # Still refused? Its sender may have landed it once more this very moment.
    gone, _ = Upload.objects.filter(pk=upload.pk, state="refused", moved_at=upload.moved_at).delete()
    if gone:
        record(
            actor=_ME, at=at, act="exchange.purged", subject_kind="upload", subject=str(upload.pk),
            division=upload.division, detail={"bytes": upload.size, "code": upload.code},
        )  # fmt: skip
        transaction.on_commit(partial(store.drop, upload.pk))
    return gone
