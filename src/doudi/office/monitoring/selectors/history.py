"""What became of a household's alerts from run to run, as this viewer may read it."""

from dataclasses import dataclass
from datetime import datetime

from doudi.office.accounts.scope import Viewer, within
from doudi.office.monitoring.cards import Change
from doudi.office.monitoring.lens import Lens
from doudi.office.monitoring.models import AlertChange
from doudi.office.monitoring.selectors.reading import change_of

__all__ = ["HouseholdChange", "changes_of_household"]


@dataclass(frozen=True, slots=True)
class HouseholdChange:
    """What one run changed of one alert. `at`: when the run ended; `title`: the alert's, as far as it may be read."""

    at: datetime
    title: str
    change: Change


def changes_of_household(viewer: Viewer, household_key: int, most: int = 20) -> tuple[HouseholdChange, ...]:
    """The newest changes of all its alerts in the jurisdiction, cleared ones too, newest first. One statement."""
    lens = Lens(viewer)
    rows = AlertChange.objects.filter(within(viewer), alert__household_key=household_key).order_by("-id").values(
        "day", "run_id", "what", "old", "new", "run__finished_at", "run__asked_at",
        "alert__indicator", "alert__title", "alert__disposition",
    )[:most]  # fmt: skip
    return tuple(
        HouseholdChange(
            at=row["run__finished_at"] or row["run__asked_at"],
            title=lens.title(row["alert__indicator"], row["alert__title"], row["alert__disposition"]),
            change=change_of(row | {"day": row["day"].isoformat(), "run": row["run_id"]}),
        )
        for row in rows
    )
