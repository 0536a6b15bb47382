"""A tiny lake for the engine's tests: Parquet files by the contract, written from Python rows."""

import hashlib
from collections import Counter
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from doudi.engine.inputs import COMMON_COLUMNS, FeedInput, Freshness, Inputs, LakeFile
from doudi.landing.contract import load_contract

TOKENS = {
    "household_no", "case_no", "settlement_no", "reverses", "record_no", "employer_no", "plate", "certificate",
    "credit_code", "authorisation",
}  # fmt: skip
SQL = {"date": "DATE", "month": "DATE", "yuan": "BIGINT", "int": "BIGINT", "decimal": "BIGINT"}
ARROW = {
    "BIGINT": pa.int64(),
    "INTEGER": pa.int32(),
    "DATE": pa.date32(),
    "VARCHAR": pa.string(),
    "BOOLEAN": pa.bool_(),
}
COUNTY = 370502
TOWN = 370502001000
VILLAGE = 370502001001


def lake_columns(feed):
    """(contract name, lake name, SQL type) of a feed's own columns."""
    for column in feed.columns:
        if column.kind == "id":
            stem = column.name.removesuffix("_id")
            lake = "person_key" if column.name == "id" else f"{stem}_key"
            yield column.name, lake, "BIGINT"
        elif column.name == "name":
            yield "name", "name_token", "BIGINT"
        elif column.name in TOKENS:
            yield column.name, f"{column.name}_token", "BIGINT"
        elif column.is_division:
            yield column.name, column.name, "BIGINT"
        else:
            yield column.name, column.checked_name, SQL.get(column.kind, "VARCHAR")
    if feed.name == "population":
        yield "birth", "birth", "DATE"
        yield "male", "male", "BOOLEAN"


def number(text):
    """A stable 62-bit number for a text or a tuple, as tokens and hashes are."""
    return int.from_bytes(hashlib.sha256(repr(text).encode()).digest()[:8], "big") >> 2


