"""What a run found new, place by place: for those who are told of it without having asked."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, F, Q

from doudi.office.monitoring.asked import VIEWS
from doudi.office.monitoring.models import AlertChange
from doudi.office.monitoring.states import DISPOSITIONS, LEVELS

__all__ = ["RunNews", "news"]

# What is left of a code at each level above it: village, town, county, city, province, the country.
_STEPS: Final = (1, 10**3, 10**6, 10**8, 10**10, 10**12)


@dataclass(slots=True)
class RunNews:
    """New red and orange alerts of one jurisdiction; 蓝 is looked at and not told. `homes` counts households; `keys` names
    them where they are few, else it is empty. `by_disposition` has the words, in their order.
    """

    homes: int = 0
    alerts: int = 0
    red: int = 0
    by_disposition: dict[str, int] = field(default_factory=lambda: dict.fromkeys(DISPOSITIONS.values(), 0))
    keys: tuple[int, ...] = ()


def news(run_id: int, *, few: int = 3) -> dict[int, RunNews]:
    """By jurisdiction, for each in which a run opened something: code → `RunNews`. For machines, in the scope of the city.

    A place holds what lies in it by any of the three divisions, as lists do. Alerts that the run only carried on are no news.
    """
    found: dict[int, RunNews] = {}
    opened = AlertChange.objects.filter(run_id=run_id, what="status", new="new", alert__level__in=VIEWS["alerts"][1])
    places = ("hukou_division", "residence_division", "managing_division")
    alike = opened.values(*places, disposition=F("alert__disposition")).annotate(
        many=Count("pk"), red=Count("pk", filter=Q(alert__level=LEVELS[0]))
    )
    for row in alike.order_by():
        for code in _above(*(row[place] for place in places)):
            here = found.setdefault(code, RunNews())
            here.alerts += row["many"]
            here.red += row["red"]
            here.by_disposition[DISPOSITIONS[row["disposition"]]] += row["many"]
    homes = opened.filter(alert__household_key__isnull=False).values(*places)
    for row in homes.annotate(keys=ArrayAgg("alert__household_key", distinct=True)).order_by():
        for code in _above(*(row[place] for place in places)):
            here = found[code]
            here.homes += len(row["keys"])
            here.keys = (*here.keys, *row["keys"])[: few + 1]
    for here in found.values():
        here.keys = tuple(sorted(here.keys)) if here.homes <= few else ()
    return found


def _above(*codes: int) -> Iterator[int]:
    """Each jurisdiction that covers any of these, once."""
    yield from {code // step * step for code in codes for step in _STEPS}
