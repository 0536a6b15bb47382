"""A county officer at the office, logged in as a browser with his cookies. Imported when Django is up."""

from __future__ import annotations

from dataclasses import dataclass

from django.test import Client

from doudi.office.accounts.services.demo import PERSONAS, make_persona
from doudi.office.common.clock import right_now

__all__ = ["Seat", "seated"]

COUNTY_OFFICER = "张敏"


@dataclass(frozen=True)
class Seat:
    """Where a logged-in person sits: his cookies as a browser sends them, the form's token, his division."""

    cookies: str
    token: str
    division: int


def seated() -> Seat:
    """张敏 of 东营区, logged in without a password."""
    persona = next(each for each in PERSONAS if each.shown_name == COUNTY_OFFICER)
    user = make_persona(persona, at=right_now(), password=None)
    client = Client()
    client.force_login(user, backend="doudi.office.accounts.backend.Backend")
    session = client.session
    session["seen"] = int(right_now().timestamp())
    session.save()
    user.session_key = session.session_key
    user.save(update_fields=["session_key"])
    token = "x" * 32
    return Seat(f"doudi_session={session.session_key}; doudi_csrf={token}", token, persona.division)
