"""Deliveries: held for somebody's decision, refused, late, owed by one's own department."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final

from django.urls import reverse

from doudi.office.accounts.scope import Viewer
from doudi.office.common.clock import BEIJING
from doudi.office.divisions.selectors import place_name
from doudi.office.exchange.selectors import CoverageCard, coverage_of, holds_of, uploads_of
from doudi.office.monitoring.states import SOURCES
from doudi.office.portal.cards import Matter
from doudi.office.portal.grounds import grounds

__all__ = ["held", "late", "mine", "refused"]

_STATES: Final = {"late": ("迟到", "warn"), "never": ("从未到过", "bad"), "quarantined": ("被隔离，等人决定", "warn")}
_NEVER: Final = 100_000  # days, for the order alone
_FEEDS_SHOWN: Final = 8


def held(viewer: Viewer, at: datetime) -> Iterator[Matter]:
    """One matter a delivery that is held back and on which this viewer may decide."""
    del at  # a held delivery waits until somebody decides
    for card in holds_of(viewer):
        if card.open and card.moves:
            shrank = "；".join(f"{place} {before:,} → {now:,} 行" for place, before, now in card.senders)
            yield Matter(
                what=f"{card.feed} {card.period} 比上期少了一半以上",
                count=len(card.senders),
                unit="个报送方",
                where="、".join(place for place, _, _ in card.senders),
                when=f"{card.found_at.astimezone(BEIJING):%Y-%m-%d} 起暂扣",
                href=reverse("exchange:hold", args=[card.delivery]),
                link="去决定",
                tone="warn",
                note=shrank,
                grounds=grounds("deliveries"),
            )


def refused(viewer: Viewer, at: datetime) -> Iterator[Matter]:
    """One matter a file of the viewer's own office that was refused and may be sent again."""
    del at  # until it is sent again, or a newer file takes its place
    for card in uploads_of(viewer):
        if card.state == "refused":
            yield Matter(
                what=card.name,
                count=card.size,
                unit="字节",
                where=SOURCES.get(card.feed, card.feed) or "没有认出是哪种来件",
                when=f"{card.moved_at.astimezone(BEIJING):%Y-%m-%d %H:%M} 拒收",
                href=reverse("exchange:uploads"),
                link="改正再送",
                tone="bad",
                note=card.sentence,
                grounds=grounds("deliveries"),
            )


def late(viewer: Viewer, at: datetime) -> Iterator[Matter]:
    """One matter a feed with late senders that concern the viewer, the latest first; the least late share one.

    What is only held back is not late: it waits on the desk of who decides.
    """
    troubled = (card for card in coverage_of(viewer, at) if not card.fresh)
    late = _by_feed(card for card in troubled if card.state != "quarantined" or card.days_late)
    for cards in late[:_FEEDS_SHOWN]:
        yield _matter(cards, "看来源", reverse("exchange:coverage"))
    if rest := late[_FEEDS_SHOWN:]:
        names = "、".join(SOURCES.get(cards[0].feed, cards[0].feed) for cards in rest)
        where = f"{len({card.department for cards in rest for card in cards})} 个部门"
        yield Matter("其余迟到的来件", len(rest), "种", where, "较上面的迟得少", reverse("exchange:coverage"), "看来源", "warn",
                     names, grounds("late"))  # fmt: skip


def mine(viewer: Viewer, at: datetime) -> Iterator[Matter]:
    """One matter a feed that the viewer's own department sends and that is not fresh."""
    for cards in _by_feed(card for card in coverage_of(viewer, at) if not card.fresh):
        if cards[0].state == "quarantined":
            yield _matter(cards, "看对账", reverse("exchange:holds"))
        else:
            yield _matter(cards, "去上传", reverse("exchange:uploads"))


def _by_feed(cards: Iterable[CoverageCard]) -> list[list[CoverageCard]]:
    """The latest sender first, in each feed and among feeds; what never came before all."""
    found: dict[str, list[CoverageCard]] = {}
    for card in sorted(cards, key=lambda each: -(each.days_late if each.days_late is not None else _NEVER)):
        found.setdefault(card.feed, []).append(card)
    return list(found.values())


def _matter(cards: Sequence[CoverageCard], link: str, href: str) -> Matter:
    worst = cards[0]
    word, tone = _STATES[worst.state]
    when = f"应于 {worst.due_by} 前送到，最近一期 {worst.last_period}" if worst.due_by else "从来没有送到过"
    if worst.state == "quarantined" and not worst.days_late:
        when = f"决定之前沿用 {worst.last_period} 这一期" if worst.last_period else "决定之前没有可用的一期"
    places = dict.fromkeys(place_name(card.county) if card.county else "全市" for card in cards)
    offices = "、".join(dict.fromkeys(card.office or card.department for card in cards))
    return Matter(
        what=f"{SOURCES.get(worst.feed, worst.feed)}{word}",
        count=worst.days_late or len(cards),
        unit="天" if worst.days_late else "个报送方",
        where=f"{'、'.join(places)}：{offices}",
        when=when,
        href=href,
        link=link,
        tone=tone,
        note=f"{len(cards)} 个报送方" if len(cards) > 1 else "",
        grounds=grounds("late"),
    )
