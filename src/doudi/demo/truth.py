"""真值：城市里埋了什么。只有评分的人读它。

What was planted, and the city's own figures, in OUT/truth.json. No wing may import this room (`importlinter.ini`): an
engine that could read the answers would grade its own work.
"""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

import polars as pl

from doudi.demo.settling import Settled
from doudi.errors import Refusal

__all__ = ["Planted", "Statistics", "Truth", "planted", "read_truth", "write_truth"]

_FILE = "truth.json"


@dataclass(frozen=True, slots=True)
class Planted:
    """One planted household. `kind` positive, near_miss, unknown or special; `person_id` null when the subject is no person."""

    indicator: str
    kind: str
    subject: str
    person_id: str | None
    household_no: str
    county: int
    people: dict[str, str]
    place: str


@dataclass(slots=True)
class Statistics:
    """The city's own people, plants not counted: how many there are, and how many stand on a roll, by tier."""

    persons: int = 0
    households: int = 0
    low_income_persons: int = 0
    low_income_households: int = 0
    by_tier: dict[str, int] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)

    def count(self, people: pl.DataFrame) -> None:
        """Adds the people of one chunk; each household lies in one chunk whole."""
        poor = people.filter(pl.col.tier.is_not_null())
        self.persons += len(people)
        self.households += people["hh"].n_unique()
        self.low_income_persons += len(poor)
        self.low_income_households += poor["hh"].n_unique()
        for tier, persons in poor["tier"].value_counts(sort=True).iter_rows():
            self.by_tier[tier] = self.by_tier.get(tier, 0) + persons


@dataclass(frozen=True, slots=True)
class Truth:
    """Everything known about a demo city. `month` is its last month, `YYYY-MM`."""

    month: str
    months: int
    seed: int
    statistics: Statistics
    plants: tuple[Planted, ...]


def planted(home: Settled) -> Planted:
    """The entry of one settled plant."""
    plant = home.plant
    return Planted(
        indicator=plant.indicator,
        kind=plant.kind,
        subject=plant.subject,
        person_id=home.person(plant.subject),
        household_no=home.household_no,
        county=plant.household.county,
        people=dict(home.ids),
        place=plant.place,
    )


def write_truth(out: Path, truth: Truth) -> None:
    """Writes OUT/truth.json, the same bytes for the same truth."""
    text = json.dumps(asdict(truth), ensure_ascii=False, indent=1, sort_keys=True)
    (out / _FILE).write_text(text + "\n", encoding="utf-8", newline="\n")


def read_truth(out: Path) -> Truth:
    """The truth of a city written before; refused where there is none."""
    path = out / _FILE
    if not path.is_file():
        raise Refusal("demo.no_truth", f"“{out}”里没有 {_FILE}：请给 `doudi demo` 写出的目录。")
    written = json.loads(path.read_text("utf-8"))
    plants = tuple(Planted(**entry) for entry in written["plants"])
    return Truth(written["month"], written["months"], written["seed"], Statistics(**written["statistics"]), plants)
