"""差异：这次与上次比，哪些预警是新的、延续的、未确认的、解除的。

One pure function over alerts and verdicts. It reads no lake and no clock; the office feeds it from its own tables,
the command line from the last run's files.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, TypeAlias

from doudi.errors import Fault

__all__ = ["Alert", "Hit", "Key", "Outcome", "Status", "alert_id", "diff"]

Status: TypeAlias = Literal["new", "continuing", "unconfirmed", "cleared"]
Key: TypeAlias = tuple[str, str]  # subject_ref, indicator
Outcome: TypeAlias = Literal["no", "unknown"]


@dataclass(frozen=True, slots=True)
class Hit:
    """An indicator holds for a subject now. `distance` is how far past the line, null = it has none."""

    subject_ref: str
    indicator: str
    level: str
    distance: int | None = None

    @property
    def key(self) -> Key:
        return self.subject_ref, self.indicator


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert as a run leaves it. `reopens` names the cleared alert of the same subject and indicator before it."""

    alert_id: str
    subject_ref: str
    indicator: str
    level: str
    status: Status
    opened_on: date
    distance: int | None = None
    cleared_on: date | None = None
    reopens: str | None = None

    @property
    def key(self) -> Key:
        return self.subject_ref, self.indicator


def alert_id(subject_ref: str, indicator: str, opened_on: date) -> str:
    """Sixteen hex digits that depend on the subject, the indicator and the day alone."""
    return hashlib.sha256(f"{subject_ref}|{indicator}|{opened_on.isoformat()}".encode()).hexdigest()[:16]


def diff(
    previous: Iterable[Alert], hits: Iterable[Hit], outcomes: Mapping[Key, Outcome], at: date
) -> tuple[list[Alert], list[Alert]]:
    """This run's alerts, and every alert cleared up to now (which the next run needs to name the old one).

    1. A hit without an open alert opens one; it names the last cleared alert of the same key.
    2. A hit with an open alert continues it, under its id and day.
    3. An open alert without a hit is cleared by a *no* on fresh complete data (`outcomes`: 'no'); anything else,
       also a subject nobody answered for, leaves it unconfirmed.

    `previous` holds the open alerts and the cleared ones of all earlier runs; every one opened before `at`.
    """
    open_before: dict[Key, Alert] = {}
    cleared_before: dict[Key, Alert] = {}
    for alert in previous:
        if alert.opened_on >= at:
            raise Fault("engine.previous_not_earlier", "上一次运行须早于这一次：有预警的日期不早于监测日。")
        (cleared_before if alert.status == "cleared" else open_before)[alert.key] = alert
    now = {hit.key: hit for hit in hits}
    alerts = [_of_hit(hit, open_before.get(key), cleared_before.get(key), at) for key, hit in now.items()]
    for key, alert in open_before.items():
        if key not in now:
            alerts.append(_without_hit(alert, outcomes.get(key, "unknown"), at))
    alerts.sort(key=lambda alert: (alert.subject_ref, alert.indicator))
    cleared = cleared_before | {alert.key: alert for alert in alerts if alert.status == "cleared"}
    reopened = {alert.key for alert in alerts if alert.status != "cleared"}
    kept = [alert for key, alert in sorted(cleared.items()) if key not in reopened]
    return alerts, kept


def _of_hit(hit: Hit, standing: Alert | None, cleared: Alert | None, at: date) -> Alert:
    if standing is not None:
        return replace(standing, status="continuing", level=hit.level, distance=hit.distance)
    made = alert_id(hit.subject_ref, hit.indicator, at)
    before = cleared.alert_id if cleared else None
    return Alert(made, hit.subject_ref, hit.indicator, hit.level, "new", at, hit.distance, reopens=before)


def _without_hit(alert: Alert, outcome: Outcome, at: date) -> Alert:
    if outcome == "no":
        return replace(alert, status="cleared", cleared_on=at)
    return replace(alert, status="unconfirmed")
