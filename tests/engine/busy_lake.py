"""A lake in which every feed says something about some of a few hundred persons, by chance and by seed."""

from datetime import date, timedelta

from engine.lake import COUNTY, Lake

COUNTIES = (COUNTY, COUNTY + 1)
# Numbered by the sender: nobody sends the same number for another thing, unless a test wants just that.
NUMBERED = {"settlement_no", "record_no", "plate", "certificate", "credit_code", "case_no", "employer_no", "event"}
EVENTS_BEGIN = date(2025, 1, 1)


class BusyLake:
    """`lake` is filled by `fill`, and changed by what the tests say. Equal seeds, equal lakes."""

    def __init__(self, home, rng, people=300, at=date(2026, 3, 31)):
        self.lake = Lake(home, at)
        self.lake.counties = COUNTIES
        self.rng, self.people = rng, people
        self.serial = 0

    def fill(self, lines=40, feeds=None):
        """Everybody in the police register, and `lines` lines of each other feed in each of its months."""
        self.register("2026-03")
        for feed in self.lake.contract.values():
            if feed.name == "population" or (feeds is not None and feed.name not in feeds):
                continue
            months = ("2026-01", "2026-02", "2026-03") if feed.delivers == "events" else ("2026-03",)
            for month in months:
                self.lake.add(feed.name, *(self.line(feed.name) for _ in range(lines)), period=month)
        return self

    def register(self, period, without=(), revision=1):
        """The whole register of a month, but for those `without`."""
        rows = [self.resident(key) for key in range(1, self.people + 1) if key not in without]
        return self.lake.add("population", *rows, period=period, revision=revision)

    def resident(self, key):
        """A person's line in the police register: the same in every month, three to a household."""
        county = COUNTIES[key // 3 % len(COUNTIES)]
        return {
            "id": key, "name": f"n{key}", "household_no": f"h{key // 3}", "relation": ("户主", "配偶", "子")[key % 3],
            "birth": date(1940 + key * 7 % 84, 1 + key % 12, 1 + key % 28), "male": key % 2 == 0,
            "hukou_division": county * 1_000_000 + 1001, "hukou_kind": "农村", "book_kind": "家庭户",
        }  # fmt: skip

    def line(self, feed, person=None):
        """A line that the contract allows, about `person` or anybody, some about people whom the police do not know."""
        person = person or self.rng.randint(1, self.people + 5)
        row = {
            column.name: self._value(column, person)
            for column in self.lake.contract[feed].columns
            if column.required or self.rng.random() < 0.7
        }
        return row | ({"staff_id": self._anybody()} if feed == "staff_kin" else {})

    def _value(self, column, person):
        if column.kind == "id":
            return person if column.name in ("id", "kin_id") else self._anybody()
        if column.name in NUMBERED:
            self.serial += 1
            return f"{column.name}{self.serial}"
        if column.name == "name":
            return f"n{person}" if self.rng.random() < 0.95 else "另名"
        if column.is_division:
            return self.rng.choice(COUNTIES) * 1_000_000 + 1000
        return self._plain(column)

    def _plain(self, column):
        match column.kind:
            case "code":
                return self.rng.choice(column.codes)
            case "date":
                return EVENTS_BEGIN + timedelta(days=self.rng.randint(0, 480))
            case "month":
                return (EVENTS_BEGIN + timedelta(days=self.rng.randint(0, 480))).replace(day=1)
            case "yuan":
                return self.rng.choice((0, 100, 999, 1500, 4000, 9000, 60000))
            case "int":
                return self.rng.choice((2025, 2026)) if column.name == "year" else self.rng.randint(1, 4)
            case "decimal":
                return self.rng.choice(("0.5", "1", "80.25", "120"))
            case _:
                return f"{column.name}{self.rng.randint(1, 4)}"

    def _anybody(self):
        return self.rng.randint(1, self.people)
