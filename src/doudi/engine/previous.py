"""上一次：最近一次监测日更早的运行，它的预警、对象与户。

What a run remembers of the one before it. Found by date, never by the time at which it was run.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from doudi.engine.diff import Alert
from doudi.errors import Refusal

__all__ = ["Previous", "alert_told", "entries_of", "find_previous", "read_previous"]


@dataclass(frozen=True)
class Previous:
    """`alerts`: open ones, and every one cleared so far. `told`: the whole entry of each open alert by alert_id.

    `keys`: subject_ref -> (kind, key) as that run knew it.
    """

    folder: Path
    alerts: tuple[Alert, ...]
    told: Mapping[str, dict[str, Any]]
    keys: Mapping[str, tuple[str, int]]

    def standing(self, indicators: Collection[str] | None = None) -> list[tuple[str, int]]:
        """The persons and households of the open alerts (of these indicators, or of all), by kind and key."""
        open_alerts = {
            alert.subject_ref
            for alert in self.alerts
            if alert.status != "cleared" and (indicators is None or alert.indicator in indicators)
        }
        return sorted({self.keys[ref] for ref in open_alerts if ref in self.keys})

    @property
    def members(self) -> Path:
        return self.folder / "members.parquet"


def find_previous(home: Path, at: date) -> Previous | None:
    """The latest run whose date is strictly earlier and which saw everything known then; null = this is the first."""
    dated = []
    for manifest in (home / "runs").glob("*/manifest.json"):
        told = json.loads(manifest.read_text(encoding="utf-8"))
        if told["known"] is None and told["at"] < at.isoformat():
            dated.append((told["at"], manifest.parent))
    return read_previous(max(dated)[1]) if dated else None


def read_previous(folder: Path) -> Previous:
    """A finished run. Refuses a folder that is not one."""
    if not (folder / "manifest.json").exists():
        raise Refusal("engine.no_such_run", f"{folder.name} 不是一次完成的运行。", run=folder.name)
    told = [entry for entry in entries_of(folder / "alerts.jsonl") if entry["status"] != "cleared"]
    closed = entries_of(folder / "closed.jsonl")
    subjects = entries_of(folder / "subjects.jsonl")
    return Previous(
        folder,
        tuple(alert_told(entry) for entry in (*told, *closed)),
        {entry["alert_id"]: entry for entry in told},
        {entry["subject_ref"]: (entry["subject_kind"], entry["subject_key"]) for entry in subjects},
    )


def entries_of(path: Path) -> list[dict[str, Any]]:
    """The entries of one of a run's files, a line each."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def alert_told(entry: Mapping[str, Any]) -> Alert:
    """The alert that an entry tells of."""
    cleared = entry.get("cleared_on")
    return Alert(
        entry["alert_id"],
        entry["subject_ref"],
        entry["indicator"],
        entry["level"],
        entry["status"],
        date.fromisoformat(entry["opened_on"]),
        entry.get("distance"),
        date.fromisoformat(cleared) if cleared else None,
        entry.get("reopens"),
    )
