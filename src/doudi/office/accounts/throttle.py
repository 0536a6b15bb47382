"""限次：同一个人、同一个网络地址在一段时间里能试几次。

How often a thing may be tried, by one person and from one network address. Counted in the database, so that all processes
count together; five failures that lock one account do not help against one who tries each account once.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import connection
from django.db.models import Sum

from doudi.office.accounts.models import Knock
from doudi.office.common.clock import BEIJING
from doudi.office.common.network import network_of

__all__ = ["LOGIN", "SEARCH", "Shut", "count", "forget_old", "shut_to"]

LOGIN: Final = "login"  # failures to come in, by address
SEARCH: Final = "search"  # searches for people, by person and by address


@dataclass(frozen=True, slots=True)
class Shut:
    """No more of it until `until`: `who` has done it `done` times since the window began."""

    who: str
    done: int
    until: datetime


def shut_to(deed: str, at: datetime, *, address: str) -> Shut | None:
    """Whether that address has used up what it may do in this window; None = it may. Counts nothing.

    Tries of one moment do not see each other, so a few more may pass than allowed: as many as the site has threads.
    """
    most, network = _most(deed)["address"], network_of(address)
    if not most or not network:
        return None
    since = _since(at)
    told = Knock.objects.filter(deed=deed, since=since, address=network).aggregate(done=Sum("count"))
    done = int(told["done"] or 0)
    return Shut("address", done, since + _window()) if done >= most else None


def count(deed: str, at: datetime, *, person: int = 0, address: str = "") -> Shut | None:
    """Counts one, of this person (0: nobody known) from this address, and tells whether it is one too many.

    Everybody has a row of his own, so that colleagues behind one address do not wait for each other.
    """
    network, since = network_of(address), _since(at)
    if not (person or network):
        return None
    with connection.cursor() as cursor:
        cursor.execute(
            _COUNT, {"deed": deed, "person": person, "address": network, "since": since, "nobody": person == 0}
        )
        done = dict(zip(("person", "address"), cursor.fetchone(), strict=True))
    for who, most in _most(deed).items():
        if most and done[who] > most:
            return Shut(who, done[who], since + _window())
    return None


def forget_old(at: datetime) -> int:
    """Drops what was counted in windows long over; tells how many rows."""
    return Knock.objects.filter(since__lt=at - timedelta(days=1)).delete()[0]


# One row of each person at each address, begun anew with the window; then what both have done in it, with this one.
_COUNT: Final = """
    WITH mine AS (
        INSERT INTO accounts_knock AS k (deed, person, address, since, count)
        VALUES (%(deed)s, %(person)s, %(address)s, %(since)s, 1)
        ON CONFLICT (deed, person, address) DO UPDATE
            SET since = EXCLUDED.since, count = CASE WHEN k.since = EXCLUDED.since THEN k.count + 1 ELSE 1 END
        RETURNING count
    )
    SELECT CASE WHEN %(nobody)s THEN 0 ELSE mine.count + coalesce(sum(o.count) FILTER (WHERE o.person = %(person)s), 0) END,
           CASE WHEN %(address)s = '' THEN 0
                ELSE mine.count + coalesce(sum(o.count) FILTER (WHERE o.address = %(address)s), 0) END
    FROM mine LEFT JOIN accounts_knock o
      ON o.deed = %(deed)s AND o.since = %(since)s AND (o.person = nullif(%(person)s, 0) OR o.address = nullif(%(address)s, ''))
     AND NOT (o.person = %(person)s AND o.address = %(address)s)
    GROUP BY mine.count
"""


def _most(deed: str) -> dict[str, int]:
    """What one person and one address may do in a window; 0 = as often as they like."""
    if deed == LOGIN:
        return {"person": 0, "address": settings.DOUDI_LOGIN_FAILURES}
    return {"person": settings.DOUDI_SEARCHES, "address": settings.DOUDI_SEARCHES_ADDRESS}


def _window() -> timedelta:
    return timedelta(minutes=settings.DOUDI_THROTTLE_MINUTES)


def _since(at: datetime) -> datetime:
    """When the window of that moment began."""
    seconds = int(_window().total_seconds())
    return datetime.fromtimestamp(int(at.timestamp()) // seconds * seconds, BEIJING)
