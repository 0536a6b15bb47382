"""A town of a few hundred people that is monitored again and again, and compared with a run that knows nothing."""

import copy
import json
import os
import random
import re
import shutil
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from unittest.mock import patch

import duckdb

from doudi.engine.backends.duckdb import open_backend
from doudi.engine.manifest import differences
from doudi.engine.previous import entries_of
from doudi.engine.run import Settings, run, run_name
from doudi.policy.load import load_book
from engine.busy_lake import BusyLake

BOOK = Path(__file__).parents[2] / "policybook"
# Enough of the book that every kind of person relation is carried: events with and without a window, corrections.
FEW = {
    "complex.many_hardships", "eligible.self_paid", "eligible.severe_unregistered", "eligible.single_disabled",
    "ineligible.dead", "ineligible.tekun_pension", "supervision.death_not_settled", "unfulfilled.care_allowance",
}  # fmt: skip
TOLD = ("alerts.jsonl", "closed.jsonl", "subjects.jsonl", "book.json", "basis.json")
RELATIONS = ("members", "households", "parents", "verdicts")
# What sums over events; rolls are read as fast as a copy of them.
EVERYTHING_CARRIED = {"death_on_record", "illness_on_record", "medical_12m"}
SETTLED = {"kind": "住院", "in_scope": 9000, "basic_paid": 0, "major_paid": 0, "aid_paid": 0}


def one_thread():
    """A town is so small that two threads only wait for each other."""
    return patch("doudi.engine.run.open_backend", partial(open_backend, threads=1))


def refs(keys):
    return {key: f"ref{key}" for key in keys}


@dataclass(frozen=True)
class Said:
    """All that two runs are compared by, read from the folder of one: its folder may be gone when it is asked for."""

    manifest: object
    plan: bytes
    texts: dict
    rows: dict

    @classmethod
    def by(cls, made):
        texts = {name: (made.folder / name).read_bytes() for name in TOLD}
        found = {name: rows(made.folder / f"{name}.parquet") for name in RELATIONS}
        return cls(made.manifest, (made.folder / "plan.txt").read_bytes(), texts, found)


_FROM_NOTHING = {}  # what homes that knew nothing said, by all that they were asked


class Decided(Exception):
    """A run has decided what it makes, and is stopped before it makes it."""


class Town:
    """A busy lake, the home that its runs share, and a way to compare them with runs from nothing."""

    def __init__(self, folder, book, seed=1):
        self.folder, self.book = folder, book
        self.busy = BusyLake(folder / "home", random.Random(seed)).fill()
        self.lake, self.rng = self.busy.lake, self.busy.rng
        self.made = None

    @one_thread()
    def run(self, inputs=None, **more):
        """A whole run in the home; what it may carry over is what the run before left in the cache."""
        inputs = inputs or self.lake.inputs()
        shutil.rmtree(inputs.home / "runs" / run_name(inputs), ignore_errors=True)
        self.made = run(inputs, self.book, refs, settings=Settings(memory="1GB"), **more)
        return self.made

    @one_thread()
    def nothing(self, inputs, previous=None):
        """What the run of a home that knows nothing says. The same lines under the same rules are run once."""
        rules = [(one.id, one.off) for one in self.book.indicators]
        asked = repr(inputs).replace(str(inputs.home), ""), self.book.hash, repr(rules)
        if previous is None and asked in _FROM_NOTHING:
            return _FROM_NOTHING[asked]
        fresh = self.folder / "nothing"
        shutil.rmtree(fresh, ignore_errors=True)
        settings = Settings(memory="1GB", afresh=True)
        full = run(replace(inputs, home=fresh), self.book, refs, previous=previous, settings=settings)
        assert set(full.how.values()) == {"全做"}
        if previous is not None:
            return Said.by(full)
        return _FROM_NOTHING.setdefault(asked, Said.by(full))

    def agrees(self, inputs=None, **more):
        """Runs in the home and from nothing, finds them equal, and says how the relations came about in the home."""
        inputs = inputs or self.lake.inputs()
        carried, full = self.run(inputs, **more), self.nothing(inputs, **more)
        assert_equal(carried, full)
        assert (carried.folder / "plan.txt").read_bytes() == full.plan
        assert carried.manifest.relations == full.manifest.relations
        return carried.how

    @one_thread()
    def again(self, inputs=None, **more):
        """Runs where a run of the day may stand, and gives what was judged again; if a part was, it is found equal to what a
        run from nothing says.
        """
        inputs = inputs or self.lake.inputs()
        self.made = run(inputs, self.book, refs, settings=Settings(memory="1GB"), **more)
        if self.made.part is not None:
            assert_equal(self.made, self.nothing(inputs, **more))
        return self.made.part

    @one_thread()
    def is_made_anew(self, **more):
        """Does a run where a run of the day stands make everything anew? It is asked what it has decided, and stopped."""

        def decided(*_, part, **__):
            raise Decided(part)

        with patch("doudi.engine.run.plan", decided):
            try:
                run(self.lake.inputs(), self.book, refs, settings=Settings(memory="1GB"), **more)
            except Decided as told:
                return told.args == (None,)
        return False  # nothing has changed, and nothing was planned

    def moved_to(self, folder):
        """The same town, as it stands, in another folder: what is done to the one happens to the other no more."""
        unchanging = {id(one): one for one in (self.book, self.lake.contract, self.made)}
        other = copy.deepcopy(self, unchanging)
        lake = self.lake.home / "lake"

        def but_lines(path, _):
            return ["lines"] if Path(path) == lake else []

        shutil.copytree(self.folder, folder, dirs_exist_ok=True, ignore=but_lines)
        lines = lake.relative_to(self.folder) / "lines"  # batches are written once: a second name of each is enough
        shutil.copytree(self.folder / lines, folder / lines, copy_function=os.link)
        other.folder, other.lake.home = folder, folder / self.lake.home.relative_to(self.folder)
        other.made = replace(self.made, folder=other.lake.home / self.made.folder.relative_to(self.lake.home))
        return other

    def alerts(self):
        """The entries of the last run's alerts."""
        return entries_of(self.made.folder / "alerts.jsonl")

    def at(self, day):
        self.lake.at = day
        return self

    def settled(self, number, person, day, **more):
        line = {"settlement_no": number, "id": person, "date": day, "total": 9000, **SETTLED, **more}
        return self.lake.add("medical_settlement", line, period=f"{day:%Y-%m}", revision=self._next_revision())

    def _next_revision(self):
        return 1 + max(revision for _, _, revision in self.lake.rows)


