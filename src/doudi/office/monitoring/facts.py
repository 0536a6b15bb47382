"""The card of one household as a viewer may read it."""

from dataclasses import dataclass
from datetime import date

__all__ = ["DueCard", "FactLine", "FactsCard", "PersonCard", "TestCard", "TierCard"]


@dataclass(frozen=True, slots=True)
class FactLine:
    """What some lines say of one person: sentences, their source in words, its delivery and line, its date."""

    says: tuple[str, ...]
    source: str
    day: str
    withheld: int  # how many facts of this line are not shown


@dataclass(frozen=True, slots=True)
class PersonCard:
    """One person: called by relation; `key` is his person_key. `withheld`: facts of which nothing is shown at all.

    `exclusion`: records that may only exclude, of somebody neither enrolled nor authorised; nobody is shown more.
    """

    key: int
    name: str
    counted: str
    enrolled: str
    facts: tuple[FactLine, ...]
    withheld: int
    exclusion: bool


@dataclass(frozen=True, slots=True)
class TestCard:
    """One test of a path; `rule` and `grounds` are empty where their figures may not be read (`hidden`)."""

    mark: str
    question: str
    basis: tuple[str, ...]
    rule: str
    grounds: tuple[str, ...]
    hidden: bool


@dataclass(frozen=True, slots=True)
class TierCard:
    """One tier, for the household or for one person: the verdict in words, its paths, what would have to be known."""

    name: str
    who: str
    verdict: str
    tone: str
    paths: tuple[tuple[str, str, tuple[TestCard, ...]], ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DueCard:
    """One programme: to whom, due, received, overdue and missing, each 是 / 否 / 无法判断."""

    name: str
    department: str
    who: str
    due: str
    received: str
    missing: str
    tone: str


@dataclass(frozen=True, slots=True)
class FactsCard:
    """What the run of `day` knew of one household. `conclusion` is empty where amounts are not shown."""

    day: date
    persons: tuple[PersonCard, ...]
    conclusion: tuple[str, ...]
    tiers: tuple[TierCard, ...]
    due: tuple[DueCard, ...]
