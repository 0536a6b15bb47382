"""下种：把埋点变成各部门文件里的行。

From plants to lines: ids and names for the planted people, then one typed row per line, in the frames that the makers of
the city's own lines use. Planted lines carry `_planted` = true, so that the dirt spells them but never spoils them.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import polars as pl

from doudi.demo.divisions import township_of
from doudi.demo.feeds.assistance import DEPARTMENTS
from doudi.demo.feeds.schools import school_year
from doudi.demo.ids import PLANTED_PREFIX, citizen_id, with_wrong_check
from doudi.demo.months import Window, day_in
from doudi.demo.names import planted_name
from doudi.demo.plants import Member, Plant, Record
from doudi.demo.record_defaults import DEFAULTS
from doudi.demo.written import Cell, cell, day
from doudi.landing.contract import Column, Feed

__all__ = ["Garden", "Settled"]

Row = dict[str, Cell]
_MONEY = ("total", "in_scope", "basic_paid", "major_paid", "aid_paid", "insurer_paid")


@dataclass(frozen=True, slots=True)
class Settled:
    """A plant with its people: `ids` by `who`, `names` by `who`, and what every one of its lines shares."""

    plant: Plant
    number: int
    ids: Mapping[str, str]
    names: Mapping[str, str]
    births: Mapping[str, date]
    township: int
    village: int
    live_village: int

    @property
    def household_no(self) -> str:
        return f"3799P{self.number:06d}"

    @property
    def case_no(self) -> str:
        return f"PC{self.number:06d}"

    def person(self, who: str) -> str | None:
        """The id of `who`; `household` and `head` are the head; null for a subject that is no person."""
        return self.ids.get(self.plant.household.members[0].who if who in {"household", "head"} else who)


@dataclass(slots=True)
class Garden:
    """All plants of a city. `settled` is filled by `plant`, `frame` then answers a feed's planted lines."""

    window: Window
    settled: list[Settled] = field(default_factory=list)
    _rows: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    _births: Counter[tuple[date, bool]] = field(default_factory=Counter)
    _fresh: int = 0
    _people: int = 0

    def plant(self, plants: list[Plant]) -> None:
        """Gives every plant its people and writes its lines."""
        for number, plant in enumerate(plants, start=1):
            home = self._settle(number, plant)
            self.settled.append(home)
            self._register(home)
            references = {str(record.modifiers["ref"]): f"PR{number:06d}{record.modifiers['ref']}" for record in plant.records if "ref" in record.modifiers}
            for record in plant.records:
                for who in record.who:
                    self._rows[record.feed.name].extend(self._lines(home, record, who, references))

    def frame(self, feed: Feed) -> pl.DataFrame:
        """The feed's planted lines, typed as the city's own."""
        kinds = {"date": pl.Date, "yuan": pl.Int64, "int": pl.Int64, "decimal": pl.Int64}
        schema: dict[str, Any] = {column.name: kinds.get(column.kind, pl.String) for column in feed.columns}
        bounds = ("_period",) if feed.delivers == "events" else ("_from", "_until")
        frame = pl.DataFrame(self._rows[feed.name], schema=schema | dict.fromkeys(bounds, pl.Int64), orient="row")
        return frame.with_columns(_planted=pl.lit(value=True))

    def _settle(self, number: int, plant: Plant) -> Settled:
        home = plant.household
        township, village = township_of(home.county, town=home.urban)
        live = village if home.live_county == home.county else township_of(home.live_county, town=home.urban)[1]
        births = {member.who: self._birth(member) for member in home.people}
        ids = {member.who: self._identity(births[member.who], male=member.male) for member in home.people}
        names = {member.who: planted_name(number, self._people + place) for place, member in enumerate(home.people)}
        self._people += len(home.people)
        return Settled(plant, number, ids, names, births, township, village, live)

    def _birth(self, member: Member) -> date:
        """The birthday: as written, or so that the age is full for a month and more before the window's last day."""
        if member.born is not None:
            return day(member.born, self.window)
        return day(f"-{member.age}y", self.window) - timedelta(days=35 + sum(self._births.values()) % 300)

    def _identity(self, born: date, *, male: bool) -> str:
        self._births[born, male] += 1
        return citizen_id(PLANTED_PREFIX, born, self._births[born, male] - 1, male=male)

    def _register(self, home: Settled) -> None:
        """The population roll: every member in every month, unless the plant says otherwise for that person."""
        spoken_for = {who for record in home.plant.records if record.feed.name == "population" for who in record.who}
        for member in home.plant.household.people:
            if member.in_roll and member.who not in spoken_for:
                self._rows["population"].append(self._population(home, member))

    def _population(self, home: Settled, member: Member) -> Row:
        house = home.plant.household
        alone = member in house.others
        gone = [
            (day(str(record.cells.get("date", "-2m")), self.window))
            for record in home.plant.records
            if record.feed.name == "death" and member.who in record.who and not record.modifiers.get("stays")
        ]
        last = self._month(member.last)
        died = gone[0].year * 12 + gone[0].month - 1 if gone else None
        return {
            "id": home.ids[member.who],
            "name": home.names[member.who],
            "household_no": f"{home.household_no}{member.who}" if alone else home.household_no,
            "relation": member.role,
            "hukou_division": str(home.village),
            "live_division": str(home.live_village),
            "hukou_kind": "城镇" if house.urban else "农村",
            "book_kind": house.book_kind,
            "_from": self._month(member.first),
            "_until": last if died is None else min(died, last if last is not None else died),
        }

    def _month(self, offset: object) -> int | None:
        return None if offset is None else self.window.last + int(str(offset))

    def _lines(self, home: Settled, record: Record, who: str, references: Mapping[str, str]) -> Iterator[Row]:
        """The lines of one record for one person, with everything its modifiers ask for."""
        if record.feed.delivers == "roll":
            stays: list[int | None] = [None]
        elif record.modifiers.get("repeat"):
            first, last = self._month(record.modifiers.get("from", -11)), self._month(record.modifiers.get("until", 0))
            stays = list(range(first or 0, (last or 0) + 1))
        else:
            stays = [None]
        for month in stays:
            for _ in range(int(record.modifiers.get("times", 1))):
                row = self._row(home, record, who, month, references)
                yield row
                if "conflict" in record.modifiers:
                    columns = {name: record.feed.column(name) for name in record.modifiers["conflict"]}
                    yield row | {name: cell(record.modifiers["conflict"][name], column, self.window) for name, column in columns.items()}
                if record.modifiers.get("reversed"):
                    undone: Row = {name: -value for name, value in row.items() if name in _MONEY and isinstance(value, int)}
                    yield row | undone | {"settlement_no": f"{row['settlement_no']}R", "reverses": row["settlement_no"]}

    def _row(self, home: Settled, record: Record, who: str, month: int | None, references: Mapping[str, str]) -> Row:
        feed = record.feed
        row: Row = self._population(home, next(m for m in home.plant.household.people if m.who == who)) if feed.name == "population" else {}
        given = dict(DEFAULTS.get(feed.name, {})) | dict(record.cells)
        moment = next((column for column in feed.columns if column.kind in {"date", "month"}), None)
        if month is not None and moment is not None:
            given[moment.name] = month - self.window.last if moment.kind == "month" else day_in(month, 15).isoformat()
        self._fresh += 1
        first_id = next(column.name for column in feed.columns if column.kind == "id")
        for column in feed.columns:
            if column.name == first_id:
                row[column.name] = with_wrong_check(home.ids[who]) if record.modifiers.get("bad_id") else home.ids[who]
            elif column.name in given:
                row[column.name] = self._cell(home, column, given, row)
            elif column.name == "name":
                row[column.name] = home.names[who]
        if record.modifiers.get("name_conflict"):
            row["name"] = planted_name(home.number + 7, self._fresh + 11)
        if "ref" in record.modifiers:
            row["settlement_no"] = references[str(record.modifiers["ref"])]
        if row.get("reverses") is not None:
            row["reverses"] = references.get(str(row["reverses"]), str(row["reverses"]))
        return row | self._bounds(feed, record, row, moment)

    def _cell(self, home: Settled, column: Column, given: Mapping[str, Any], row: Row) -> Cell:
        value = given[column.name]
        if isinstance(value, str) and value.startswith("="):
            return self._worked_out(value[1:], home, given, row)
        if column.kind == "id":
            return home.person(str(value))
        return cell(value, column, self.window)

    def _worked_out(self, word: str, home: Settled, given: Mapping[str, Any], row: Row) -> Cell:
        """A default that depends on the household or the line, see `record_defaults`."""
        if word.startswith("of "):
            return row[word[3:]]
        if word == "month":
            on = row.get("date") or day(str(given["date"]), self.window)
            return f"{on:%Y-%m}" if isinstance(on, date) else None
        answers: dict[str, Cell] = {
            "case": home.case_no,
            "township": str(home.township),
            "household": home.household_no,
            "kind": "城市" if home.plant.household.urban else "农村",
            "members": len(home.plant.household.members),
            "fresh": f"示P{self._fresh:07d}",
            "own": f"PE{home.number:06d}",
            "year": self.window.last // 12,
            "school_year": school_year(self.window.last),
            "department": DEPARTMENTS.get(str(given.get("programme")), "民政局"),
        }
        return answers[word]

    def _bounds(self, feed: Feed, record: Record, row: Row, moment: Column | None) -> Row:
        """The months of a roll line, or the file's month of an event line (never before the first delivered one)."""
        if feed.delivers == "roll":
            first, last = record.modifiers.get("from"), record.modifiers.get("until")
            return {
                "_from": self._month(first) if first is not None else row.get("_from"),
                "_until": self._month(last) if last is not None else row.get("_until"),
            }
        at: int | None = self._month(record.modifiers.get("period"))
        if at is None and moment is not None:
            on = row[moment.name]
            at = on.year * 12 + on.month - 1 if isinstance(on, date) else int(str(on)[:4]) * 12 + int(str(on)[5:7]) - 1
        return {"_period": min(max(at if at is not None else self.window.last, self.window.opening), self.window.last)}


