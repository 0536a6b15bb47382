"""编号：每个公民身份号码第一次入库时得到一个密集的整数，以后永远是它。

Citizen ids become dense integers, millions a second. An id's blind index is found among those met in this landing, else
in the vault; whoever is found nowhere gets the next number.
"""

from itertools import pairwise

import polars as pl
import pyarrow as pa

from doudi.landing.blocks import BLOCK, interleaved, of_bytes
from doudi.landing.bulk import Packed, packed_integers
from doudi.landing.ids import ids_of, numbers_of
from doudi.landing.keeper import Keeper
from doudi.landing.keys import MasterKeys
from doudi.landing.person_index import PersonIndex
from doudi.landing.seal import Sealer

__all__ = ["People"]

_FETCHED = 262_144  # persons read from the vault at a time, more or less
_WHOLE_INDEX_FROM = 8  # once an eighth of all persons was asked for, one reading of the index beats asking for each


class People:
    """The persons of one vault. Single-threaded, inside the writer's lock."""

    def __init__(self, keeper: Keeper, keys: MasterKeys, sealer: Sealer) -> None:
        self._keeper = keeper
        self._blind = keys.blind.cmac("person.blind")
        self._ref = keys.ref.cmac("person.ref")
        self._sealer = sealer
        self.forget_seen()

    def forget_seen(self) -> None:
        """After a rollback: numbers given in it were never given."""
        self._index = PersonIndex()
        self._whole = False  # does the index hold everybody?
        self._asked = 0

    def give(self, ids: pl.Series) -> pl.DataFrame:
        """`person_key` and `ref` (the first 64 bits of person_ref) of each id, given as a number; null where there is none."""
        rows = ids.is_not_null().arg_true()
        said = ids if rows.len() == ids.len() else ids.gather(rows)
        blinds = self._blinds_of(said)
        found = self._index.look_up(blinds)
        missing = found["person_key"].is_null()
        if missing.any():
            asked = blinds.with_columns(id=said).filter(missing).unique(["first", "rest"], maintain_order=True)
            met = self._find_or_register(asked)
            self._index.add(met)
            joined = blinds.join(met, on=["first", "rest"], how="left", maintain_order="left")
            found = found.select(pl.col(name).fill_null(joined[name]) for name in found.columns)
        if rows.len() == ids.len():
            return found
        nobody = pl.Series([None], dtype=pl.Int64).new_from_index(0, ids.len())
        return found.select(nobody.clone().scatter(rows, column).alias(column.name) for column in found)

    def find(self, person_id: str) -> int | None:
        """The key of an id, if it was ever given one."""
        blind = bytes(_bytes_of(self._blinds_of(numbers_of(pl.Series([person_id])))))
        return self._keeper.key_of(blind)

    def _find_or_register(self, asked: pl.DataFrame) -> pl.DataFrame:
        """The index's rows of some distinct people, of whom are given `first`, `rest` and `id`."""
        known = self._known(asked.select("first", "rest"))
        new = known["person_key"].is_null()
        if not new.any():
            return known
        return pl.concat([known.filter(~new), self._register(asked.filter(new))])

    def _known(self, asked: pl.DataFrame) -> pl.DataFrame:
        """The index's row of each, `person_key` and `ref` null of those whom the vault does not know."""
        if not self._whole:
            self._asked += asked.height
            if self._asked * _WHOLE_INDEX_FROM < self._keeper.persons():
                return self._asked_of_the_vault(asked)
            self._read_everyone()
        known = pl.concat([asked, self._index.look_up(asked)], how="horizontal")
        # Two people alike in one half of the blind index: hardly ever, but then the vault must say who is who.
        doubted = known["person_key"].is_null() & self._index.begins(asked)
        if not doubted.any():
            return known
        return pl.concat([known.filter(~doubted), self._asked_of_the_vault(asked.filter(doubted))])

    def _asked_of_the_vault(self, asked: pl.DataFrame) -> pl.DataFrame:
        at, keys = self._keeper.keys_of(Packed(_bytes_of(asked), BLOCK, BLOCK), asked.height)
        nobody = pl.Series("person_key", [None], dtype=pl.Int64).new_from_index(0, asked.height)
        known = asked.with_columns(nobody.scatter(at, keys))
        refs = self._refs_of(asked)
        return known.with_columns(ref=pl.when(pl.col("person_key").is_not_null()).then(refs))

    def _read_everyone(self) -> None:
        """Reads the whole index, in pieces."""
        pieces = min(256, self._keeper.persons() // _FETCHED + 1)
        # Blind indexes are spread evenly, so that equal ranges of their first byte hold alike.
        edges = [bytes([256 * piece // pieces]) for piece in range(pieces)] + [b"\xff" * (BLOCK + 1)]
        everyone = [self._read_between(low, high) for low, high in pairwise(edges)]
        self._index = PersonIndex()
        self._index.add(_in_order(everyone))
        self._whole = True

    def _read_between(self, low: bytes, high: bytes) -> pl.DataFrame:
        blinds, keys = self._keeper.blinds_between(low, high)
        first, rest = of_bytes(blinds)
        read = pl.DataFrame({"first": first, "rest": rest, "person_key": keys})
        return read.with_columns(ref=self._refs_of(read))

    def _register(self, people: pl.DataFrame) -> pl.DataFrame:
        """Gives the next numbers, in the order asked. A number once given is never given again, even after erasure."""
        first = self._keeper.next_key()
        keys = pl.int_range(first, first + people.height, dtype=pl.Int64, eager=True).alias("person_key")
        refs = self._ref.of_words(people["first"], people["rest"])
        places = pl.select(pl.concat_str(pl.lit("persons.id|"), pl.lit(keys))).to_series()
        for sealed in self._sealer.seal_column(places, ids_of(people["id"])):
            of_these = [words.gather(sealed.rows) for words in refs]
            columns = {
                "person_key": packed_integers(keys.gather(sealed.rows)),
                "ref": Packed(interleaved(*of_these), BLOCK, BLOCK),
                "id": sealed.cells,
            }
            self._keeper.insert("persons", columns, sealed.rows.len())
        self._index_blinds(people.select("first", "rest").with_columns(keys))
        self._keeper.move_next_key(first + people.height)
        return people.select("first", "rest", keys, refs[0].reinterpret(signed=True).alias("ref"))

    def _index_blinds(self, people: pl.DataFrame) -> None:
        """Enters them in the order of their blind index: each page of the tree is then visited once."""
        stored = pa.FixedSizeBinaryArray.from_buffers(
            pa.binary(BLOCK), people.height, [None, pa.py_buffer(_bytes_of(people))]
        )
        blinds = pl.Series(stored, dtype=pl.Binary)
        ordered = people[blinds.bin.slice(0, 8).bin.reinterpret(dtype=pl.UInt64, endianness="big").arg_sort()]
        columns = {
            "blind": Packed(_bytes_of(ordered), BLOCK, BLOCK),
            "person_key": packed_integers(ordered["person_key"]),
        }
        self._keeper.insert("blinds", columns, ordered.height)

    def _blinds_of(self, ids: pl.Series) -> pl.DataFrame:
        """The blind indexes in two words. An id with a right check digit is told from all others by its first 17 digits."""
        first, rest = self._blind.of_words(ids)
        return pl.DataFrame({"first": first, "rest": rest})

    def _refs_of(self, blinds: pl.DataFrame) -> pl.Series:
        """The first 64 bits of each person_ref, which is a keyed digest of the blind index."""
        return self._ref.of_words(blinds["first"], blinds["rest"])[0].reinterpret(signed=True)


def _in_order(pieces: list[pl.DataFrame]) -> pl.DataFrame:
    """One frame of all, sorted by `first`; column by column, so that never all of them stand in memory twice."""
    order = pl.concat([piece["first"] for piece in pieces]).arg_sort()
    columns = pieces[0].columns
    whole = {name: pl.concat([piece.drop_in_place(name) for piece in pieces]).gather(order) for name in columns}
    return pl.DataFrame(whole).with_columns(pl.col("first").set_sorted())


def _bytes_of(blinds: pl.DataFrame) -> memoryview:
    return interleaved(blinds["first"], blinds["rest"])
