"""安家：给每个埋点户的人编号、取名、定生日、落户。

Gives the people of a plant their ids, names and birthdays, and their lines in the population roll.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from doudi.demo.divisions import township_of
from doudi.demo.ids import PLANTED_PREFIX, citizen_id
from doudi.demo.months import Window
from doudi.demo.names import planted_name
from doudi.demo.plants import Member, Plant
from doudi.demo.written import Row, day, month_at

__all__ = ["Settled", "Settler", "population_row"]


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
class Settler:
    """Settles plants one after another; remembers birthdays and people given, so that no id is given twice."""

    window: Window
    _births: Counter[tuple[date, bool]] = field(default_factory=Counter)
    _people: int = 0

    def settle(self, number: int, plant: Plant) -> Settled:
        """The plant with its people, on the `number`-th planted household's land."""
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


def population_row(home: Settled, member: Member, window: Window) -> Row:
    """The person's line in the population roll, until death unless the death `stays` unnoticed."""
    house = home.plant.household
    alone = member in house.others
    gone = [
        (day(str(record.cells.get("date", "-2m")), window))
        for record in home.plant.records
        if record.feed.name == "death" and member.who in record.who and not record.modifiers.get("stays")
    ]
    last = month_at(window, member.last)
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
        "_from": month_at(window, member.first),
        "_until": last if died is None else min(died, last if last is not None else died),
    }
