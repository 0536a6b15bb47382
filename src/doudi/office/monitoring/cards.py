"""What pages and other offices are shown of alerts and runs: already masked for whoever looks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from doudi.office.monitoring.states import ALERT_TONES, DISPOSITIONS, STATUSES

__all__ = ["AlertCard", "AlertPage", "Change", "ClauseCard", "ListPage", "Option", "ReasonCard", "Row", "RunCard"]


_LEVEL_NAMES: Final = {"红": "red", "橙": "orange", "蓝": "blue"}


@dataclass(frozen=True, slots=True)
class AlertCard:
    """One alert as this viewer may see it. Grain: alert.

    `title` says something else where the indicator's name itself may not be read (`veiled`); `disposition` is empty where
    hardship is hidden. `who` is masked, null for a delivery or where identities are hidden; `household_ref` likewise.
    `place` in words. `stale`: the words of the sources out of date. `days`: how long it is or was open.
    """

    alert_id: str
    household_key: int | None
    person_key: int | None
    household_ref: str | None
    who: str | None
    indicator: str
    title: str
    veiled: bool
    level: str
    disposition: str
    status: str
    opened_on: date
    cleared_on: date | None
    days: int
    division: int
    place: str
    owner: str
    age: int | None
    stale: tuple[str, ...]

    @property
    def disposition_word(self) -> str:
        """Where it leads, in Chinese; empty where it is hidden."""
        return DISPOSITIONS.get(self.disposition, "")

    @property
    def lasted(self) -> str:
        """How long it is or was open, as one says it."""
        return f"{self.days:,} 天" if self.days else "当天"

    @property
    def level_name(self) -> str:
        """The level as style sheets name it."""
        return _LEVEL_NAMES[self.level]

    @property
    def status_word(self) -> str:
        """Its status in Chinese."""
        return STATUSES[self.status]

    @property
    def tone(self) -> str:
        """The tone of its status."""
        return ALERT_TONES[self.status]


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the list: the alert that leads, and the household's others that the viewer may see, worst first."""

    lead: AlertCard
    others: tuple[AlertCard, ...] = ()


@dataclass(frozen=True, slots=True)
class ListPage:
    """A page of the list. `after` and `before` are the keys of the next and the former page, empty when there is none."""

    rows: tuple[Row, ...]
    after: tuple[str, ...]
    before: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Option:
    """One value of a filter: its key, its word, how many alerts it would leave."""

    key: str
    word: str
    count: int

    @property
    def label(self) -> str:
        """As a drop-down shows it."""
        return f"{self.word}（{self.count:,}）"


@dataclass(frozen=True, slots=True)
class ReasonCard:
    """One reason. `says` is the sentence, or why it is not shown (`hidden`); the source is empty then. `kind`: its
    field class.

    `batch` null: no delivery names it. `stale`: the source was out of date. `promised`: the same for programs, as
    `readout.reasons` promises its fields; empty where it is hidden, and no part of what makes two reasons alike.
    """

    says: str
    hidden: bool
    kind: str
    department: str = ""
    record: str = ""
    line: str = ""
    day: str = ""
    stale: bool = False
    promised: Mapping[str, Any] = field(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True)
class ClauseCard:
    """A clause in our own words, and the document that it stands in, by number and by title."""

    id: str
    meaning: str
    number: str
    document: str


@dataclass(frozen=True, slots=True)
class Change:
    """What one run changed of an alert, in words."""

    day: date
    run: int
    says: str
    tone: str


@dataclass(frozen=True, slots=True)
class AlertPage:
    """One alert whole. `asks`: what to ask and to look at, for who sees no figures; `person_id` masked or null.

    `about`: whom it is about, when that is not the head, masked; empty otherwise.
    """

    card: AlertCard
    person_id: str | None
    reasons: tuple[ReasonCard, ...]
    distance: str
    clauses: tuple[ClauseCard, ...]
    clears_when: str
    asks: tuple[str, ...]
    others: tuple[AlertCard, ...]
    about: str
    changes: tuple[Change, ...]
    reopens: str
    run_day: date


@dataclass(frozen=True, slots=True)
class RunCard:
    """A run for lists and figures. `manifest` and `changes` are null until it is finished."""

    id: int
    day: date
    kind: str
    state: str
    state_word: str
    tone: str
    asked_by: str
    asked_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    step: str
    steps_done: int
    error: str
    manifest: Mapping[str, Any] | None
    changes: Mapping[str, int] | None

    @property
    def seconds(self) -> int | None:
        """How long it took; null while it has not ended."""
        if self.started_at is None or self.finished_at is None:
            return None
        return int((self.finished_at - self.started_at).total_seconds())
