"""Deliveries that wait for a person: found after each landing, accepted or refused with a reason."""

from collections import Counter
from datetime import datetime

from django.db import transaction

from doudi.landing import accept
from doudi.landing.lake import BatchRecord, Scope
from doudi.office.audit.services import make_move
from doudi.office.common.actor import Actor
from doudi.office.common.clock import beijing_day
from doudi.office.common.events import Event, tell
from doudi.office.exchange.coverage import now_standing
from doudi.office.exchange.models import Batch, Hold
from doudi.office.exchange.states import HOLD
from doudi.office.exchange.vault import office_home

__all__ = ["decide", "find_holds"]


def find_holds(*, at: datetime) -> list[str]:
    """Enters deliveries that landing's rule holds back and nobody has decided on; gives the new ones' names."""
    known = set(Hold.objects.values_list("pk", flat=True))
    found: dict[str, Hold] = {}
    for standing in now_standing(beijing_day(at)).feeds.values():
        for row in standing.coverage:
            for delivery in row.quarantined:
                if delivery in known:
                    continue
                batches = [record for record in _batches_of(delivery) if record.delivery == delivery]
                hold = found.setdefault(
                    delivery,
                    Hold(
                        delivery=delivery, feed=standing.feed.name, period=batches[0].period,
                        revision=batches[0].revision, senders=[], found_at=at,
                    ),
                )  # fmt: skip
                hold.senders.append(_sender(row.scope, row.lines, batches))
    Hold.objects.bulk_create(found.values())
    return list(found)


def decide(*, actor: Actor, at: datetime, delivery: str, move: str, why: str) -> None:
    """放行 or 不予采用: a county for what speaks of it alone, the city for the rest. Accepted, it holds from now on.

    Refused: decided already, not his to decide, no reason.
    """
    with transaction.atomic():
        hold = Hold.objects.get(pk=delivery)
        make_move(
            workflow=HOLD, row=hold, move=move, actor=actor, at=at, why=why,
            decided_at=at, decided_by=actor.name,
        )  # fmt: skip
        Hold.objects.filter(pk=delivery).update(why=why)
        if hold.state == "accepted":
            # The file is written last: should it fail, nothing was decided; should the commit fail, it is decided again.
            tell(Event("exchange.accepted", actor, at, {"delivery": delivery}))
            accept(office_home(), delivery, at.isoformat(timespec="microseconds"), actor.name)


def _batches_of(delivery: str) -> list[BatchRecord]:
    feed, period, revision = delivery.rsplit("_", 2)
    rows = Batch.objects.filter(feed=feed, period=period, revision=int(revision[1:]))
    return [BatchRecord.from_json(record) for record in rows.values_list("record", flat=True)]


def _sender(scope: Scope, before: int, batches: list[BatchRecord]) -> dict[str, object]:
    lines: Counter[Scope] = Counter()
    for record in batches:
        lines.update(dict(record.scopes))
    return {
        "county": scope.county, "department": scope.department or "", "programme": scope.programme or "",
        "before": before, "now": lines[scope],
    }  # fmt: skip
