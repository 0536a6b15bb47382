"""Whom a client is: the viewer in whose place it reads, the actor whom the journal names."""

from doudi.office.accounts.scope import Viewer
from doudi.office.api.models import Client
from doudi.office.common.roles import Role

__all__ = ["viewer_of"]


def viewer_of(client: Client) -> Viewer:
    """The viewer that the client is; no user, and its name begins with `api:`, which no login can."""
    return Viewer(
        None, f"api:{client.code}", client.name, Role(client.role), client.division, client.department, client.purpose
    )
