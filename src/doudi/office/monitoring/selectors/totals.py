"""How many alerts there are of what: for workbenches and dashboards, which show no single one."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Final

from django.db.models import Count, F, Q

from doudi.office.accounts.scope import Viewer, within
from doudi.office.common.codes import level_of, range_of
from doudi.office.monitoring.lens import Lens
from doudi.office.monitoring.models import Alert, AlertChange
from doudi.office.monitoring.selectors.held import edition, held
from doudi.office.monitoring.states import OPEN

__all__ = ["counts", "counts_by_run"]

# Of a code, what is left of it one level below: 10^this is divided away.
_BELOW: Final = {"country": 10, "province": 8, "city": 6, "county": 3, "town": 0, "village": 0}


def counts(
    viewer: Viewer, by: Sequence[str], *, place: int = 0, status: str = "open", disposition: str = ""
) -> dict[tuple[str, ...], int]:
    """How many alerts, by level, disposition, indicator, status, place, in the order asked; "" for what may not be read.

    Within the jurisdiction, as managed in `place` (0: anywhere in it); `place` as a key is the division below it. An
    alert is counted where its household is managed, so that neighbours add up. `status`: open, any, or one of them.
    """
    asked = ("counts", tuple(by), place, status, disposition)
    return dict(held(viewer, edition(), asked, lambda: _counts(viewer, by, place, status, disposition)))


def _counts(viewer: Viewer, by: Sequence[str], place: int, status: str, disposition: str) -> dict[tuple[str, ...], int]:
    zeros = 10 ** _BELOW[level_of(place or viewer.division)]
    rows = Alert.objects.filter(within(viewer), _there(place))
    if status != "any":
        rows = rows.filter(status__in=OPEN if status == "open" else (status,))
    lens = Lens(viewer)
    if disposition:
        rows = rows.filter(disposition=disposition) if lens.sees_hardship else rows.none()
    columns = {f"of_{name}": F("managing_division") / zeros * zeros if name == "place" else F(name) for name in by}
    found: Counter[tuple[str, ...]] = Counter()
    for *told, many in rows.annotate(**columns).values_list(*columns).annotate(many=Count("pk")):
        found[tuple(_read(lens, name, str(value)) for name, value in zip(by, told, strict=True))] += many
    return dict(found)


def counts_by_run(viewer: Viewer, *, place: int = 0, runs: int = 12) -> list[tuple[date, int, int]]:
    """(day of the run, alerts that it opened, alerts that it cleared) of the latest runs, the oldest first."""
    return list(held(viewer, edition(), ("by run", place, runs), lambda: _by_run(viewer, place, runs)))


def _by_run(viewer: Viewer, place: int, runs: int) -> list[tuple[date, int, int]]:
    rows = AlertChange.objects.filter(within(viewer), _there(place), what="status")
    told = rows.values("run_id", "day").annotate(
        opened=Count("pk", filter=Q(new="new")), cleared=Count("pk", filter=Q(new="cleared"))
    )
    latest = list(told.order_by("-run_id")[:runs])
    return [(row["day"], row["opened"], row["cleared"]) for row in reversed(latest)]


def _there(place: int) -> Q:
    lo, hi = range_of(place)
    return Q(managing_division__gte=lo, managing_division__lte=hi) if place else Q()


def _read(lens: Lens, name: str, value: str) -> str:
    if name == "indicator":
        return value if lens.reads(value) else ""
    return value if name != "disposition" or lens.sees_hardship else ""
