"""What of an alert and of a household lies sealed, and how it is opened again."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, Protocol

__all__ = ["Seals", "opened_alerts", "opened_card", "seal_alert", "seal_card"]

# What may not stand in a plain column: figures, diagnoses, lines of deliveries.
_TOLD = ("reasons", "clause", "clears_when", "distance")


class Seals(Protocol):
    """The vault's sealer: text in, bytes that open at their place alone."""

    def seal(self, place: str, text: str) -> bytes:
        """Seals `text` for `place`."""

    def unseal(self, place: str, sealed: bytes) -> str:
        """Opens what was sealed at `place`."""


def seal_alert(seals: Seals, entry: Mapping[str, Any]) -> bytes:
    """The told part of one entry of alerts.jsonl, bound to its alert."""
    told = {name: entry.get(name) for name in _TOLD}
    return seals.seal(_alert(entry["alert_id"]), json.dumps(told, ensure_ascii=False, sort_keys=True))


def opened_alerts(seals: Seals, sealed: Iterable[tuple[str, bytes]]) -> dict[str, dict[str, Any]]:
    """alert_id → reasons, clause, clears_when, distance."""
    return {alert_id: json.loads(seals.unseal(_alert(alert_id), bytes(content))) for alert_id, content in sealed}


def seal_card(seals: Seals, household_key: int, card: Mapping[str, Any]) -> bytes:
    """A household's card, bound to the household."""
    return seals.seal(_card(household_key), json.dumps(card, ensure_ascii=False, sort_keys=True))


def opened_card(seals: Seals, household_key: int, sealed: bytes) -> dict[str, Any]:
    """The card that was sealed for this household."""
    told: dict[str, Any] = json.loads(seals.unseal(_card(household_key), bytes(sealed)))
    return told


def _alert(alert_id: str) -> str:
    return f"monitoring_alert.sealed|{alert_id}"


def _card(household_key: int) -> str:
    return f"monitoring_household_facts.sealed|{household_key}"
