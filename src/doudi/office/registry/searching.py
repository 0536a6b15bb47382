"""Search: digests meet digests in one index, within the jurisdiction; only the few found are read from the vault."""

from datetime import date
from typing import Final

from doudi.office.accounts.scope import Viewer, within
from doudi.office.common.fields import FieldClass, Sight
from doudi.office.registry import vaulted
from doudi.office.registry.cards import Found
from doudi.office.registry.drawing import household_cards, member_cards, told
from doudi.office.registry.models import Household, Person, SearchToken
from doudi.office.registry.terms import Asked, Term, asked_for, plain_name

__all__ = ["LIMIT", "found"]

LIMIT: Final = 50  # people on one page of results; whoever wants more is told to say more

_DIVISIONS_OF_A_PERSON: Final = 3  # so many rows of the index may name the same person
# The last four are shared by one person in eleven thousand, and a surname beside them is compared only when they are read.
_COMPARED: Final = 500


def found(viewer: Viewer, text: str, day: date) -> Found:
    """Who and which household the text asks for. Who may see no identity finds nobody: to find is to learn."""
    asked = asked_for(text)
    if viewer.sees(FieldClass.IDENTITY) is Sight.HIDDEN:
        return Found((), (), more=False, limit=LIMIT)
    digests = _digests(asked)
    most = LIMIT + 1 if any(kind == "part" for kind, _ in asked.terms) else _COMPARED
    keys = _keys(viewer, [digests[term] for term in asked.terms], most) if asked.terms else []
    if asked.name:
        exact = _keys(viewer, [digests[term] for term in _whole(asked)], LIMIT + 1)
        keys = list(dict.fromkeys([*exact, *keys]))
    plain = vaulted.plain(people=keys)
    if asked.name:  # two parts of a name may stand in it apart
        keys = [key for key in keys if asked.name in plain_name(plain.names.get(key, ""))]
    shown = keys[:LIMIT]
    rows = Person.objects.filter(within(viewer), pk__in=shown).in_bulk()
    people = [rows[key] for key in shown if key in rows]
    homes = _homes(viewer, {row.household_id for row in people}, asked.household_no)
    refs = {home.pk: home.ref.hex for home in homes}
    asked_home = [home for home in homes if asked.household_no and home.pk not in {row.household_id for row in people}]
    return Found(
        tuple(member_cards(viewer, people, refs, day, plain)),
        tuple(household_cards(viewer, asked_home, told(viewer, homes=asked_home))),
        more=len(keys) > LIMIT,
        limit=LIMIT,
    )


def _whole(asked: Asked) -> list[Term]:
    return [*(term for term in asked.terms if term[0] == "tail"), ("name", asked.name)]


def _digests(asked: Asked) -> dict[Term, int]:
    """The digest of each term, each kind asked for once."""
    wanted = [*asked.terms, *([("name", asked.name)] if asked.name else [])]
    digests: dict[Term, int] = {}
    for kind in {kind for kind, _ in wanted}:
        texts = [text for each, text in wanted if each == kind]
        digests |= {(kind, text): token for text, token in zip(texts, vaulted.search_tokens(kind, texts), strict=True)}
    return digests


def _keys(viewer: Viewer, digests: list[int], most: int) -> list[int]:
    """Persons under all of the digests within the jurisdiction, by division; `most` of them at least, if there are."""
    first, *others = dict.fromkeys(digests)
    scope = within(viewer, ("division",))
    rows = SearchToken.objects.filter(scope, token=first)
    for digest in others:
        rows = rows.filter(person_key__in=SearchToken.objects.filter(scope, token=digest).values("person_key"))
    ordered = rows.order_by("token", "division", "person_key").values_list("person_key", flat=True)
    return list(dict.fromkeys(ordered[: most * _DIVISIONS_OF_A_PERSON]))


def _homes(viewer: Viewer, keys: set[int], number: str) -> list[Household]:
    """The households of the persons found, and the one of that 户号, within the jurisdiction."""
    homes = list(Household.objects.filter(within(viewer), pk__in=keys)) if keys else []
    if number:
        homes += Household.objects.filter(within(viewer), household_no_token=vaulted.household_no_token(number))[:LIMIT]
    return homes
