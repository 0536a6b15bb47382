"""转告：别的科室说出来的事，怎样变成给人的消息。

What other offices tell becomes messages: the event names keys, its own office is asked what there is to say of them, and
messages decides whom it concerns.
"""

from datetime import date
from functools import partial

from django.conf import settings

from doudi.office.common.events import Event
from doudi.office.common.roles import Role
from doudi.office.common.scope import whole_city
from doudi.office.config.preparing import steps
from doudi.office.documents.states import may_decide
from doudi.office.exchange import selectors as exchange
from doudi.office.messages import kinds
from doudi.office.messages import services as messages
from doudi.office.monitoring import selectors as monitoring

__all__ = [
    "delivery_decided", "delivery_held", "delivery_late", "delivery_lines", "delivery_refused", "export_decided",
    "export_waits", "run_finished", "supervision_opened",
]  # fmt: skip


def run_finished(event: Event) -> None:
    """`monitoring.finished`: to each person what is new in his jurisdiction."""
    run = int(event.facts["run"])
    with whole_city():
        found = monitoring.news(run)
    messages.tell_run(at=event.at, run=run, day=date.fromisoformat(event.facts["day"]), news=found)


def delivery_lines(event: Event) -> None:
    """`exchange.landed`: lines to put right. Not of the demo city's half year, which lands at once."""
    if not steps(settings.HOME):
        news = exchange.rejected_lines(event.facts["batches"])
        messages.tell_deliveries(at=event.at, kind=kinds.DELIVERY_LINES, news=news)


def delivery_held(event: Event) -> None:
    """`exchange.held`: deliveries that wait for a decision."""
    news = exchange.held_deliveries(event.facts["deliveries"])
    messages.tell_deliveries(at=event.at, kind=kinds.DELIVERY_HELD, news=news)


def delivery_decided(event: Event) -> None:
    """`hold.moved`: a held delivery was let in, or not."""
    news = exchange.held_deliveries([event.facts["pk"]])
    accepted = event.facts["to"] == "accepted"
    messages.tell_deliveries(at=event.at, kind=kinds.DELIVERY_DECIDED, news=news, accepted=accepted)


def delivery_refused(event: Event) -> None:
    """`exchange.refused`: files of which no line was taken."""
    news = exchange.turned_away(event.facts["uploads"])
    messages.tell_deliveries(at=event.at, kind=kinds.DELIVERY_REFUSED, news=news)


def delivery_late(event: Event) -> None:
    """`exchange.late`: who is late that morning."""
    messages.tell_late(at=event.at, news=exchange.late_deliveries(event.at))


def export_waits(event: Event) -> None:
    """`documents.export_waits`: a second person is asked."""
    told = event.facts
    messages.tell_export_waits(
        at=event.at, export=told["export"], asker_id=told["asker_id"], rows=told["rows"],
        decides=partial(_decides, told["division"]),
    )  # fmt: skip


def export_decided(event: Event) -> None:
    """`documents.export_decided`: the second person has decided."""
    told = event.facts
    messages.tell_export_decided(
        at=event.at, export=told["export"], asker_id=told["asker_id"], rows=told["rows"], approved=told["approved"]
    )


def _decides(place: int, role: Role, jurisdiction: int) -> bool:
    return may_decide(role, jurisdiction, place)


def supervision_opened(event: Event) -> None:
    """`accounts.supervision_opened`: somebody from outside may look, from a day until before another."""
    told = event.facts
    messages.tell_supervision(
        at=event.at, grant=told["grant"], division=told["division"], from_day=told["from"], until_day=told["until"]
    )
