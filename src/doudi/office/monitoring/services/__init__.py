"""What changes in monitoring: runs asked for and made, alerts taken over, cards of households, saved views."""

from doudi.office.monitoring.services.asking import MAY_ASK, on_arrival, request_run, tend
from doudi.office.monitoring.services.running import import_finished, run_now

__all__ = ["MAY_ASK", "import_finished", "on_arrival", "request_run", "run_now", "tend"]
