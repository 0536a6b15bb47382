"""来源：每种来件新不新，一种一行。

Freshness of each feed as the dashboard shows it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from doudi.office.exchange.selectors import CoverageCard
from doudi.office.monitoring.states import SOURCES

__all__ = ["Source", "sources_of"]

_WORST: Final = {
    "never": ("从未到过", "bad"),
    "quarantined": ("被隔离", "warn"),
    "late": ("迟到", "warn"),
    "fresh": ("新", "good"),
}


@dataclass(frozen=True, slots=True)
class Source:
    """One feed: how many of its senders are fresh, its oldest last month in force, the state of its worst sender.

    `period` is empty when it never came; `days_late` is that of the latest sender, null when none is late.
    """

    name: str
    department: str
    senders: int
    fresh: int
    period: str
    days_late: int | None
    word: str
    tone: str

    @property
    def on_time(self) -> bool:
        """Has every sender delivered in time?"""
        return self.fresh == self.senders


def sources_of(cards: Iterable[CoverageCard]) -> tuple[Source, ...]:
    """One row a feed, the worst first, then the latest."""
    by_feed: dict[str, list[CoverageCard]] = {}
    for card in cards:
        by_feed.setdefault(card.feed, []).append(card)
    return tuple(_source(feed, them) for feed, them in sorted(by_feed.items(), key=lambda each: _order(each[1])))


def _order(them: list[CoverageCard]) -> tuple[int, int]:
    states = list(_WORST)
    return min(states.index(card.state) for card in them), -max(card.days_late or 0 for card in them)


def _source(feed: str, them: list[CoverageCard]) -> Source:
    word, tone = next(told for state, told in _WORST.items() if any(card.state == state for card in them))
    days = max((card.days_late for card in them if card.days_late), default=None)
    periods = [card.last_period for card in them if card.last_period]
    return Source(
        SOURCES.get(feed, feed), them[0].department, len(them), sum(card.fresh for card in them), min(periods, default=""),
        days, word, tone,
    )  # fmt: skip
