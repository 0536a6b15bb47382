"""What was made and what the office says of it must agree, else its speed is worth nothing."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import transaction

from doudi.office.accounts.scope import Viewer
from doudi.office.common.codes import range_of
from doudi.office.common.roles import Role
from doudi.office.monitoring.models import Alert
from doudi.office.registry import selectors
from served.people import Invented

__all__ = ["disagreements"]

NEIGHBOUR = 370503000000


def disagreements(city: Invented, alerts: int, division: int) -> Iterator[str]:
    """A sentence for each thing that the office says otherwise than it was made."""
    with transaction.atomic():
        everywhere = Viewer(None, "bench", "", Role.MACHINE, 0)
        everywhere.enter()
        counted = selectors.population(everywhere, [0])[0]
        made = city.places.height, city.people.height
        if (counted.households, counted.persons) != made:
            yield f"made {made} households and persons, counted {counted.households} and {counted.persons}"
        if (known := Alert.objects.count()) != alerts:
            yield f"made {alerts} alerts, the table has {known}"
    lo, hi = range_of(division)
    here = city.people["residence_division"].is_between(lo, hi) | city.people["hukou_division"].is_between(lo, hi)
    some = city.people.filter(here)
    yield from _found(division, some.gather_every(max(some.height // 20, 1)).rows(named=True), seen=True)
    lo, hi = range_of(NEIGHBOUR)
    theirs = ~(city.people["residence_division"].is_between(lo, hi) | city.people["hukou_division"].is_between(lo, hi))
    strangers = some.filter(theirs.filter(here)).head(20)
    yield from _found(NEIGHBOUR, strangers.rows(named=True), seen=False)


def _found(division: int, people: list[dict[str, object]], *, seen: bool) -> Iterator[str]:
    viewer = Viewer(None, "bench", "", Role.COUNTY_OFFICER, division)
    with transaction.atomic():
        viewer.enter()
        for person in people:
            cards = selectors.search(viewer, str(person["person_id"])).people
            wanted = [int(str(person["number"])) + 1] if seen else []
            if [card.person_key for card in cards] != wanted:
                yield f"{division}: person {person['number']} was {'not ' if seen else ''}found"
