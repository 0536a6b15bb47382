"""编号：每个公民身份号码第一次入库时得到一个密集的整数，以后永远是它。

Citizen ids become dense integers, hundreds of thousands a second. Whoever was seen in this landing is remembered by the
number in the id; the rest is found in the vault by the blind index; whoever is found nowhere gets the next number.
"""

import sqlite3
from collections.abc import Iterable

import polars as pl

from doudi.landing.keys import MasterKeys, digests
from doudi.landing.seal import Sealer
from doudi.landing.sorted_columns import SortedColumns
from doudi.landing.tokens import first_64_bits

__all__ = ["People"]

_CHUNK = 10_000  # ids per question to SQLite, below its limit of 32,766 parameters
_FETCHED = 262_144  # persons read from the vault at a time: as Python objects they take ten times their size
_BLIND = 16  # bytes of HMAC-SM3 kept as blind index
_WHOLE_INDEX_FROM = 8  # once an eighth of all persons was asked for, one reading of the index beats asking for each

_Row = tuple[bytes, int, bytes]  # blind, person_key, person_ref
_PERSONS = "SELECT blind, person_key, ref FROM persons"


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
        self._asked = 0

    def give(self, ids: pl.Series) -> pl.DataFrame:
        """`person_key` and `ref` (the first 64 bits of person_ref) of each id, null where there is none.

        An id is 18 normalised characters with a right check digit, so that its first 17 digits tell it from all others.
        """
        asked = pl.DataFrame({"number": ids.str.head(17).cast(pl.Int64), "id": ids})
        distinct = asked.drop_nulls().unique("number", maintain_order=True)
        unseen = distinct.filter(self._seen.look_up(distinct["number"])["person_key"].is_null())
        if unseen.height:
            self._seen.add(pl.concat([unseen, self._find_or_register(unseen["id"])], how="horizontal"))
        return self._seen.look_up(asked["number"])

    def find(self, person_id: str) -> int | None:
        """The key of an id, if it was ever given one."""
        stored = list(self._stored(self._blinds_of(pl.Series([person_id])).to_list()))
        return stored[0][1] if stored else None

    def _find_or_register(self, ids: pl.Series) -> pl.DataFrame:
        """`person_key` and `ref` of each of some distinct ids."""
        blinds = self._blinds_of(ids)
        known = self._known(blinds).with_row_index("row")
        new = known.filter(pl.col("person_key").is_null())["row"]
        if new.len():
            given = self._register(blinds[new], ids[new])
            known = known.update(given.with_columns(new), on="row")
        return known.select("person_key", "ref")

    def _known(self, blinds: pl.Series) -> pl.DataFrame:
        """`person_key` and `ref` of each blind index, null where the vault does not know it."""
        if self._index is None:
            (persons,) = self._db.execute("SELECT count(*) FROM persons").fetchone()
            self._asked += blinds.len()
            if self._asked * _WHOLE_INDEX_FROM < persons:
                return self._asked_of_the_vault(blinds)
            self._index = SortedColumns("blind", "rest", "person_key", "ref")
            everyone = self._db.execute(_PERSONS)
            while rows := everyone.fetchmany(_FETCHED):
                self._index.add(_frame(rows))
        asked = _halves(blinds)
        found = self._index.look_up(asked["blind"])
        if (found["rest"] != asked["rest"]).any():  # two persons alike in 64 of the 128 bits: look at all of them
            return self._asked_of_the_vault(blinds)
        return found.select("person_key", "ref")

    def _asked_of_the_vault(self, blinds: pl.Series) -> pl.DataFrame:
        stored = _frame(self._stored(blinds.to_list()))
        found = _halves(blinds).join(stored, on=["blind", "rest"], how="left", maintain_order="left")
        return found.select("person_key", "ref")

    def _stored(self, blinds: list[bytes]) -> Iterable[_Row]:
        for start in range(0, len(blinds), _CHUNK):
            chunk = blinds[start : start + _CHUNK]
            yield from self._db.execute(f"{_PERSONS} WHERE blind IN ({','.join('?' * len(chunk))})", chunk)

    def _register(self, blinds: pl.Series, ids: pl.Series) -> pl.DataFrame:
        """Gives the next numbers, in the order asked. A number once given is never given again, even after erasure."""
        (first,) = self._db.execute("SELECT value FROM counters WHERE name = 'next_person_key'").fetchone()
        refs = digests(self._ref, ids)
        keys = range(first, first + ids.len())
        sealed = (self._sealer.seal(f"persons.id|{key}", person_id) for key, person_id in zip(keys, ids, strict=True))
        self._db.executemany(
            "INSERT INTO persons (person_key, blind, ref, id) VALUES (?, ?, ?, ?)",
            zip(keys, blinds.to_list(), refs.to_list(), sealed, strict=True),
        )
        self._db.execute("UPDATE counters SET value = ? WHERE name = 'next_person_key'", (keys.stop,))
        return pl.DataFrame({"person_key": pl.Series(keys, dtype=pl.Int64), "ref": first_64_bits(refs)})

    def _blinds_of(self, ids: pl.Series) -> pl.Series:
        return digests(self._blind, ids).bin.slice(0, _BLIND)


def _halves(blinds: pl.Series) -> pl.DataFrame:
    return pl.DataFrame({"blind": first_64_bits(blinds), "rest": first_64_bits(blinds.bin.slice(8, 8))})


def _frame(rows: Iterable[_Row]) -> pl.DataFrame:
    fetched = list(rows)
    keys = pl.Series([key for _, key, _ in fetched], dtype=pl.Int64)
    refs = pl.Series([ref for _, _, ref in fetched], dtype=pl.Binary)
    blinds = pl.Series([blind for blind, _, _ in fetched], dtype=pl.Binary)
    return _halves(blinds).with_columns(person_key=keys, ref=first_64_bits(refs))
