"""守库人：密库的一格一格存在哪里。它只见密文、盲索引和编号，从不见号码、姓名和密钥。

Where the vault's rows lie. A keeper is given sealed cells, blind indexes and numbers, and no key and no plain word of
anybody: whichever keeps them, they are the same rows. Tables and columns are those of `COLUMNS`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Final, Protocol, TypeAlias

import polars as pl

from doudi.landing.bulk import Packed

__all__ = ["COLUMNS", "Keeper", "NameVersion", "RejectRow"]

# registered, reported: the first month (YYYYMM) in which the population register, or any other feed, used that name.
COLUMNS: Final = {
    "counters": ("name", "value"),
    "checks": ("name", "value"),
    "persons": ("person_key", "ref", "id"),
    "blinds": ("blind", "person_key"),
    "names": ("person_key", "token", "registered", "reported", "name"),
    "labels": ("kind", "token", "label"),
    "rejects": ("batch", "line", "reason_code", "county", "content"),
    "originals": ("batch", "file_name"),
}

NameVersion: TypeAlias = tuple[int, int, int | None, int | None, bytes]  # as the columns of `names`
RejectRow: TypeAlias = tuple[str, int, str, int | None, bytes]  # as the columns of `rejects`


class Keeper(Protocol):
    """The rows of one vault. Whoever writes holds the home's lock, and is one thread."""

    def transaction(self) -> AbstractContextManager[None]:
        """All that is written inside, durably, or nothing."""

    def insert(self, table: str, columns: Mapping[str, Packed], count: int) -> None:
        """Adds `count` new rows of persons, blinds, names or labels; one that is there already is an error."""

    def persons(self) -> int:
        """How many persons have a blind index."""

    def next_key(self) -> int:
        """The number that the next new person gets; inside a transaction, which keeps it for this writer."""

    def move_next_key(self, key: int) -> None:
        """From now on the next new person gets `key`."""

    def key_of(self, blind: bytes) -> int | None:
        """The person of a blind index."""

    def keys_of(self, blinds: Packed, count: int) -> tuple[pl.Series, pl.Series]:
        """Of packed blind indexes those that are known: their row numbers, and their persons."""

    def blinds_between(self, low: bytes, high: bytes) -> tuple[bytes, pl.Series]:
        """All blind indexes from `low` up to before `high`, one after the other, and their persons."""

    def refs(self, keys: Sequence[int]) -> Iterable[tuple[int, bytes]]:
        """Person and ref of those who are known."""

    def ids(self, keys: Sequence[int]) -> Iterable[tuple[int, bytes]]:
        """Person and sealed id of those who are known."""

    def names(self, keys: Sequence[int]) -> Iterable[NameVersion]:
        """All names of these persons, sealed."""

    def names_said(
        self, said: Mapping[str, Packed], count: int, source: str, month: int
    ) -> tuple[pl.Series, pl.Series]:
        """Of packed `person_key` and `token`: row numbers of names not kept yet; of those that `source` is known to have
        used only later than `month`, or never.
        """

    def date_names(self, names: Iterable[tuple[int, int]], source: str, month: int) -> None:
        """Sets the first month in which `source` used these names (person_key, token)."""

    def labels(self, kind: str, tokens: Sequence[int]) -> Iterable[tuple[int, bytes]]:
        """Token and sealed label of those that are known."""

    def labels_said(self, kind: str, tokens: Packed, count: int) -> pl.Series:
        """Of packed tokens the row numbers of those not kept yet."""

    def keep_rejects(self, rows: Iterable[RejectRow]) -> None:
        """Adds rejected lines; one that is there already is replaced."""

    def rejects(self, batch: str | None = None) -> Iterator[RejectRow]:
        """The rejected lines of a batch, or of all, by batch and line."""

    def keep_file_name(self, batch: str, sealed: bytes) -> None:
        """Keeps or replaces the sealed name of a batch's file."""

    def file_name(self, batch: str) -> bytes | None:
        """The sealed name of a batch's file."""

    def forget_other_batches(self, landed: set[str]) -> None:
        """Removes rejects and file names of all batches but these."""
