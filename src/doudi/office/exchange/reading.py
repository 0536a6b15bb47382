"""Lists and pages of the exchange, within the viewer's jurisdiction. Who is out of it finds nothing, not a refusal."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Q, QuerySet

from doudi.landing import feed_name, load_contract
from doudi.office.accounts.scope import Viewer
from doudi.office.accounts.selectors import shown_names
from doudi.office.common.actor import MACHINES
from doudi.office.common.codes import level_of, range_of
from doudi.office.common.roles import Role
from doudi.office.divisions import selectors as divisions
from doudi.office.exchange import store
from doudi.office.exchange.coverage import CoverageCard, coverage
from doudi.office.exchange.models import Batch, Hold, Upload
from doudi.office.exchange.states import HOLD, SENDERS, UPLOAD

__all__ = [
    "HoldCard", "UploadCard", "batch_of", "batches_of", "coverage_of", "hold_of", "holds_of", "may_send_again", "upload_of",
    "uploads_of",
]  # fmt: skip


_CIVIL_AFFAIRS: Final = "民政"


@dataclass(frozen=True, slots=True)
class UploadCard:
    """One file on its way, as its sender's office sees it. `done` of `size` bytes were read.

    `what` is the feed and month that it became or that its sender said it is, empty when nobody knows yet. `repeated`: the
    same bytes had landed before it came, so nothing was entered twice.
    """

    id: uuid.UUID
    name: str
    state: str
    word: str
    tone: str
    size: int
    done: int
    sentence: str
    received_at: datetime
    moved_at: datetime
    by: str
    feed: str
    month: str
    batch: str | None
    can_go_again: bool
    what: str
    repeated: bool

    @property
    def moving(self) -> bool:
        """Will it look otherwise soon?"""
        return self.state in ("received", "landing")

    @property
    def percent(self) -> int:
        """How much of it was read."""
        return 100 * self.done // self.size if self.size else 0


@dataclass(frozen=True, slots=True)
class HoldCard:
    """A delivery that waits, or waited, for a person. `senders`: place, lines before, lines now."""

    delivery: str
    feed: str
    period: str
    revision: int
    word: str
    tone: str
    open: bool
    senders: tuple[tuple[str, int, int], ...]
    found_at: datetime
    decided_at: datetime | None
    decided_by: str
    why: str
    moves: tuple[str, ...]


def _wide(viewer: Viewer) -> bool:
    """Does he look over the whole city or more?"""
    return level_of(viewer.division) in ("country", "province", "city")


def _uploads(viewer: Viewer) -> QuerySet[Upload]:
    """Those that his own office sent: of his department, or, without one, from within his jurisdiction."""
    lo, hi = range_of(viewer.division)
    sent = Upload.objects.filter(division__gte=lo, division__lte=hi)
    if viewer.role is Role.DEPARTMENT_OFFICER:
        return sent.filter(department=viewer.department)
    return Upload.objects.all() if _wide(viewer) else sent


def uploads_of(viewer: Viewer, most: int = 50) -> list[UploadCard]:
    """The newest files that his own office sent, `most` of them."""
    found = list(_uploads(viewer).select_related("batch").order_by("-received_at", "pk")[:most])
    senders = shown_names({upload.by_id for upload in found if upload.by_id is not None})
    return [_card(viewer, upload, senders) for upload in found]


def upload_of(viewer: Viewer, upload: uuid.UUID) -> Upload | None:
    """One of these, by its number."""
    return _uploads(viewer).filter(pk=upload).first()


def batches_of(viewer: Viewer) -> QuerySet[Batch]:
    """Batches that concern him: of a department's officer, those of his department's feeds; of a county, those which
    speak of the county or of the whole territory, and those that its own office sent; of the city, all.
    """
    found = Batch.objects.all()
    if viewer.role is Role.DEPARTMENT_OFFICER:
        found = found.filter(department=viewer.department)
    if _wide(viewer):
        return found
    lo, hi = range_of(viewer.division)
    concerned = Q(senders__county__gte=lo, senders__county__lte=hi) | Q(senders__county__isnull=True)
    if viewer.role is not Role.DEPARTMENT_OFFICER:
        concerned |= Q(uploads__division__gte=lo, uploads__division__lte=hi)
    return found.filter(concerned).distinct()


def batch_of(viewer: Viewer, batch: str) -> Batch | None:
    """One of these, by its name."""
    return batches_of(viewer).filter(pk=batch).first()


def may_send_again(viewer: Viewer, batch: Batch) -> bool:
    """Is it his own office's file? Then it is shown what it wrote, to put it right.

    A department's officer: of his department's feeds. Others: what was sent from their very division; what came by the
    watched folder belongs to the city when it is civil affairs' own.
    """
    if viewer.role not in SENDERS:
        return False
    if viewer.role is Role.DEPARTMENT_OFFICER:
        return batch.department == viewer.department
    sent = Q(division=viewer.division)
    if _wide(viewer) and batch.department == _CIVIL_AFFAIRS:
        sent |= Q(division=0)
    return batch.uploads.filter(sent, department="").exists()


def holds_of(viewer: Viewer) -> list[HoldCard]:
    """Deliveries held back that concern him, those that wait first, then the newest."""
    found = [_hold(viewer, hold) for hold in Hold.objects.order_by("-found_at", "pk") if _concerns(viewer, hold)]
    return sorted(found, key=lambda card: not card.open)


def hold_of(viewer: Viewer, delivery: str) -> HoldCard | None:
    """One of these, by its delivery."""
    hold = Hold.objects.filter(pk=delivery).first()
    return _hold(viewer, hold) if hold is not None and _concerns(viewer, hold) else None


def coverage_of(viewer: Viewer, at: datetime) -> list[CoverageCard]:
    """Senders that concern him: of a department's officer his department's, of a county its own and those without one."""
    lo, hi = range_of(viewer.division)
    return [
        card
        for card in coverage(at)
        if (viewer.role is not Role.DEPARTMENT_OFFICER or card.department == viewer.department)
        and (_wide(viewer) or card.county is None or lo <= card.county <= hi)
    ]


def _concerns(viewer: Viewer, hold: Hold) -> bool:
    if viewer.role is Role.DEPARTMENT_OFFICER and load_contract()[hold.feed].department != viewer.department:
        return False
    lo, hi = range_of(viewer.division)
    return _wide(viewer) or any(
        each["county"] is None or lo <= each["county"] * 1_000_000 <= hi for each in hold.senders
    )


def _card(viewer: Viewer, upload: Upload, senders: Mapping[int, str]) -> UploadCard:
    again = upload.state == "refused" and viewer.role in SENDERS and store.sealed_file(upload.pk).exists()
    by = senders.get(upload.by_id or 0) or MACHINES.get(upload.by, upload.by)
    became = upload.batch
    feed, month = (became.feed, became.period) if became is not None else (upload.feed, upload.month)
    return UploadCard(
        id=upload.pk, name=store.named(upload.pk, upload.name), state=upload.state, word=UPLOAD.word(upload.state),
        tone=UPLOAD.tone(upload.state), size=upload.size, done=upload.done, sentence=upload.sentence,
        received_at=upload.received_at, moved_at=upload.moved_at, by=by, feed=upload.feed, month=upload.month,
        batch=upload.batch_id, can_go_again=again, what=" ".join(filter(None, (feed and feed_name(feed), month))),
        repeated=became is not None and became.received_at < upload.received_at,
    )  # fmt: skip


def _hold(viewer: Viewer, hold: Hold) -> HoldCard:
    names = divisions.names(each["county"] * 1_000_000 for each in hold.senders if each["county"])
    moves = tuple(move.name for move in HOLD.open_to(hold, hold.state, viewer.actor))
    return HoldCard(
        delivery=hold.delivery, feed=feed_name(hold.feed), period=hold.period, revision=hold.revision,
        word=HOLD.word(hold.state), tone=HOLD.tone(hold.state), open=hold.state == HOLD.start,
        senders=tuple((_sender(each, names), each["before"], each["now"]) for each in hold.senders),
        found_at=hold.found_at, decided_at=hold.decided_at, decided_by=hold.decided_by, why=hold.why, moves=moves,
    )  # fmt: skip


def _sender(each: Mapping[str, object], names: Mapping[int, str]) -> str:
    county = each["county"]
    if isinstance(county, int):
        return names.get(county * 1_000_000, str(county))
    return str(each["department"] or each["programme"] or "全市")