def assert_equal(one, full):
    """A run says what was said from nothing: of whom it knows, who lives with whom, what holds, who is alerted and why."""
    said = Said.by(one)
    assert differences(said.manifest, full.manifest) == []
    for name in TOLD:
        assert said.texts[name] == full.texts[name], name
    for name in RELATIONS:
        assert said.rows[name] == full.rows[name], name


def rows(parquet):
    return duckdb.sql(f"SELECT * FROM read_parquet('{parquet}') ORDER BY ALL").fetchall()


def carried(how, *but):
    """The relations that were taken as they were, but for those."""
    return {name for name, made in how.items() if made == "沿用"} - set(but)


def medical(town):
    """What the cache holds of the settlements of the year, by person."""
    (file,) = (town.lake.home / "cache").glob("medical_12m-*.parquet")
    return {person: told for person, *told in rows(file)}


def alerts_of(made):
    """Who is alerted for what: without the days, which differ between any two dates."""
    told = map(json.loads, (made.folder / "alerts.jsonl").read_text().splitlines())
    return {(entry["subject_ref"], entry["indicator"]) for entry in told if entry["status"] != "cleared"}


def edited(folder, few, *changes):
    """The book with some values changed, each (name, old, new), and the same few indicators."""
    shutil.copytree(BOOK, folder)
    for path in (folder / "parameters").glob("*.yaml"):
        text = path.read_text()
        for name, old, new in changes:
            text = re.sub(rf"(?ms)(id: {name}\b.*?value: ){re.escape(old)}\b", rf"\g<1>{new}", text, count=1)
        path.write_text(text)
    made = load_book(folder)
    for name, _, _ in changes:
        assert made.words[name] != few.words[name], name
    return replace(made, indicators=tuple(one for one in made.indicators if one.id in FEW))


def something_happens(town, days=(0, 0, 0, 1, 9)):
    """One to four changes to any feeds: late files, revisions, amounts, other persons, people gone, a day passed."""
    for _ in range(town.rng.randint(1, 4)):
        key = town.rng.choice(sorted(key for key in town.lake.rows if town.lake.rows[key]))
        feed, period, _ = key
        revision = town._next_revision()
        lines = [dict(row) for row in town.rng.sample(town.lake.rows[key], min(6, len(town.lake.rows[key])))]
        match town.rng.randrange(6):
            case 0:
                lines = [town.busy.line(feed) for _ in range(5)] if feed != "population" else lines
            case 1:
                period = town.rng.choice(("2025-12", "2026-02", "2026-04"))
            case 2:
                changed(town, feed, lines)
            case 3:
                changed(town, feed, lines, persons=True)
            case 4 if town.lake.contract[feed].delivers == "roll":
                lines = [dict(row) for row in town.lake.rows[key] if town.rng.random() < 0.9]
            case _:
                lines += lines[:2]  # said twice in one file
        town.lake.add(feed, *lines, period=period, revision=revision)
    town.lake.at += timedelta(days=town.rng.choice(days))


def changed(town, feed, lines, persons=False):
    """Lines under their old keys with another amount, date or, where the key allows, person."""
    contract = town.lake.contract[feed]
    for row in lines:
        for column in contract.columns:
            free = column.name not in contract.key and column.name in row
            if free and (column.kind in ("yuan", "date") or (persons and column.name == "id")):
                row[column.name] = town.busy.line(feed)[column.name] if column.required else None
