"""What changes in monitoring: runs asked for and made, alerts taken over, readings told, saved views."""

from doudi.office.monitoring.services.asking import MAY_ASK, on_arrival, request_run, tend
from doudi.office.monitoring.services.cards import make_cards
from doudi.office.monitoring.services.reading import open_alert
from doudi.office.monitoring.services.running import import_finished, run_now
from doudi.office.monitoring.services.views import forget_view, save_view

__all__ = [
    "MAY_ASK", "forget_view", "import_finished", "make_cards", "on_arrival", "open_alert", "request_run", "run_now", "save_view", "tend",
]  # fmt: skip
