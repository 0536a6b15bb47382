"""Rows become cards: what the vault told for the whole page is masked here, and let go."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from doudi.office.accounts.scope import Viewer
from doudi.office.common.fields import FieldClass, Sight
from doudi.office.registry import vaulted
from doudi.office.registry.cards import HouseholdCard, MemberCard
from doudi.office.registry.masking import shown
from doudi.office.registry.models import Household, Person
from doudi.office.registry.vaulted import Plain

__all__ = ["household_cards", "member_cards", "told"]


def told(
    viewer: Viewer, *, homes: Sequence[Household] = (), people: Sequence[Person] = (), numbers: bool = True
) -> Plain:
    """What the vault knows of these rows, 户号 with `numbers`; nothing for a role that sees no identity."""
    if viewer.sees(FieldClass.IDENTITY) is Sight.HIDDEN:
        return Plain()
    return vaulted.plain(
        people=[row.person_key for row in people],
        names=[row.head_key for row in homes],
        household_nos={row.household_no_token for row in homes if numbers and row.household_no_token is not None},
    )


def household_cards(
    viewer: Viewer,
    rows: Sequence[Household],
    plain: Plain,
    people: Mapping[int, tuple[MemberCard, ...]] | None = None,
) -> list[HouseholdCard]:
    """A card for each row, in their order; `people` by household_key."""
    see = _Sights.of(viewer)
    return [
        HouseholdCard(
            household_key=row.household_key,
            ref=row.ref.hex,
            head_key=row.head_key,
            head_name=shown("name", plain.names.get(row.head_key), see.name),
            household_no=shown("household_no", plain.household_nos.get(row.household_no_token or 0), see.identity),
            members=row.members,
            hukou_kind=row.hukou_kind,
            tiers=tuple(row.tiers) if see.hardship else None,
            hukou_division=row.hukou_division,
            residence_division=row.residence_division,
            managing_division=row.managing_division,
            run_day=row.run_day,
            present=row.present,
            people=(people or {}).get(row.household_key, ()),
        )
        for row in rows
    ]


def member_cards(
    viewer: Viewer, rows: Sequence[Person], refs: Mapping[int, str], day: date, plain: Plain
) -> list[MemberCard]:
    """A card for each row, in their order; `refs` of the households that the viewer sees."""
    see = _Sights.of(viewer)
    return [
        MemberCard(
            person_key=row.person_key,
            ref=row.ref.hex,
            household_key=row.household_id,
            household_ref=refs.get(row.household_id),
            is_head=row.is_head,
            name=shown("name", plain.names.get(row.person_key), see.name),
            person_id=shown("id", plain.ids.get(row.person_key), see.identity),
            birth=row.birth if see.identity is Sight.PLAIN else None,
            age_years=_age(row.birth, day),
            male=row.male,
            registered=row.registered,
            present=row.present,
            tiers=tuple(row.tiers) if see.hardship else None,
            hukou_division=row.hukou_division,
            residence_division=row.residence_division,
            managing_division=row.managing_division,
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class _Sights:
    name: Sight
    identity: Sight
    hardship: bool

    @classmethod
    def of(cls, viewer: Viewer) -> "_Sights":
        hardship = viewer.sees(FieldClass.HARDSHIP) is Sight.PLAIN
        return cls(viewer.sees(FieldClass.NAME), viewer.sees(FieldClass.IDENTITY), hardship)


def _age(birth: date | None, day: date) -> int | None:
    """Completed years on that day."""
    return None if birth is None else day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))
