"""What the registry asks of the vault, in one place. Whoever calls here holds plain identities and answers for masking."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from doudi.office.exchange import selectors as exchange

__all__ = ["Plain", "household_no_token", "plain", "refs", "search_tokens"]


@dataclass(frozen=True, slots=True)
class Plain:
    """Identities in full: name and citizen id by person_key, 户号 by its token. Absent where the vault has none."""

    names: Mapping[int, str] = field(default_factory=dict, repr=False)
    ids: Mapping[int, str] = field(default_factory=dict, repr=False)
    household_nos: Mapping[int, str] = field(default_factory=dict, repr=False)


def plain(*, people: Collection[int] = (), names: Collection[int] = (), household_nos: Collection[int] = ()) -> Plain:
    """Names and ids of `people`, names alone of `names`, 户号 of the tokens; one opening of the vault for all of it."""
    if not (people or names or household_nos):
        return Plain()
    with exchange.open_vault() as vault:
        both = vault.people(people) if people else {}
        named = vault.names(set(names) - both.keys()) if set(names) - both.keys() else {}
        numbers = vault.labels("household_no", household_nos) if household_nos else {}
    theirs = {key: name for key, (_, name) in both.items() if name is not None}
    return Plain(theirs | named, {key: person_id for key, (person_id, _) in both.items()}, numbers)


def refs(keys: Iterable[int]) -> Mapping[int, str]:
    """person_ref in hex by person_key."""
    return exchange.refs(keys)


def household_no_token(text: str) -> int:
    """The token under which the lake holds that 户号."""
    with exchange.open_vault() as vault:
        return vault.token_of("household_no", text)


def search_tokens(kind: str, texts: Sequence[str]) -> list[int]:
    """The keyed digest (64 bits, HMAC-SM3) of each text: by it a person is found, from it nobody is read."""
    return exchange.search_tokens(kind, texts)
