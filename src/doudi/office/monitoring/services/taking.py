"""A finished run becomes rows: alerts live on, and what changed of each is written down."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any, Final

import polars as pl

from doudi.engine.manifest import Manifest
from doudi.office.monitoring.models import Alert, AlertChange, Run
from doudi.office.monitoring.sealing import Seals, seal_alert
from doudi.office.monitoring.services.bulk import refresh_statistics, writing
from doudi.office.monitoring.states import RANKS
from doudi.readout.runs import Alerted, FinishedRun, alerted

__all__ = ["Placing", "births_of", "take_alerts"]

_CHUNK: Final = 2000
_KEPT: Final = ("alert_id", "first_run")  # columns that the first run writes and no later one touches


@dataclass(frozen=True)
class Placing:
    """Where alerts are: the three divisions of each household, the code at which a county's own alerts are held, and the
    whole city's.
    """

    of_household: Mapping[int, tuple[int, int, int]]
    city: int

    def of(self, each: Alerted) -> tuple[int, int, int]:
        """The three divisions of an alert; of a delivery the county's or the city's, thrice."""
        key = each.subject["household_key"]
        if key in self.of_household:
            return self.of_household[key]
        told = each.entry["division"] or (each.entry["county"] or "").ljust(12, "0")
        code = int(told) if told.strip("0") else self.city
        return code, code, code


def take_alerts(run: Run, finished: FinishedRun, placing: Placing, seals: Seals) -> dict[str, int]:
    """Writes the alerts of a finished run, and how each differs from what stood before.

    1. Every alert that the run tells of is written under its id. 2. An open one of which it no longer tells (the day was
    monitored again, and the record that it stood on was corrected) is cleared. 3. Each new status or level is a change.
    Returns how many are new, continuing, unconfirmed, cleared, reopened. Once more with the same run: nothing changes.
    """
    stood = {row.alert_id: row for row in Alert.objects.defer("sealed")}
    births = births_of(finished)
    counts: Counter[str] = Counter(new=0, continuing=0, unconfirmed=0, cleared=0, reopened=0)
    told: set[str] = set()
    news: list[AlertChange] = []
    with writing(Alert, kept=_KEPT) as write:
        for each in alerted(finished.folder):
            row = _row(run, each, placing.of(each), births, seals, finished.manifest)
            write(row)
            told.add(row.alert_id)
            counts[row.status] += 1
            counts["reopened"] += bool(row.reopens and row.status == "new")
            news += _news(run, stood.get(row.alert_id), row)
    gone = [row for key, row in stood.items() if key not in told and row.status != "cleared"]
    counts["cleared"] += len(gone)
    _clear(run, gone)
    news += [_change(run, row, "status", row.status, "cleared") for row in gone]
    with writing(AlertChange) as write:
        for change in news:
            write(change)
    refresh_statistics(Alert, AlertChange)
    return dict(counts)


def births_of(finished: FinishedRun) -> dict[int, int]:
    """The year of birth by person_key, of those of whom a register tells it."""
    table = pl.read_parquet(finished.folder / "members.parquet", columns=["person_key", "birth"]).drop_nulls()
    return dict(zip(table["person_key"].to_list(), table["birth"].dt.year().to_list(), strict=True))


def _row(
    run: Run, each: Alerted, places: tuple[int, int, int], births: Mapping[int, int], seals: Seals, manifest: Manifest
) -> Alert:
    entry, subject = each.entry, each.subject
    cleared = entry.get("cleared_on")
    return Alert(
        alert_id=entry["alert_id"],
        subject_ref=entry["subject_ref"],
        household_key=subject["household_key"],
        person_key=subject["person_key"],
        indicator=entry["indicator"],
        title=entry["title"],
        level=entry["level"],
        level_rank=RANKS[entry["level"]],
        disposition=entry["disposition"],
        status=entry["status"],
        opened_on=date.fromisoformat(entry["opened_on"]),
        cleared_on=date.fromisoformat(cleared) if cleared else None,
        reopens=entry["reopens"] or "",
        owner=entry["owner"],
        birth_year=births.get(subject["person_key"]),
        stale_feeds=_stale(entry, manifest),
        hukou_division=places[0],
        residence_division=places[1],
        managing_division=places[2],
        first_run=run,
        last_run=run,
        sealed=seal_alert(seals, entry),
    )


def _stale(entry: Mapping[str, Any], manifest: Manifest) -> list[str]:
    """The sources behind the reasons that were out of date in the alert's county."""
    feeds = {reason["feed"] for reason in entry["reasons"] if "feed" in reason}
    here = {"全市", entry["county"], int(entry["county"])} if entry["county"] else {"全市"}
    return sorted(feed for feed in feeds if here & set(manifest.inputs.get(feed, {}).get("stale", ())))


def _news(run: Run, old: Alert | None, new: Alert) -> Iterator[AlertChange]:
    """What is new of it; that a new alert goes on is no news."""
    before = old.status if old else ""
    if before != new.status and (before, new.status) != ("new", "continuing"):
        yield _change(run, new, "status", before, new.status)
    if old and old.level != new.level:
        yield _change(run, new, "level", old.level, new.level)


def _clear(run: Run, gone: list[Alert]) -> None:
    for some in _chunks([row.alert_id for row in gone]):
        Alert.objects.filter(pk__in=some).update(status="cleared", cleared_on=run.day, last_run=run)


def _change(run: Run, row: Alert, what: str, old: str, new: str) -> AlertChange:
    return AlertChange(
        alert_id=row.alert_id,
        run=run,
        day=run.day,
        what=what,
        old=old,
        new=new,
        hukou_division=row.hukou_division,
        residence_division=row.residence_division,
        managing_division=row.managing_division,
    )


def _chunks(rows: Iterable[Any]) -> Iterator[list[Any]]:
    them = iter(rows)
    while some := list(islice(them, _CHUNK)):
        yield some
