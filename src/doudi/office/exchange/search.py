"""Keyed digests by which a person is searched: under a key of their own, derived from the installation's master key."""

from collections.abc import Sequence

from cryptography.hazmat.primitives import hashes, hmac

from doudi.landing.keys import open_keys
from doudi.office.exchange.vault import office_home

__all__ = ["search_tokens"]


def search_tokens(kind: str, texts: Sequence[str]) -> list[int]:
    """HMAC-SM3 of each text, cut to 64 bits and signed. `kind` keeps a name and a number of the same spelling apart.

    Refused: nothing was ever received, the key is lost.
    """
    keyed = hmac.HMAC(open_keys(office_home()).token.derived(f"search.{kind}"), hashes.SM3())
    return [_digest(keyed, text) for text in texts]


def _digest(keyed: hmac.HMAC, text: str) -> int:
    one = keyed.copy()
    one.update(text.encode())
    return int.from_bytes(one.finalize()[:8], "big", signed=True)
