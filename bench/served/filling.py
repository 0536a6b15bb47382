"""The city into the tables: the vault in bulk, the population by the registry's own door, alerts by monitoring's own."""

from __future__ import annotations

import hashlib
import json
import time
from datetime import date, datetime
from pathlib import Path

import polars as pl
from django.db import connections
from django.db.models import F, Window
from django.db.models.functions import RowNumber

from doudi.landing.ids import numbers_of
from doudi.office.accounts.scope import Viewer
from doudi.office.audit.services import make_move
from doudi.office.common.actor import machine
from doudi.office.common.roles import Role
from doudi.office.common.scope import whole_city
from doudi.office.divisions import services as divisions
from doudi.office.exchange.selectors import open_vault
from doudi.office.exchange.vault import write_vault
from doudi.office.monitoring.models import HouseholdFacts, Run
from doudi.office.monitoring.sealing import seal_card
from doudi.office.monitoring.services.taking import Placing, take_alerts
from doudi.office.monitoring.states import RUN
from doudi.office.registry import selectors, services
from doudi.office.registry.models import Household
from doudi.policy.rule import Book
from doudi.readout.home import book
from doudi.readout.runs import find_run
from served.cards import HOUSEHOLDS_WITH_CARDS, card
from served.people import Invented

__all__ = ["DAY", "fill"]

DAY = date(2026, 6, 30)
CHUNK = 100_000
CITY = 370500000000


def fill(home: Path, city: Invented, alerts: int, at: datetime) -> dict[str, float]:
    """Everything that the pages read, and how many seconds each part took."""
    seconds: dict[str, float] = {}
    for name, act in (
        ("divisions", lambda: _divisions(at)),
        ("vault", lambda: _vault(city)),
        ("take_over", lambda: _taken(city, at)),
        ("alerts", lambda: _alerts(home, city, alerts, at)),
        ("cards", _cards),
        ("rest", _rest),
    ):
        begun = time.monotonic()
        act()
        seconds[name] = round(time.monotonic() - begun, 2)
        print(f"{name:<12} {seconds[name]:>8.1f} s", flush=True)
    return seconds


def _divisions(at: datetime) -> None:
    divisions.take_over(path=divisions.SHIPPED, actor=machine("bench"), at=at)


def _vault(city: Invented) -> None:
    """Persons get the keys 1, 2, … in their order, since the vault is new."""
    with write_vault() as vault:
        for some in city.people.iter_slices(CHUNK):
            numbers = numbers_of(some["person_id"])
            tokens = vault.tokens.of_names(numbers, some["name"])
            with vault.transaction():
                keys = vault.give_keys(numbers)["person_key"]
                names = pl.DataFrame({"person_key": keys, "token": tokens, "name": some["name"]})
                vault.keep_names(names, registered=True, month=202606)
        for some in city.places.iter_slices(CHUNK):
            texts = _household_nos(some["household"])
            with vault.transaction():
                vault.keep_labels("household_no", texts, vault.tokens.each("household_no", texts))


def _taken(city: Invented, at: datetime) -> None:
    households, members = frames(city)
    services.take_over(households=households, members=members, actor=machine("bench"), at=at, day=DAY)


