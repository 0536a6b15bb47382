"""读流水：按时间倒着翻页，一页五十条，翻多远都一样快。

Reads of the journal, newest first, by key: the page after a million entries costs what the first one costs.
"""

from collections.abc import Iterable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from django.db.models import Q

from doudi.errors import Refusal
from doudi.office.audit.models import Entry, Seal
from doudi.office.audit.whole import whole_journal
from doudi.office.audit.words import OUTCOMES, act_word
from doudi.office.common.clock import BEIJING
from doudi.office.common.roles import LABELS, Role

__all__ = [
    "Asked",
    "EntryCard",
    "Page",
    "Sight",
    "entry",
    "everything",
    "how_many",
    "in_scope",
    "journal",
    "of_subject",
    "own",
]

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Sight:
    """Which entries a reader may have. Made by `everything`, `in_scope`, `own`, and by nothing else."""

    which: Q
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for; empty = any. Days are Beijing's, both included. `refused`: only what was refused or failed."""

    actor: str = ""
    act: str = ""
    subject_kind: str = ""
    subject: str = ""
    whose: str = ""
    since: date | None = None
    until: date | None = None
    refused: bool = False


@dataclass(frozen=True, slots=True)
class EntryCard:
    """One entry, in words. `position` and `link` are the seal's, null while it is not sealed."""

    id: int
    at: datetime
    written_at: datetime
    actor: str
    actor_id: int | None
    role: str
    actor_division: int
    act: str
    act_word: str
    subject_kind: str
    subject: str
    whose: str
    division: int | None
    why: str
    outcome: str
    detail: Mapping[str, Any]
    position: int | None = None
    link: str | None = field(default=None, repr=False)

    @property
    def outcome_word(self) -> str:
        """How it ended."""
        return OUTCOMES[self.outcome][0]

    @property
    def tone(self) -> str:
        """The tone of the outcome's tag."""
        return OUTCOMES[self.outcome][1]

    @property
    def late(self) -> bool:
        """Was it written more than an hour after it was done, by the database's clock?"""
        return self.written_at - self.at > timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Page:
    """Up to `size` entries; `after` is the key of the next page, empty on the last one."""

    cards: tuple[EntryCard, ...]
    after: str


def everything() -> Sight:
    """Every entry. For the audit administrator, who sees refs and no household."""
    return Sight(Q(), whole=True)


def in_scope(lo: int, hi: int) -> Sight:
    """What concerns these divisions, and what concerns none but was done by somebody who works there."""
    return Sight(Q(division__range=(lo, hi)) | Q(division=None, actor_division__range=(lo, hi)))


def own(user_id: int) -> Sight:
    """A person's own acts."""
    return Sight(Q(actor_id=user_id))


def journal(sight: Sight, asked: Asked, *, after: str = "", size: int = 50) -> Page:
    """One page of entries, newest first, within `sight`. Refused: `after` is no key of ours."""
    wanted = sight.which & _matching(asked)
    if after:
        at, number = _key(after)
        wanted &= Q(at__lt=at) | Q(at=at, id__lt=number)
    with whole_journal() if sight.whole else nullcontext():
        rows = list(Entry.objects.filter(wanted).order_by("-at", "-id")[: size + 1])
    more = len(rows) > size
    cards = _cards(rows[:size])
    return Page(cards, _after(cards[-1]) if more else "")


def how_many(sight: Sight, asked: Asked, most: int) -> int:
    """How many entries that is; counting ends at `most`."""
    with whole_journal() if sight.whole else nullcontext():
        return Entry.objects.filter(sight.which & _matching(asked))[:most].count()


def entry(sight: Sight, number: int) -> EntryCard | None:
    """One entry within `sight`, None when there is none."""
    with whole_journal() if sight.whole else nullcontext():
        row = Entry.objects.filter(sight.which, pk=number).first()
    return _cards([row])[0] if row else None


def of_subject(kind: str, *names: str, size: int = 20) -> tuple[EntryCard, ...]:
    """What was done about one subject under any of its names, newest first, as far as the transaction's scope shows it."""
    return _cards(Entry.objects.filter(subject_kind=kind, subject__in=names).order_by("-at", "-id")[:size])


def _matching(asked: Asked) -> Q:
    wanted = Q()
    for column in ("actor", "act", "subject_kind", "subject", "whose"):
        if value := getattr(asked, column):
            wanted &= Q(**{column: value})
    if asked.since:
        wanted &= Q(at__gte=datetime.combine(asked.since, time(), BEIJING))
    if asked.until:
        wanted &= Q(at__lt=datetime.combine(asked.until + timedelta(days=1), time(), BEIJING))
    if asked.refused:
        wanted &= ~Q(outcome="done")
    return wanted


def _after(card: EntryCard) -> str:
    return f"{(card.at - _EPOCH) // timedelta(microseconds=1)}_{card.id}"


def _key(after: str) -> tuple[datetime, int]:
    micros, _, number = after.partition("_")
    try:
        return _EPOCH + timedelta(microseconds=int(micros)), int(number)
    except (ValueError, OverflowError) as error:
        raise Refusal("audit.bad_key", "翻页的位置认不出来；请回到第一页重新翻。") from error


def _cards(rows: Iterable[Entry]) -> tuple[EntryCard, ...]:
    found = list(rows)
    seals = {seal.entry_id: seal for seal in Seal.objects.filter(entry_id__in=[row.id for row in found])}
    return tuple(_card(row, seals.get(row.id)) for row in found)


def _card(row: Entry, seal: Seal | None) -> EntryCard:
    return EntryCard(
        id=row.id, at=row.at.astimezone(BEIJING), written_at=row.written_at.astimezone(BEIJING), actor=row.actor, actor_id=row.actor_id,
        role=LABELS[Role(row.role)], actor_division=row.actor_division, act=row.act,
        act_word=act_word(row.act, row.detail), subject_kind=row.subject_kind, subject=row.subject, whose=row.whose,
        division=row.division, why=row.why, outcome=row.outcome, detail=row.detail,
        position=seal.position if seal else None, link=bytes(seal.hash).hex() if seal else None,
    )  # fmt: skip
