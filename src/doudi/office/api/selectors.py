"""Who a bearer token stands for; which clients wait to be admitted."""

import hashlib
from datetime import datetime
from typing import Final

from oauth2_provider.models import AccessToken

from doudi.office.accounts.scope import Viewer
from doudi.office.api.models import Client
from doudi.office.api.people import viewer_of
from doudi.office.api.states import ACTIVE, CLIENT

__all__ = ["READ", "viewer_of_token", "waiting_clients"]

READ: Final = "read"  # the one scope there is


def viewer_of_token(token: str, at: datetime) -> Viewer | None:
    """The client's viewer while the token stands and the client is in use; None otherwise. One statement.

    Asked here and not of oauthlib's own check, which would take a token from an address too, and asks the clock.
    """
    checksum = hashlib.sha256(token.encode()).hexdigest()
    standing = AccessToken.objects.filter(token_checksum=checksum, expires__gt=at, scope=READ)
    client = Client.objects.filter(state=ACTIVE, application__in=standing.values("application")).first()
    return viewer_of(client) if client else None


def waiting_clients() -> tuple[int, datetime | None]:
    """How many clients wait for the second person, and since when the first of them; it tells of no household."""
    asked = list(Client.objects.filter(state=CLIENT.start).order_by("asked_at").values_list("asked_at", flat=True))
    return len(asked), asked[0] if asked else None
