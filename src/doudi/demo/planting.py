"""下种：把埋点变成各部门文件里的行。

From plants to lines: one typed row per line, in the frames that the makers of the city's own lines use. Planted lines
carry `_planted` = true, so that the dirt spells them but never spoils them.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from typing import Any

import polars as pl

from doudi.demo.feeds.assistance import DEPARTMENTS
from doudi.demo.feeds.schools import school_year
from doudi.demo.ids import with_wrong_check
from doudi.demo.months import Window, day_in
from doudi.demo.names import planted_name
from doudi.demo.plants import Plant, Record
from doudi.demo.record_defaults import DEFAULTS
from doudi.demo.settling import Settled, Settler, population_row
from doudi.demo.written import Cell, Row, cell, day, month_at
from doudi.landing.contract import Column, Feed, load_contract

__all__ = ["Garden", "plant_all"]

_MONEY = ("total", "in_scope", "basic_paid", "major_paid", "aid_paid", "insurer_paid")


@dataclass(frozen=True, slots=True)
class Garden:
    """What was planted: the `settled` plants, and their lines by feed."""

    settled: tuple[Settled, ...]
    rows: Mapping[str, Sequence[Row]]

    def frame(self, feed: Feed) -> pl.DataFrame:
        """The feed's planted lines, typed as the city's own."""
        kinds = {"date": pl.Date, "yuan": pl.Int64, "int": pl.Int64, "decimal": pl.Int64}
        schema: dict[str, Any] = {column.name: kinds.get(column.kind, pl.String) for column in feed.columns}
        bounds = ("_period",) if feed.delivers == "events" else ("_from", "_until")
        rows = self.rows.get(feed.name, ())
        frame = pl.DataFrame(list(rows), schema=schema | dict.fromkeys(bounds, pl.Int64), orient="row")
        return frame.with_columns(_planted=pl.lit(value=True))


def plant_all(plants: Sequence[Plant], window: Window) -> Garden:
    """Gives every plant its people and writes its lines."""
    settler, numbers = Settler(window), count(1)
    settled: list[Settled] = []
    rows: defaultdict[str, list[Row]] = defaultdict(list)
    for number, plant in enumerate(plants, start=1):
        home = settler.settle(number, plant)
        settled.append(home)
        scribe = _Scribe(home, window, numbers)
        rows["population"].extend(scribe.register())
        for record in (*plant.records, *_courtesies(plant, window)):
            for who in record.who:
                rows[record.feed.name].extend(scribe.lines(record, who))
    return Garden(tuple(settled), rows)


def _courtesies(plant: Plant, window: Window) -> Iterator[Record]:
    """What an enrolled planted household receives without being asked, so that its plant alone speaks: last winter's heating.

    In kind, so that no sum of money changes; and not where the plant is about heating or says something of its own.
    """
    given = [record for record in plant.records if record.cells.get("programme") == "取暖补贴"]
    rolls = [record for record in plant.records if record.feed.name in {"dibao_roll", "tekun_roll"}]
    if given or not rolls or plant.indicator.startswith("unfulfilled.heating"):
        return
    november = next(month for month in range(window.last, window.last - 12, -1) if month % 12 == 10)
    cells = {"programme": "取暖补贴", "amount": 0, "date": day_in(november, 16)}
    yield Record(load_contract()["assistance"], rolls[0].who[:1], cells, {})


@dataclass(frozen=True, slots=True)
class _Scribe:
    """Writes the lines of one plant; `numbers` are fresh numbers, shared by all plants."""

    home: Settled
    window: Window
    numbers: Iterator[int]
    references: dict[str, str] = field(default_factory=dict)

    def register(self) -> Iterator[Row]:
        """The population roll: every member in every month, unless a record of the plant speaks for that person."""
        records = self.home.plant.records
        spoken_for = {who for record in records if record.feed.name == "population" for who in record.who}
        for member in self.home.plant.household.people:
            if member.in_roll and member.who not in spoken_for:
                yield population_row(self.home, member, self.window)

    def lines(self, record: Record, who: str) -> Iterator[Row]:
        """The lines of one record for one person, with everything its modifiers ask for."""
        asked = record.modifiers
        for month in self._months(record):
            for _ in range(int(asked.get("times", 1))):
                row = self._row(record, who, month)
                yield row
                if "conflict" in asked:
                    yield row | {
                        name: cell(value, record.feed.column(name), self.window)
                        for name, value in asked["conflict"].items()
                    }
                if asked.get("reversed"):
                    undone: Row = {
                        name: -value for name, value in row.items() if name in _MONEY and isinstance(value, int)
                    }
                    number = row["settlement_no"]
                    yield row | undone | {"settlement_no": f"{number}R", "reverses": number}

    def _months(self, record: Record) -> Sequence[int | None]:
        """The months of a repeated event; one null for everything else."""
        if record.feed.delivers == "roll" or not record.modifiers.get("repeat"):
            return [None]
        first = month_at(self.window, record.modifiers.get("from", -11))
        last = month_at(self.window, record.modifiers.get("until", 0))
        return range(first or 0, (last or 0) + 1)

    def _row(self, record: Record, who: str, month: int | None) -> Row:
        feed, asked = record.feed, record.modifiers
        row: Row = {}
        if feed.name == "population":
            member = next(member for member in self.home.plant.household.people if member.who == who)
            row = population_row(self.home, member, self.window)
        given = dict(DEFAULTS.get(feed.name, {})) | dict(record.cells)
        moment = next((column for column in feed.columns if column.kind in {"date", "month"}), None)
        if month is not None and moment is not None:
            given[moment.name] = month - self.window.last if moment.kind == "month" else day_in(month, 15)
        if "ref" in asked:
            given["settlement_no"] = self._number(str(asked["ref"]))
        if given.get("reverses"):
            given["reverses"] = self._number(str(given["reverses"]))
        identity = self.home.ids[who]
        row[_id_column(feed)] = with_wrong_check(identity) if asked.get("bad_id") else identity
        fresh = next(self.numbers)
        if any(column.name == "name" for column in feed.columns):
            row["name"] = (
                planted_name(self.home.number + 7, fresh) if asked.get("name_conflict") else self.home.names[who]
            )
        for column in feed.columns:
            if column.name in given:
                row[column.name] = self._cell(column, given, row, fresh)
        return row | self._bounds(record, row, moment)

    def _number(self, reference: str) -> str:
        """The settlement number that a plant calls by a name of its own."""
        return self.references.setdefault(reference, f"PR{self.home.number:06d}{len(self.references):02d}")

    def _cell(self, column: Column, given: Mapping[str, Any], row: Row, fresh: int) -> Cell:
        value = given[column.name]
        if isinstance(value, str) and value.startswith("="):
            return self._worked_out(value[1:], given, row, fresh)
        if column.kind == "id":
            return self.home.person(str(value))
        return cell(value, column, self.window)

    def _worked_out(self, word: str, given: Mapping[str, Any], row: Row, fresh: int) -> Cell:
        """A default that depends on the household or the line, see `record_defaults`."""
        home = self.home
        if word.startswith("of "):
            return row[word[3:]]
        if word == "month":
            on = row.get("date")
            return f"{on:%Y-%m}" if isinstance(on, date) else None
        answers: dict[str, Cell] = {
            "case": home.case_no,
            "township": str(home.township),
            "household": home.household_no,
            "kind": "城市" if home.plant.household.urban else "农村",
            "members": len(home.plant.household.members),
            "fresh": f"示P{fresh:07d}",
            "own": f"PE{home.number:06d}",
            "year": self.window.last // 12,
            "school_year": school_year(self.window.last),
            "department": DEPARTMENTS.get(str(given.get("programme")), "民政局"),
        }
        return answers[word]

    def _bounds(self, record: Record, row: Row, moment: Column | None) -> Row:
        """The months of a roll line, or the file's month of an event line (never before the first delivered one)."""
        asked = record.modifiers
        if record.feed.delivers == "roll":
            first, last = (month_at(self.window, asked.get(key)) for key in ("from", "until"))
            return {
                "_from": row.get("_from") if first is None else first,
                "_until": row.get("_until") if last is None else last,
            }
        at = month_at(self.window, asked.get("period"))
        on = row.get(moment.name) if moment is not None else None
        if at is None and on is not None:
            written = on if isinstance(on, date) else day(f"{on}-01", self.window)
            at = written.year * 12 + written.month - 1
        return {"_period": min(max(self.window.last if at is None else at, self.window.opening), self.window.last)}


def _id_column(feed: Feed) -> str:
    return next(column.name for column in feed.columns if column.kind == "id")
