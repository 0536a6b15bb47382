"""Which alerts a list holds: the scope first, then each filter by itself, so that each can be counted without itself."""

from datetime import datetime

from django.db.models import Q, QuerySet

from doudi.office.accounts.scope import Viewer, within
from doudi.office.common.codes import range_of
from doudi.office.monitoring.asked import AGES, VIEWS, Asked
from doudi.office.monitoring.lens import Lens
from doudi.office.monitoring.models import Alert
from doudi.office.monitoring.states import OPEN, RANKS

__all__ = ["FACETS", "filtered", "in_view", "of_age", "predicate"]

# The filters whose values are counted.
FACETS = ("disposition", "indicator", "level", "status", "place", "age", "stale")


def in_view(viewer: Viewer, asked: Asked) -> QuerySet[Alert]:
    """The alerts of the view in the viewer's jurisdiction, before any counted filter: level group and search."""
    ranks = [RANKS[level] for level in VIEWS[asked.view][1]]  # by the number: the indices of the orders begin with it
    rows = Alert.objects.filter(within(viewer), level_rank__in=ranks)
    if asked.households is not None:
        rows = rows.filter(household_key__in=asked.households)
    return rows


def filtered(viewer: Viewer, asked: Asked, at: datetime) -> QuerySet[Alert]:
    """The alerts of the list."""
    return in_view(viewer, asked).filter(*(predicate(name, viewer, asked, at) for name in FACETS))


def predicate(name: str, viewer: Viewer, asked: Asked, at: datetime) -> Q:
    """The condition that one filter makes; true of all when it is not asked.

    A title or disposition that the viewer may not read is no filter either: else the filter would tell it.
    """
    match name:
        case "status":
            wanted = OPEN if asked.status == "open" else None if asked.status == "any" else (asked.status,)
            return Q(status__in=wanted) if wanted else Q()
        case "level":
            return Q(level_rank=RANKS[asked.level]) if asked.level else Q()
        case "place":
            lo, hi = range_of(asked.place)
            return Q(managing_division__gte=lo, managing_division__lte=hi) if asked.place else Q()
        case "stale":
            return Q(stale_feeds__contains=[asked.stale]) if asked.stale else Q()
        case "age":
            return of_age(asked.age, at.year)
        case "indicator":
            return (
                (Q(indicator=asked.indicator) if Lens(viewer).reads(asked.indicator) else _NONE)
                if asked.indicator
                else Q()
            )
        case _:
            return (
                (Q(disposition=asked.disposition) if Lens(viewer).sees_hardship else _NONE)
                if asked.disposition
                else Q()
            )


_NONE = Q(pk__in=[])


def of_age(age: str, year: int) -> Q:
    """By the year of birth: whoever has his birthday later this year counts as a year older."""
    if not age:
        return Q()
    _, least, limit = AGES[age]
    if age == "unknown":
        return Q(birth_year__isnull=True)
    found = Q(birth_year__isnull=False)
    if least is not None:
        found &= Q(birth_year__lte=year - least)
    if limit is not None:
        found &= Q(birth_year__gt=year - limit)
    return found