class Lake:
    """Collects rows per (feed, period, revision) and hands out `Inputs`. Columns go by their contract names.

    Money is in yuan, tokens are any text, ids are person keys. A feed that got a delivery is fresh for the months it
    has; `stale(feed)` says otherwise.
    """

    def __init__(self, home, at=date(2026, 3, 31)):
        self.home, self.at = Path(home), at
        self.contract = load_contract()
        self.rows = {}
        self.not_fresh = set()
        self.programmes = []
        self.counties = (COUNTY,)
        self.written = {}  # batch → the counties it tells of; a batch is named by its content and written once

    def add(self, feed, *rows, period="2026-03", revision=1):
        self.rows.setdefault((feed, period, revision), []).extend(rows)
        return self

    def delivered(self, feed, *periods):
        """Empty deliveries, so that their months count as delivered."""
        for period in periods:
            self.rows.setdefault((feed, period, 1), [])
        return self

    def stale(self, *feeds):
        self.not_fresh |= set(feeds)
        return self

    def programme(self, feed, programme, period):
        """Coverage of one programme inside a feed of many senders."""
        self.programmes.append((feed, programme, period))
        return self

    def person(self, key, *, household="h1", relation="户主", born=date(1980, 5, 5), male=True, **more):
        row = {
            "id": key, "name": f"n{key}", "household_no": household, "relation": relation, "birth": born, "male": male,
            "hukou_division": VILLAGE, "hukou_kind": "农村", "book_kind": "家庭户", **more,
        }  # fmt: skip
        return self.add("population", row)

    def whole_year(self, *feeds):
        """Every month of the twelve before `at` delivered."""
        months = [f"{serial // 12}-{serial % 12 + 1:02d}" for serial in range(self._serial() - 11, self._serial() + 1)]
        for feed in feeds:
            self.delivered(feed, *months)
        return self

    def _serial(self):
        return self.at.year * 12 + self.at.month - 1

    def inputs(self):
        feeds = {name: self._empty(feed) for name, feed in self.contract.items()}
        for (feed, period, revision), rows in self.rows.items():
            batch = f"{feed}_{period}_r{revision}_{number(repr(rows)):010x}"[:60]
            path = self.home / "lake" / "lines" / feed / f"{batch}.parquet"
            if batch not in self.written:
                self.written[batch] = self._write(path, feed, rows)
            file = LakeFile(
                batch, path, period, revision, f"{feed}_{period}.csv", "2026-04-01T00:00:00+08:00",
                self._contested(feed, rows, path),
            )  # fmt: skip
            given = feeds[feed]
            feeds[feed] = replace(
                given,
                files=(*given.files, file),
                freshness=self._freshness(feed),
                in_force=self._in_force(feed, period, revision, self.written[batch], given.in_force),
            )
        return Inputs(self.home, feeds, self.at)

    def _contested(self, feed, rows, path):
        """The keys of these rows that other rows of the feed have too, as landing writes them; None when there are none."""
        every = [row for (name, _, _), rows in self.rows.items() if name == feed for row in rows]
        times = Counter(self._key(feed, row) for row in every)
        found = sorted({key for key in (self._key(feed, row) for row in rows) if times[key] > 1})
        if not found:
            return None
        beside = self.home / "lake" / "contested" / feed / path.name
        beside.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(pa.table({"key_hash": pa.array(found, pa.int64())}), beside)
        return beside

    def _key(self, feed, row):
        return number([feed, *(row.get(name) for name in self.contract[feed].key)])

    def _empty(self, feed):
        columns = tuple((lake, kind) for _, lake, kind in lake_columns(feed))
        return FeedInput(
            feed.name, feed.delivers, feed.absence, feed.use, feed.territory, feed.stale_after_days, feed.key, columns
        )

    def _freshness(self, feed):
        periods = tuple(sorted({period for name, period, _ in self.rows if name == feed}))
        counties = self.counties if any(column.is_division for column in self.contract[feed].columns) else [None]
        fresh = feed not in self.not_fresh
        rows = [Freshness(county, None, None, fresh, periods[-1], periods) for county in counties]
        rows += [
            Freshness(None, None, name, fresh, period, (period,)) for of, name, period in self.programmes if of == feed
        ]
        return tuple(rows)

    def _in_force(self, feed, period, revision, scopes, before):
        if self.contract[feed].delivers == "events":
            return ()
        best = {county: (p, r) for county, p, r in before}
        for scope in scopes:
            best[scope] = max(best.get(scope, ("", 0)), (period, revision))
        return tuple((county, p, r) for county, (p, r) in best.items())

    def _write(self, path, feed, rows):
        contract = self.contract[feed]
        columns = list(lake_columns(contract))
        scopes, table = set(), []
        divided = next((column.name for column in contract.columns if column.is_division), None)
        for place, row in enumerate(rows):
            unknown = set(row) - {name for name, _, _ in columns}
            assert not unknown, f"{feed} has no column {unknown}"
            kept = {lake: self._value(contract, name, row.get(name)) for name, lake, _ in columns}
            scope = kept[divided] // 1000000 if divided and kept[divided] else None
            scopes.add(scope)
            key = self._key(feed, row)
            content = number(sorted(kept.items(), key=str))
            table.append({"line": place + 2, "key_hash": key, "content_hash": content, "scope": scope, **kept})
        typed = [*COMMON_COLUMNS, *((lake, kind) for _, lake, kind in columns)]
        schema = pa.schema([(name, ARROW[kind]) for name, kind in typed])
        path.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(pa.Table.from_pylist(table, schema=schema), path)
        return scopes or {COUNTY if divided else None}

    @staticmethod
    def _value(contract, name, value):
        if value is None or name in ("birth", "male"):
            return value
        column = contract.column(name)
        if name == "reverses":
            return number(("settlement_no", value))
        if name in TOKENS or name == "name":
            return number((name, value))
        scale = {"yuan": 100, "decimal": 1_000_000}.get(column.kind)
        return round(Fraction(str(value)) * scale) if scale else value
