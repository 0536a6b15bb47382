"""谁听到什么事会做什么：全部写在这一页，像网址表一样好读。

Who reacts to what, all in this page. A subscriber runs in the transaction of whoever tells the event.
"""

from django.conf import settings

from doudi.office.common.events import Event
from doudi.office.common.events import subscribe as subscribe
from doudi.office.config import telling
from doudi.office.config.preparing import steps
from doudi.office.monitoring import services as monitoring

__all__ = ["wire"]


def wire() -> None:
    """One line an event and its subscriber."""
    subscribe("exchange.landed", _after_landing)
    subscribe("exchange.landed", telling.delivery_lines)
    subscribe("exchange.accepted", monitoring.on_arrival)
    subscribe("exchange.held", telling.delivery_held)
    subscribe("exchange.refused", telling.delivery_refused)
    subscribe("exchange.late", telling.delivery_late)
    subscribe("hold.moved", telling.delivery_decided)
    subscribe("monitoring.finished", telling.run_finished)
    subscribe("documents.export_waits", telling.export_waits)
    subscribe("documents.export_decided", telling.export_decided)
    subscribe("accounts.supervision_opened", telling.supervision_opened)


def _after_landing(event: Event) -> None:
    # The demo city's half year lands at once; its one run is asked for when all of it is there.
    if not steps(settings.HOME):
        monitoring.on_arrival(event)
