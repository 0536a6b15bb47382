"""A file is received: sealed, entered in the list, and handed to the worker."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django.db import transaction

from doudi.errors import Refusal
from doudi.landing import load_contract
from doudi.office.audit.services import make_move, record
from doudi.office.common.actor import Actor
from doudi.office.exchange import store
from doudi.office.exchange.filenames import clean_name
from doudi.office.exchange.models import Upload
from doudi.office.exchange.queue import ask_for_landing
from doudi.office.exchange.states import UPLOAD
from doudi.office.exchange.store import Sealed

__all__ = ["again", "receive", "take_in"]

_MONTH: Final = re.compile(r"20\d\d-(0[1-9]|1[0-2])", re.ASCII)


def receive(
    *,
    actor: Actor,
    at: datetime,
    name: str,
    chunks: Iterable[bytes],
    feed: str = "",
    month: str = "",
    department: str = "",
) -> Upload:
    """Seals a file as it comes and enters it in the list; the worker will land it. Journalled.

    `feed` and `month` (YYYY-MM) are what the sender says it is, empty when the file says so itself; `department` is that
    of a department's officer. Refused: too large, empty, no such feed or month.
    """
    _known(feed, month)
    sealed = store.seal_chunks(chunks)
    return take_in(actor=actor, at=at, name=name, sealed=sealed, feed=feed, month=month, department=department)


def take_in(
    *, actor: Actor, at: datetime, name: str, sealed: Sealed, feed: str = "", month: str = "", department: str = ""
) -> Upload:
    """Enters a file that is sealed already; otherwise as `receive`. A refused one is dropped."""
    try:
        _known(feed, month)
        _not_empty(sealed)
    except Refusal:
        store.drop(sealed.upload)
        raise
    with transaction.atomic():
        upload = Upload.objects.create(
            id=sealed.upload,
            name=store.seal_name(sealed.upload, clean_name(name)),
            size=sealed.size,
            feed=feed,
            month=month,
            received_at=at,
            moved_at=at,
            by=actor.name,
            by_id=actor.user_id,
            role=actor.role.value,
            division=actor.division,
            department=department,
        )
        record(
            actor=actor, at=at, act="exchange.receive", subject_kind="upload", subject=str(upload.pk),
            division=actor.division, detail={"bytes": sealed.size},
        )  # fmt: skip
        ask_for_landing()
    return upload


def again(*, actor: Actor, at: datetime, upload: Upload, feed: str, month: str) -> None:
    """Lands a refused file once more, now that its sender has said what it is. Refused: it is not refused, or not here."""
    _known(feed, month)
    if not store.sealed_file(upload.pk).exists():
        raise Refusal("exchange.upload_gone_again", "这个文件已经不在了；请改好后重新交一次。")
    with transaction.atomic():
        make_move(
            workflow=UPLOAD, row=upload, move="再入一次", actor=actor, at=at,
            feed=feed, month=month, sentence="", code="", done=0, moved_at=at,
        )  # fmt: skip
        ask_for_landing()


def _not_empty(sealed: Sealed) -> None:
    if not sealed.size:
        raise Refusal("exchange.empty", "文件是空的（0 字节），没有收下；请检查导出是否完成，然后再交。")


def _known(feed: str, month: str) -> None:
    if feed and feed not in load_contract():
        raise Refusal("exchange.no_such_feed", "没有这一种来件；请从列表里选一种，或留空由系统辨认。")
    if month and not _MONTH.fullmatch(month):
        raise Refusal("exchange.no_such_month", "月份看不懂；请写成 2026-03 这样，或留空由文件名辨认。")
