"""What others may ask the exchange: the vault, names and ids by key, and how far each source has delivered.

Names and ids come in plain: whoever asks answers for masking them, and for the journal.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from doudi.landing import Vault
from doudi.landing.keys import open_keys
from doudi.landing.seal import Sealer
from doudi.office.exchange.coverage import CoverageCard, coverage, stale_feeds
from doudi.office.exchange.news import DeliveryNews, held_deliveries, late_deliveries, rejected_lines, turned_away
from doudi.office.exchange.reading import HoldCard, UploadCard, coverage_of, holds_of, uploads_of
from doudi.office.exchange.search import search_tokens
from doudi.office.exchange.vault import office_home, read_vault

__all__ = [
    "CoverageCard", "DeliveryNews", "HoldCard", "UploadCard", "coverage", "coverage_of", "held_deliveries", "holds_of",
    "household_nos", "identities", "late_deliveries", "names", "open_vault", "refs", "rejected_lines", "sealer",
    "search_tokens", "stale_feeds", "turned_away", "uploads_of",
]  # fmt: skip


@contextmanager
def open_vault() -> Iterator[Vault]:
    """The office's vault, for reading: `landing.Vault` over tables, whose rows are open to this block alone.

    Refused: nothing was ever received here, the key file is lost, or it is not this vault's.
    """
    with read_vault() as vault:
        yield vault


def sealer() -> Sealer:
    """What seals and opens under this installation's key, for offices with sealed columns of their own; no row is opened."""
    return Sealer(open_keys(office_home()).field)


def names(keys: Iterable[int]) -> dict[int, str]:
    """Name by person_key, of those whom some file named."""
    wanted = set(keys)
    if not wanted:
        return {}
    with open_vault() as vault:
        return vault.names(wanted)


def identities(keys: Iterable[int]) -> dict[int, tuple[str, str | None]]:
    """Citizen id and name by person_key; the name is None when no file ever gave one."""
    wanted = set(keys)
    if not wanted:
        return {}
    with open_vault() as vault:
        return vault.people(wanted)


def refs(keys: Iterable[int]) -> dict[int, str]:
    """person_ref (32 hex digits) by person_key."""
    wanted = set(keys)
    if not wanted:
        return {}
    with open_vault() as vault:
        return vault.refs(wanted)


def household_nos(tokens: Iterable[int]) -> dict[int, str]:
    """户号 by its token in the lake, of those that are known."""
    wanted = set(tokens)
    if not wanted:
        return {}
    with open_vault() as vault:
        return vault.labels("household_no", wanted)
