"""A home whose runs are written by hand: households here and there, alerts of a few indicators, no department's file."""

import hashlib
import json
import uuid
from contextlib import contextmanager
from datetime import date

import polars as pl

from doudi.landing.keys import Key
from doudi.landing.seal import Sealer
from doudi.readout.home import book

BOOK = {}  # read once for all tests


class PlainVault:
    """The interface of `landing.Vault` and of the exchange's doors, from a dictionary; its sealer is a real one."""

    def __init__(self):
        self.known = {}  # person_key -> (name, id)
        self._seals = Sealer(Key(1, b"sixteen bytes ok"))

    def sealer(self):
        return self._seals

    @contextmanager
    def open_vault(self):
        yield self

    def names(self, keys):
        return {key: self.known[key][0] for key in keys if key in self.known}

    def people(self, keys):
        return {key: self.known[key][::-1] for key in keys if key in self.known}

    identities = people

    def refs(self, keys):
        return {key: uuid.uuid5(uuid.NAMESPACE_OID, str(key)).hex for key in keys}

    def labels(self, _, tokens):
        return {token: f"3799H{token:08d}" for token in tokens}

    def household_nos(self, tokens):
        return self.labels("household_no", tokens)

    def token_of(self, _, text):
        return int(text[5:]) if text.startswith("3799H") and text[5:].isdigit() else -1

    def search_tokens(self, kind, texts):
        return [int.from_bytes(hashlib.sha256(f"{kind}|{text}".encode()).digest()[:8], signed=True) for text in texts]


class Town:
    """A city of few households, and the runs written about it."""

    def __init__(self, home, vault):
        self.home, self.vault = home, vault
        self.houses, self.people = {}, {}

    def household(self, key, division, *, name="示范", birth=date(1960, 5, 4)):
        """One person alone under this key."""
        self.houses[key] = division
        self.people[key] = birth
        self.vault.known[key] = (name, f"37990119600504{key:04d}")
        return key

    def run(self, day, *alerts, stale=None):
        """The files of a run of that day with these entries, as `alert` makes them; the value is its name."""
        folder = self.home / "runs" / day
        folder.mkdir(parents=True, exist_ok=True)
        entries = [dict(each) for each in alerts]
        subjects = [entry.pop("subject") | {"alert_id": entry["alert_id"]} for entry in entries]
        _lines(folder / "alerts.jsonl", entries)
        _lines(folder / "subjects.jsonl", subjects)
        (folder / "closed.jsonl").write_text("", "utf-8")
        (folder / "book.json").write_text(_book().canonical, "utf-8")
        (folder / "manifest.json").write_text(json.dumps(self._manifest(day, entries, stale or {})), "utf-8")
        self._frames(folder)
        return day

    def alert(self, key, indicator="eligible.self_paid", opened="2026-03-31", status="new", **more):
        """One entry about the household of `key`; null = about a delivery of 370502."""
        found = next(each for each in _book().indicators if each.id == indicator)
        division = None if key is None else f"{self.houses[key]:012d}"
        ref = f"delivery:{more.get('feed', 'vehicle')}/370502/" if key is None else f"person:{key:032x}"
        opened_id = hashlib.sha256(f"{ref}|{indicator}|{opened}".encode()).hexdigest()[:16]
        reason = {
            "fact": "self_paid_fen_12m", "name": "个人自负医疗费", "value": 3000000, "unit": "fen", "op": ">=",
            "threshold": 2000000, "feed": "medical_settlement", "batch": "medical_settlement_2026-03_r1_aa", "line": 7,
            "date": "2026-03-02", "lines": 2, "person_ref": f"{key or 0:032x}", "relation": "户主",
        }  # fmt: skip
        entry = {
            "alert_id": opened_id, "status": status, "disposition": found.disposition, "indicator": indicator,
            "title": found.name, "level": found.level, "subject_ref": ref, "county": (division or "370502000000")[:6],
            "division": division, "opened_on": opened, "reopens": None, "distance": 1000000, "reasons": [reason],
            "clause": list(found.basis), "clears_when": found.clears, "owner": found.owner,
            "subject": {
                "subject_ref": ref, "subject_kind": "delivery" if key is None else "person", "subject_key": key or 29,
                "person_key": key, "household_key": key, "household_no_token": key,
            },
        }  # fmt: skip
        return entry | {name: value for name, value in more.items() if name != "feed"}

    def _manifest(self, day, entries, stale):
        told = {"alerts": len(entries), "people": len(self.people), "households": len(self.houses)}
        return {
            "at": day, "known": None, "version": "0", "book": _book().hash, "production": False, "memory": "1GB",
            "previous": None, "alerts_per_1000_households": "0.0", "counts": {"status": {}}, "cannot_tell": {},
            "demo_parameters": ["dibao_yuan"], "relations": {},
            "inputs": {feed: {"batches": [], "in_force": [], "stale": where} for feed, where in stale.items()},
        } | told  # fmt: skip

    def _frames(self, folder):
        rows = [
            {
                "household_key": key, "head_key": key, "members": 1, "household_no_token": key, "head_hukou_kind": "农村",
                "division": division, "county": division // 10**6,
            }
            for key, division in self.houses.items()
        ]  # fmt: skip
        people = [
            {
                "person_key": key, "household_key": key, "is_head": True, "case_token": None,
                "county": self.houses[key] // 10**6, "name_token": key, "birth": birth, "registered": True,
            }
            for key, birth in self.people.items()
        ]  # fmt: skip
        pl.DataFrame(rows).write_parquet(folder / "households.parquet")
        schema = {"case_token": pl.Int64}
        pl.DataFrame(people, schema_overrides=schema).write_parquet(folder / "members.parquet")


def _book():
    if "book" not in BOOK:
        BOOK["book"] = book()
    return BOOK["book"]


def _lines(path, entries):
    path.write_text("".join(json.dumps(entry, ensure_ascii=False) + "\n" for entry in entries), "utf-8")


def stand_in(monkeypatch, vault):
    """Every door to the exchange's vault opens this one."""
    from doudi.office.exchange import selectors as exchange  # noqa: PLC0415  # Django must be up first

    for door in ("open_vault", "names", "identities", "refs", "household_nos", "sealer", "search_tokens"):
        monkeypatch.setattr(exchange, door, getattr(vault, door), raising=False)


def frames(_, finished):
    """`readout.population_of` of a run that rests on no file."""
    return tuple(pl.read_parquet(finished.folder / f"{name}.parquet") for name in ("households", "members"))
