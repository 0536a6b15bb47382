"""What other offices are shown of a household and of a person: masked here, so that no template can forget it."""

from dataclasses import dataclass
from datetime import date

__all__ = ["Found", "HouseholdCard", "MemberCard", "Population", "Revealed"]


@dataclass(frozen=True, slots=True)
class MemberCard:
    """One person as the viewer may see him.

    `name` and `person_id` are masked for all but machines, and empty where the role sees no identity; null would say that
    the vault has none. `household_ref` is null when the household is managed and lives elsewhere and the viewer sees the
    person alone. `tiers` is null when the role may not see it. `age_years` is the age on the day the population speaks
    of; null when no register tells the birth. `birth` is null unless identities are seen in full.
    """

    person_key: int
    ref: str
    household_key: int
    household_ref: str | None
    is_head: bool
    name: str | None
    person_id: str | None
    birth: date | None
    age_years: int | None
    male: bool | None
    registered: bool
    present: bool
    tiers: tuple[str, ...] | None
    hukou_division: int
    residence_division: int
    managing_division: int


@dataclass(frozen=True, slots=True)
class HouseholdCard:
    """One household as the viewer may see it. `ref` names it in addresses.

    `people` holds the members in the viewer's jurisdiction, the head first, where one household was asked for, and is empty
    in lists; `members` counts all. `household_no` and `head_name` are masked like names; null = the vault has none, or
    a list for which no 户号 is read.
    `tiers` is null when the role may not see it. `run_day`: the day of the run that last changed anything of it.
    """

    household_key: int
    ref: str
    head_key: int
    head_name: str | None
    household_no: str | None
    members: int
    hukou_kind: str | None
    tiers: tuple[str, ...] | None
    hukou_division: int
    residence_division: int
    managing_division: int
    run_day: date
    present: bool
    people: tuple[MemberCard, ...] = ()

    @property
    def unseen(self) -> int:
        """Members who live, are registered and are managed outside the viewer's jurisdiction."""
        return max(self.members - sum(each.present for each in self.people), 0)


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found: at most `limit` people; `more` when there are others, so that the page says so."""

    people: tuple[MemberCard, ...]
    households: tuple[HouseholdCard, ...]
    more: bool
    limit: int


@dataclass(frozen=True, slots=True)
class Population:
    """Households and persons present in one division, as managed there; `tiers` gives the same by tier."""

    households: int
    persons: int
    tiers: dict[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Revealed:
    """An identity in full, for one display; null where the vault has none."""

    name: str | None
    person_id: str | None
