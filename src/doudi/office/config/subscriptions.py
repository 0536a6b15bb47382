"""谁听到什么事会做什么：全部写在这一页，像网址表一样好读。

Who reacts to what, all in this page. A subscriber runs in the transaction of whoever tells the event.
"""

from doudi.office.common.events import subscribe as subscribe
from doudi.office.monitoring import services as monitoring

__all__ = ["wire"]


def wire() -> None:
    """One line an event and its subscriber."""
    subscribe("exchange.landed", monitoring.on_arrival)
