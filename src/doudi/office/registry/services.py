"""The registry's writes: a run's population taken over, an identity revealed, a search made; each in the journal."""

from datetime import date, datetime

import polars as pl
from django.db import transaction

from doudi.errors import Refusal
from doudi.office.accounts.scope import Viewer, within
from doudi.office.accounts.services import count_search
from doudi.office.audit.services import Reading, record, record_reading, record_readings
from doudi.office.common.actor import Actor
from doudi.office.common.clock import beijing_day
from doudi.office.common.fields import FieldClass, Sight
from doudi.office.common.roles import Role
from doudi.office.common.scope import whole_city
from doudi.office.divisions import selectors as divisions
from doudi.office.registry import selectors, vaulted
from doudi.office.registry.cards import Found, HouseholdCard, Revealed
from doudi.office.registry.models import Person, TakeOver
from doudi.office.registry.staging import staged
from doudi.office.registry.states import LEAST_REASON
from doudi.office.registry.takeover import Merged, merge

__all__ = ["read_household", "reveal", "reveal_member", "search", "take_over"]


def take_over(
    *, households: pl.DataFrame, members: pl.DataFrame, actor: Actor, at: datetime, day: date | None = None
) -> Merged:
    """The population of a run (its households.parquet and members.parquet) becomes the registry's, in one transaction.

    Refs stay for ever; a household or person whom the run does not name stays, no longer present. `day`: of the run.
    For machines. Refused: a person asks, the run names nobody at all.
    """
    if actor.role is not Role.MACHINE:
        raise Refusal("registry.machine_only", "户籍册只由监测运行更新；请到“监测运行”中发起一次运行。")
    if households.is_empty():
        raise Refusal("registry.nobody_named", "这次运行没有得出任何一户，户籍册保持原样；请先核对人口库是否已经入库。")
    day = day or beijing_day(at)
    homes, persons = staged(households, members, _held_at)
    with whole_city():
        merged = merge(homes, persons, day)
        TakeOver.objects.create(
            run_day=day, at=at, households=merged.households, persons=merged.persons, retokened=merged.retokened
        )
        told = {
            "day": day.isoformat(),
            "households": merged.households,
            "persons": merged.persons,
            "retokened": merged.retokened,
        }
        record(actor=actor, at=at, act="registry.take_over", subject_kind="run", subject=day.isoformat(), detail=told)
    return merged


def reveal(*, viewer: Viewer, at: datetime, person_key: int, why: str) -> Revealed | None:
    """Id and name of one person in full, for one display; the journal keeps who, whose and why, also of what is refused.

    None when the person is not found in the jurisdiction. Refused: the role may never see an identity in full, the
    reason is missing or too short.
    """
    person = Person.objects.filter(within(viewer), pk=person_key).first()
    refusal = _why_not(viewer, why)
    outcome = "refused" if refusal or person is None else "done"
    with transaction.atomic():
        revealed = _opened(person) if person is not None and refusal is None else None
        record(
            actor=viewer.actor, at=at, act="registry.reveal", subject_kind="person", subject=str(person_key),
            whose=person.ref.hex if person else "", division=person.managing_division if person else None,
            why=why.strip(), outcome=outcome, detail={"purpose": viewer.purpose} if viewer.purpose else {},
        )  # fmt: skip
    if person is not None and refusal is not None:
        raise refusal
    return revealed


def reveal_member(*, viewer: Viewer, at: datetime, ref: str, person_ref: str, why: str) -> Revealed | None:
    """`reveal` of the person at an address: of that household and no other. None, journalled, when nobody is found there."""
    card = selectors.member(viewer, person_ref, of=ref)
    if card is None:
        record(
            actor=viewer.actor, at=at, act="registry.reveal", subject_kind="person", subject=person_ref[:40],
            why=why.strip(), outcome="refused",
        )  # fmt: skip
        return None
    return reveal(viewer=viewer, at=at, person_key=card.person_key, why=why)


def search(*, viewer: Viewer, at: datetime, text: str, address: str = "") -> Found:
    """`selectors.search`, told to the journal: each whose record was listed, and never what was typed.

    Refused: searched too often, by this person or from this network address.
    """
    count_search(viewer=viewer, at=at, address=address)
    found = selectors.search(viewer, text)
    read = [
        *(Reading(card.ref, card.managing_division, whose=card.ref) for card in found.people),
        *(Reading(card.ref, card.managing_division) for card in found.households),
    ]
    if read:
        record_readings(
            actor=viewer.actor, at=at, act="registry.search", subject_kind="search", read=read, why=viewer.purpose
        )
    else:
        told = {"found": 0}
        record(actor=viewer.actor, at=at, act="registry.search", subject_kind="search", why=viewer.purpose, detail=told)
    return found


def read_household(*, viewer: Viewer, at: datetime, ref: str) -> HouseholdCard | None:
    """`selectors.household`, told to the journal as a reading; also that somebody asked for one that is not found."""
    card = selectors.household(viewer, ref)
    if card is None:
        record(
            actor=viewer.actor, at=at, act="registry.read", subject_kind="household", subject=str(ref)[:40],
            why=viewer.purpose, outcome="refused",
        )  # fmt: skip
        return None
    record_reading(
        actor=viewer.actor, at=at, act="registry.read", subject_kind="household", why=viewer.purpose,
        read=Reading(card.ref, card.managing_division),
        shown=[kind for kind in FieldClass if viewer.sees(kind) is Sight.PLAIN],
    )  # fmt: skip
    return card


def _opened(person: Person) -> Revealed:
    key = person.person_key
    plain = vaulted.plain(people=[key])
    return Revealed(plain.names.get(key), plain.ids.get(key))


def _why_not(viewer: Viewer, why: str) -> Refusal | None:
    """Why this viewer may not reveal, with this reason; None when he may."""
    if viewer.sees(FieldClass.IDENTITY) not in {Sight.MASKED, Sight.PLAIN}:
        return Refusal(
            "registry.reveal_not_yours", "您的岗位不能查看完整的姓名和证件号码；确有需要，请联系县区经办人员。"
        )
    if len(why.strip()) < LEAST_REASON:
        return Refusal(
            "registry.reveal_why", f"查看完整信息须写明理由（不少于 {LEAST_REASON} 个字）；请选择或填写理由后再试。"
        )
    return None


def _held_at(codes: list[int]) -> dict[int, int]:
    divisions.names(codes)  # looks all of them up at once; `known` asks one by one
    return {code: divisions.known(code) for code in codes if code}
