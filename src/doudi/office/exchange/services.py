"""What changes in the exchange: a file is received, landed, tried again; a held delivery is decided."""

from doudi.office.exchange.deciding import decide, find_holds
from doudi.office.exchange.landing import land_waiting, mirror, put_back
from doudi.office.exchange.news import tell_late
from doudi.office.exchange.receiving import again, receive, take_in
from doudi.office.exchange.retention import purge_refused

__all__ = [
    "again", "decide", "find_holds", "land_waiting", "mirror", "purge_refused", "put_back", "receive", "take_in", "tell_late",
]  # fmt: skip
