"""What to ask and to look at in one household, for whoever goes there and sees no figures."""

from doudi.office.accounts.scope import Viewer, within
from doudi.office.monitoring.models import Alert
from doudi.office.monitoring.states import OPEN
from doudi.office.monitoring.topics import asks

__all__ = ["asks_of_household"]


def asks_of_household(viewer: Viewer, household_key: int) -> tuple[str, ...]:
    """The questions of all its open alerts in the jurisdiction, each once; empty for who reads the reasons themselves."""
    rows = Alert.objects.filter(within(viewer), household_key=household_key, status__in=OPEN)
    return asks(viewer, rows.values_list("indicator", flat=True))
