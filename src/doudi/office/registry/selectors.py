"""The registry's reads. Each gives cards of what lies in the viewer's jurisdiction, masked; the rest is not found."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final
from uuid import UUID

from django.db import connection
from django.db.models import Subquery

from doudi.office.accounts.scope import Viewer, within
from doudi.office.common.codes import range_of
from doudi.office.common.scope import PERSONAL
from doudi.office.registry.cards import Found, HouseholdCard, MemberCard, Population, Revealed
from doudi.office.registry.drawing import household_cards, member_cards, told
from doudi.office.registry.models import Household, Person, TakeOver
from doudi.office.registry.searching import LIMIT, found

__all__ = [
    "LIMIT", "Found", "HouseholdCard", "MemberCard", "Population", "Revealed", "by_key", "household", "households",
    "member", "placed", "population", "population_day", "search",
]  # fmt: skip

_ITS: Final = tuple(f"household__{column}" for column in PERSONAL)


def household(viewer: Viewer, ref: str | UUID) -> HouseholdCard | None:
    """One household with those of its members who are in the jurisdiction, the head first; None when it is not found.

    Who left the household for another is not among them; who left the city's registers is, with `present` false.
    """
    return _with_people(viewer, numbers=True, ref=_uuid(ref))


def by_key(viewer: Viewer, household_key: int) -> HouseholdCard | None:
    """The same by its key and without 户号, for other offices; never from an address."""
    return _with_people(viewer, numbers=False, household_key=household_key)


def households(viewer: Viewer, keys: Iterable[int]) -> dict[int, HouseholdCard]:
    """Cards without members and without 户号 by household_key, for lists; a household out of scope is absent."""
    rows = list(Household.objects.filter(within(viewer), pk__in=list(keys)))
    cards = household_cards(viewer, rows, told(viewer, homes=rows, numbers=False))
    return {card.household_key: card for card in cards}


def placed(viewer: Viewer, keys: Iterable[int]) -> dict[int, tuple[int, int, int]]:
    """Hukou, residence and managing division by household_key, nothing else: no identity is opened for it."""
    rows = Household.objects.filter(within(viewer), pk__in=list(keys))
    divisions = ("hukou_division", "residence_division", "managing_division")
    return {key: (hukou, residence, managing) for key, hukou, residence, managing in rows.values_list("pk", *divisions)}


def member(viewer: Viewer, ref: str | UUID, *, of: str | None = None) -> MemberCard | None:
    """One person by his person_ref; None when he is not found, or not in the household `of`."""
    row = Person.objects.filter(within(viewer), ref=_uuid(ref)).first()
    if row is None:
        return None
    homes = Household.objects.filter(within(viewer), pk=row.household_id).values_list("pk", "ref")
    refs = {key: home.hex for key, home in homes}
    if of is not None and of not in refs.values():
        return None
    return member_cards(viewer, [row], refs, population_day() or row.run_day, told(viewer, people=[row]))[0]


def search(viewer: Viewer, text: str) -> Found:
    """People by name (two characters or more of it), whole id, last four with name, phone; households by 户号.

    At most `LIMIT`, the exact names first; within the jurisdiction. Refused: `registry.search_too_short`,
    `registry.search_too_long`, `registry.tail_alone`.
    """
    return found(viewer, text, population_day() or date.min)


def population(viewer: Viewer, codes: Sequence[int]) -> dict[int, Population]:
    """Households and persons present by division, for each of `codes`, as far as it lies in the jurisdiction.

    By managing division: neighbours add up to the division above them. One row per code, zero where nobody is.
    """
    lo, hi = viewer.range
    ranges = {code: range_of(code) for code in codes}
    text = """
SELECT asked.code, counts.tier, sum(counts.households), sum(counts.persons)
FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[]) AS asked(code, least, greatest)
JOIN registry_population_count AS counts ON counts.division BETWEEN greatest(asked.least, %s) AND least(asked.greatest, %s)
WHERE counts.division BETWEEN %s AND %s
GROUP BY 1, 2
"""
    counted: dict[int, dict[str, tuple[int, int]]] = {code: {} for code in codes}
    with connection.cursor() as cursor:
        least, greatest = [each[0] for each in ranges.values()], [each[1] for each in ranges.values()]
        cursor.execute(text, [list(ranges), least, greatest, lo, hi, lo, hi])
        for code, tier, homes, persons in cursor.fetchall():
            counted[code][tier] = int(homes), int(persons)
    return {code: Population(*tiers.pop("", (0, 0)), tiers=tiers) for code, tiers in counted.items()}


def population_day() -> date | None:
    """The day of which the population speaks; None while no run was taken over."""
    return TakeOver.objects.order_by("-at").values_list("run_day", flat=True).first()


def _with_people(viewer: Viewer, *, numbers: bool, **which: UUID | int) -> HouseholdCard | None:
    """The household of which `which` tells, with its people: one statement where anybody of it is seen."""
    seen = Person.objects.filter(
        within(viewer), within(viewer, _ITS), **{f"household__{it}": is_ for it, is_ in which.items()}
    )
    latest = TakeOver.objects.order_by("-at").values("run_day")[:1]
    ordered = seen.order_by("-present", "-is_head", "birth", "pk")
    people = list(ordered.select_related("household").annotate(day=Subquery(latest)))
    row = people[0].household if people else Household.objects.filter(within(viewer), **which).first()
    if row is None:
        return None
    day = people[0].day if people else row.run_day
    plain = told(viewer, homes=[row], people=people, numbers=numbers)
    cards = member_cards(viewer, people, {row.pk: row.ref.hex}, day or row.run_day, plain)
    return household_cards(viewer, [row], plain, {row.pk: tuple(cards)})[0]


def _uuid(ref: str | UUID) -> UUID:
    """The ref as the table has it; what is no ref at all becomes the one that no row has."""
    try:
        return ref if isinstance(ref, UUID) else UUID(ref)
    except ValueError:
        return UUID(int=0)
