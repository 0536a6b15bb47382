"""照旧的预警：局部重算时，没有重问的对象，预警照今天早些时候那次运行写的留着。

Which questions a part of a run asks again, and the alerts of the earlier run that stand for all others.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from doudi.engine.backends.duckdb import Backend
from doudi.engine.diff import Alert
from doudi.engine.inputs import Inputs
from doudi.engine.part import Part
from doudi.engine.previous import Previous, alert_told
from doudi.engine.subjects import find_places

__all__ = ["Taken", "take"]

Entry: TypeAlias = dict[str, Any]
SubjectKey: TypeAlias = tuple[str, int]


@dataclass(frozen=True)
class Taken:
    """`alerts` and `subjects`: entries of the earlier run that stand. Not asked again are: questions by other indicators than
    `by` (null = by all), and questions about `standing` subjects (kind, key).
    """

    by: frozenset[str] | None = None
    standing: frozenset[SubjectKey] = frozenset()
    alerts: list[Entry] = field(default_factory=list)
    subjects: list[Entry] = field(default_factory=list)

    def is_asked(self, subject: SubjectKey | None, indicator: str) -> bool:
        """Does this run answer for the subject and the indicator itself?"""
        return (self.by is None or indicator in self.by) and subject not in self.standing

    def before(self, previous: Previous | None) -> list[Alert]:
        """Of the alerts of the run before: those that this run compares itself with, and all that were cleared."""
        if previous is None:
            return []
        return [
            alert
            for alert in previous.alerts
            if alert.status == "cleared" or self.is_asked(previous.keys.get(alert.subject_ref), alert.indicator)
        ]

    def closed(self, now: Iterable[Alert]) -> list[Alert]:
        """Every alert cleared up to now and not opened again, those of the earlier run among them."""
        told = [alert_told(entry) for entry in self.alerts]
        every = {alert.key: alert for alert in (*now, *(one for one in told if one.status == "cleared"))}
        opened = {alert.key for alert in told if alert.status != "cleared"}
        return [alert for key, alert in sorted(every.items()) if key not in opened]


def take(backend: Backend, inputs: Inputs, part: Part | None, previous: Previous | None) -> Taken:
    """What a part of a run takes over; a whole run asks everything itself."""
    if part is None:
        return Taken()
    alerts, subjects = part.before.alerts, part.before.subjects
    keys = {entry["alert_id"]: (entry["subject_kind"], entry["subject_key"]) for entry in subjects}
    if part.of_rules:
        taken = Taken(by=part.indicators)
    else:
        known = {*keys.values(), *(previous.keys.values() if previous else ())}
        taken = Taken(standing=frozenset(_not_asked(backend, inputs, known)))
    stand = {entry["alert_id"] for entry in alerts if not taken.is_asked(keys[entry["alert_id"]], entry["indicator"])}
    return replace(
        taken,
        alerts=[entry for entry in alerts if entry["alert_id"] in stand],
        subjects=[entry for entry in subjects if entry["alert_id"] in stand],
    )


def _not_asked(backend: Backend, inputs: Inputs, subjects: Collection[SubjectKey]) -> set[SubjectKey]:
    """The persons and households that belong to a household which is not judged again. Who belongs nowhere is asked."""
    places = find_places(backend, inputs, subjects)
    homes: Mapping[SubjectKey, int] = {
        subject: place.household_key for subject, place in places.items() if place.household_key is not None
    }
    backend.insert("homes", (("household_key", "BIGINT"),), [(home,) for home in sorted(set(homes.values()))])
    again = {
        row[0]
        for row in backend.rows(
            "SELECT household_key FROM homes WHERE household_key IN (SELECT household_key FROM asked_again)"
        )
    }
    backend.forget("homes")
    return {subject for subject, home in homes.items() if home not in again}