def frames(city: Invented) -> tuple[pl.DataFrame, pl.DataFrame]:
    """households.parquet and members.parquet of a run about this city."""
    with open_vault() as vault:
        tokens = vault.tokens.each("household_no", _household_nos(city.places["household"]))
    heads = city.people.group_by("household").agg(head_key=pl.col("number").min() + 1, members=pl.len().cast(pl.Int64))
    keyed = city.people.join(heads, on="household").sort("number")
    households = heads.join(city.places.with_columns(household_no_token=tokens), on="household").sort("household").select(
        "head_key", "members", "household_no_token", household_key="head_key", head_hukou_kind=pl.lit("农村"),
        division="village", county=(pl.col("village") // 1_000_000).cast(pl.Int32),
    )  # fmt: skip
    members = keyed.select(
        "birth", "male", "tiers", "hukou_division", "residence_division", person_key=pl.col("number") + 1,
        household_key="head_key", is_head=pl.col("number") + 1 == pl.col("head_key"), name_token=pl.col("number"),
        county=(pl.col("village") // 1_000_000).cast(pl.Int32), registered=pl.lit(value=True),
        case_token=pl.lit(None, dtype=pl.Int64),
    )  # fmt: skip
    return households, members


def _household_nos(households: pl.Series) -> pl.Series:
    return pl.select(pl.format("3799H{}", pl.lit(households).cast(pl.String).str.zfill(8))).to_series()


def _alerts(home: Path, city: Invented, alerts: int, at: datetime) -> None:
    """A run written by hand, taken over as the worker does it after the engine."""
    folder = _run_folder(home, city, alerts)
    finished, actor = find_run(home, folder.name), machine("bench")
    with whole_city():
        run = Run.objects.create(day=DAY, kind="manual", asked_by="bench", asked_at=at)
        make_move(workflow=RUN, row=run, move="开始", actor=actor, at=at, started_at=at, attempts=1)
        with open_vault() as vault:
            changes = take_alerts(run, finished, Placing(_placed(city), CITY), vault.sealer)
        shown = json.loads((folder / "manifest.json").read_text("utf-8"))
        make_move(
            workflow=RUN, row=run, move="完成", actor=actor, at=at, finished_at=at, step="", folder=folder.name,
            manifest=shown, changes=changes,
        )  # fmt: skip


def _cards() -> None:
    """Sealed cards of some households of every county, the first by their refs."""
    law, columns = book(), ("hukou_division", "residence_division", "managing_division")
    with whole_city(), open_vault() as vault:
        run = Run.objects.latest("id")
        turn = Window(RowNumber(), partition_by=[F("managing_division") / 10**6], order_by="ref")
        some = Household.objects.annotate(turn=turn).filter(turn__lte=HOUSEHOLDS_WITH_CARDS).prefetch_related("people")
        HouseholdFacts.objects.bulk_create(
            HouseholdFacts(
                household_key=home.pk,
                run=run,
                sealed=seal_card(vault.sealer, home.pk, card(law, [person.pk for person in home.people.all()])),
                **{column: getattr(home, column) for column in columns},
            )
            for home in some
        )


def _placed(city: Invented) -> dict[int, tuple[int, int, int]]:
    everywhere = Viewer(None, "bench", "", Role.MACHINE, 0)
    keys = city.people.group_by("household").agg(pl.col("number").min() + 1)["number"].to_list()
    return {
        key: where
        for start in range(0, len(keys), CHUNK)
        for key, where in selectors.placed(everywhere, keys[start : start + CHUNK]).items()
    }


def _run_folder(home: Path, city: Invented, alerts: int) -> Path:
    folder = home / "runs" / DAY.isoformat()
    folder.mkdir(parents=True)
    law = book()
    households, members = frames(city)
    households.write_parquet(folder / "households.parquet")
    members.write_parquet(folder / "members.parquet")
    (folder / "book.json").write_text(law.canonical, "utf-8")
    (folder / "closed.jsonl").write_text("", "utf-8")
    told = households.select("household_key", "head_key", "household_no_token", "division")
    with (folder / "alerts.jsonl").open("w") as entries, (folder / "subjects.jsonl").open("w") as subjects:
        for number in range(alerts):
            entry, subject = _alert(law, number, told.row(number * told.height // alerts, named=True))
            entries.write(json.dumps(entry, ensure_ascii=False) + "\n")
            subjects.write(json.dumps(subject) + "\n")
    manifest = {
        "at": DAY.isoformat(), "known": None, "version": "0", "book": law.hash, "production": False, "memory": "1GB",
        "previous": None, "alerts_per_1000_households": "0.0", "counts": {"status": {"new": alerts}}, "cannot_tell": {},
        "demo_parameters": [], "relations": {}, "inputs": {}, "alerts": alerts, "people": members.height,
        "households": households.height,
    }  # fmt: skip
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    return folder


def _alert(law: Book, number: int, home: dict[str, int]) -> tuple[dict[str, object], dict[str, object]]:
    """One entry of alerts.jsonl, and of subjects.jsonl."""
    about = [each for each in law.indicators if each.disposition != "work"]
    found = about[number % len(about)]
    ref = f"household:{home['household_key']:032x}"
    opened = date.fromordinal(DAY.toordinal() - number % 180).isoformat()
    alert_id = hashlib.sha256(f"{ref}|{found.id}|{number}".encode()).hexdigest()[:16]
    reason = {
        "fact": "self_paid_fen_12m", "name": "个人自负医疗费", "value": 3_000_000 + number, "unit": "fen", "op": ">=",
        "threshold": 2_000_000, "feed": "medical_settlement", "batch": "medical_settlement_2026-06_r1_aa", "line": 7,
        "date": "2026-06-02", "lines": 2, "person_ref": f"{home['head_key']:032x}", "relation": "户主",
    }  # fmt: skip
    division = f"{home['division']:012d}"
    entry = {
        "alert_id": alert_id, "status": ("new", "continuing")[number % 2], "disposition": found.disposition,
        "indicator": found.id, "title": found.name, "level": found.level, "subject_ref": ref, "county": division[:6],
        "division": division, "opened_on": opened, "reopens": None, "distance": 1_000_000, "reasons": [reason],
        "clause": list(found.basis), "clears_when": found.clears, "owner": found.owner,
    }  # fmt: skip
    subject = {
        "alert_id": alert_id, "subject_ref": ref, "subject_kind": "household", "subject_key": home["household_key"],
        "person_key": home["head_key"], "household_key": home["household_key"],
        "household_no_token": home["household_no_token"],
    }  # fmt: skip
    return entry, subject


def _rest() -> None:
    """The tables as autovacuum leaves them some minutes later, so that its work is in nobody's figures."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
