"""编号：每个公民身份号码第一次入库时得到一个密集的整数，以后永远是它。

Citizen ids become dense integers, hundreds of thousands a second. Whoever was seen in this landing is remembered by the
number in the id; the rest is found in the vault by the blind index; whoever is found nowhere gets the next number.
"""

import sqlite3
from collections.abc import Iterable

import polars as pl
from cryptography.hazmat.primitives.hmac import HMAC

from doudi.landing.keys import MasterKeys
from doudi.landing.seal import Sealer
from doudi.landing.sorted_columns import SortedColumns

__all__ = ["People", "first_64_bits"]

_CHUNK = 10_000  # ids per question to SQLite, below its limit of 32,766 parameters
_BLIND = 16  # bytes of HMAC-SM3 kept as blind index
_WHOLE_INDEX_FROM = 1 / 8  # asked for this share of all persons, read the whole index instead of asking for each

_Row = tuple[bytes, int, bytes]  # blind, person_key, person_ref


class People:
    """The persons of one vault. Single-threaded, inside the writer's lock."""

    def __init__(self, connection: sqlite3.Connection, keys: MasterKeys, sealer: Sealer) -> None:
        self._db = connection
        self._blind = keys.blind.mac("person.blind")
        self._ref = keys.ref.mac("person.ref")
        self._sealer = sealer
        self.forget_seen()

    def forget_seen(self) -> None:
        """After a rollback: numbers given in it were never given."""
        self._seen = SortedColumns("number", "person_key", "ref")
        self._index: SortedColumns | None = None

    def give(self, ids: pl.Series) -> pl.DataFrame:
        """`person_key` and `ref` (the first 64 bits of person_ref) of each id, null where there is none.

        An id is 18 normalised characters with a right check digit, so that its first 17 digits tell it from all others.
        """
        asked = pl.DataFrame({"number": ids.str.head(17).cast(pl.Int64), "id": ids})
        distinct = asked.drop_nulls().unique("number", maintain_order=True)
        unseen = distinct.filter(self._seen.look_up(distinct["number"])["person_key"].is_null())
        if unseen.height:
            self._seen.add(pl.concat([unseen, self._find_or_register(unseen["id"].to_list())], how="horizontal"))
        return self._seen.look_up(asked["number"])

    def find(self, person_id: str) -> int | None:
        """The key of an id, if it was ever given one."""
        return next((key for _, key, _ in self._stored([_mac(self._blind, person_id)[:_BLIND]])), None)

    def _find_or_register(self, ids: list[str]) -> pl.DataFrame:
        """`person_key` and `ref` of each of some distinct ids."""
        blinds = [_mac(self._blind, person_id)[:_BLIND] for person_id in ids]
        known = self._known(blinds).with_row_index("row")
        new = known.filter(pl.col("person_key").is_null())["row"]
        if new.len():
            given = _frame(self._register([(blinds[row], ids[row]) for row in new]))
            known = known.update(given.select(new, "person_key", "ref"), on="row")
        return known.select("person_key", "ref")

    def _known(self, blinds: list[bytes]) -> pl.DataFrame:
        """`person_key` and `ref` of each blind index, null where the vault does not know it."""
        asked = _halves(blinds)
        if self._index is None:
            (persons,) = self._db.execute("SELECT count(*) FROM persons").fetchone()
            if len(blinds) < persons * _WHOLE_INDEX_FROM:
                return self._asked_of_the_vault(asked, blinds)
            self._index = SortedColumns("blind", "rest", "person_key", "ref")
            self._index.add(_frame(self._db.execute("SELECT blind, person_key, ref FROM persons")))
        found = self._index.look_up(asked["blind"])
        if (found["rest"] != asked["rest"]).any():  # two persons alike in 64 of the 128 bits: look at all of them
            return self._asked_of_the_vault(asked, blinds)
        return found.select("person_key", "ref")

    def _asked_of_the_vault(self, asked: pl.DataFrame, blinds: list[bytes]) -> pl.DataFrame:
        stored = _frame(self._stored(blinds))
        return asked.join(stored, on=["blind", "rest"], how="left", maintain_order="left").select("person_key", "ref")

    def _stored(self, blinds: list[bytes]) -> Iterable[_Row]:
        for start in range(0, len(blinds), _CHUNK):
            chunk = blinds[start : start + _CHUNK]
            marks = ",".join("?" * len(chunk))
            yield from self._db.execute(
                f"SELECT blind, person_key, ref FROM persons WHERE blind IN ({marks})",  # noqa: S608 question marks only
                chunk,
            )

    def _register(self, new: list[tuple[bytes, str]]) -> list[_Row]:
        """Gives the next numbers, in the order asked. A number once given is never given again, even after erasure."""
        (first,) = self._db.execute("SELECT value FROM counters WHERE name = 'next_person_key'").fetchone()
        given = [(blind, key, _mac(self._ref, person_id)) for key, (blind, person_id) in enumerate(new, first)]
        sealed = (self._sealer.seal(f"persons.id|{key}", person_id) for key, (_, person_id) in enumerate(new, first))
        self._db.executemany(
            "INSERT INTO persons (blind, person_key, ref, id) VALUES (?, ?, ?, ?)",
            ((*row, person_id) for row, person_id in zip(given, sealed, strict=True)),
        )
        self._db.execute("UPDATE counters SET value = ? WHERE name = 'next_person_key'", (first + len(new),))
        return given


def first_64_bits(digests: list[bytes]) -> pl.Series:
    """What a column holds of a longer digest: its first eight bytes as INT64."""
    heads = pl.Series([digest[:8] for digest in digests], dtype=pl.Binary)
    return heads.bin.reinterpret(dtype=pl.Int64, endianness="big")


def _mac(keyed: HMAC, text: str) -> bytes:
    mac = keyed.copy()
    mac.update(text.encode())
    return mac.finalize()


def _halves(blinds: list[bytes]) -> pl.DataFrame:
    return pl.DataFrame({"blind": first_64_bits(blinds), "rest": first_64_bits([blind[8:] for blind in blinds])})


def _frame(rows: Iterable[_Row]) -> pl.DataFrame:
    blinds, keys, refs = [list(column) for column in zip(*rows, strict=True)] or [[], [], []]
    return _halves(blinds).with_columns(
        person_key=pl.Series(keys, dtype=pl.Int64), ref=first_64_bits(refs)
    )
