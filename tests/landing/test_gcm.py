"""整列封存的单元格：OpenSSL 逐格拆得开；搬动、改动过的拆不开。"""

import sqlite3

import polars as pl
import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import given
from hypothesis import strategies as st

from doudi.errors import Refusal
from doudi.landing.bulk import insert, packed_integers, packed_rows, packed_same, split_integers
from doudi.landing.keys import Key
from doudi.landing.seal import Sealer

KEY = Key(258, bytes(range(16)))
SEALER = Sealer(KEY)


@pytest.fixture(autouse=True, params=[0, 10**9], ids=["in step", "one by one"], scope="module")
def _both_ways(request):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("doudi.landing.seal._FEW", request.param)
        yield


def sealed(places, texts):
    """The cells of a column, in its order."""
    cells = {}
    for alike in SEALER.seal_column(pl.Series(places, dtype=pl.String), pl.Series(texts, dtype=pl.String)):
        packed = alike.cells
        for number, row in enumerate(alike.rows):
            cells[row] = bytes(packed.content[packed.stride * number :][: packed.size])
    return [cells[row] for row in range(len(texts))]


def by_openssl(place, nonce, text):
    """Tag and ciphertext."""
    encryptor = Cipher(algorithms.SM4(KEY.secret), modes.GCM(nonce)).encryptor()
    encryptor.authenticate_additional_data(place.encode())
    body = encryptor.update(text.encode()) + encryptor.finalize()
    return encryptor.tag + body


LENGTHS = (0, 1, 7, 8, 9, 15, 16, 17, 31, 32, 33, 48)


@pytest.mark.parametrize("place_size", LENGTHS)
def test_a_cell_of_any_length_is_the_one_that_openssl_makes(place_size):
    texts = [letter * size for size in LENGTHS for letter in "ab"]
    places = [chr(65 + number % 26) * place_size for number in range(len(texts))]
    for place, text, cell in zip(places, texts, sealed(places, texts), strict=True):
        assert cell[:4] == KEY.number.to_bytes(4, "little")
        assert cell[16:] == by_openssl(place, cell[4:16], text)


@pytest.mark.slow
@given(st.lists(st.tuples(st.text(max_size=40), st.text(max_size=40)), max_size=12))
def test_what_is_sealed_by_the_column_opens_one_by_one(cells):
    places, texts = [place for place, _ in cells], [text for _, text in cells]
    assert [SEALER.unseal(*cell) for cell in zip(places, sealed(places, texts), strict=True)] == texts


def test_no_two_cells_of_a_column_look_alike():
    cells = sealed(["persons.id|7"] * 500, ["张三"] * 500)
    assert len({cell[4:16] for cell in cells}) == len({cell[32:] for cell in cells}) == 500


@pytest.mark.slow
@given(st.data())
def test_a_cell_of_a_column_moved_or_changed_does_not_open(data):
    places = [f"persons.id|{number}" for number in range(8, 12)]
    cells = sealed(places, ["张三", "李四", "王五", "赵六"])
    row, other = data.draw(st.permutations(range(4)))[:2]
    with pytest.raises(Refusal):
        SEALER.unseal(places[other], cells[row])
    changed = bytearray(cells[row])
    changed[data.draw(st.integers(0, len(changed) - 1))] ^= data.draw(st.integers(1, 255))
    with pytest.raises(Refusal):
        SEALER.unseal(places[row], bytes(changed))


# ── columns in and out of SQLite ────────────────────────────────────────────────────────────────────────────────────

INTEGERS = st.lists(st.integers(-(2**63), 2**63 - 1))


@given(INTEGERS)
def test_integers_go_in_and_out_of_sqlite_as_they_are(numbers):
    rows, parameters = packed_rows({"value": packed_integers(pl.Series(numbers, dtype=pl.Int64))}, len(numbers))
    with sqlite3.connect(":memory:") as db:
        told = db.execute(f"{rows} SELECT group_concat(n), group_concat(value) FROM packed", parameters).fetchone()
    assert [split_integers(each).to_list() for each in told] == [list(range(len(numbers))), numbers]


def test_a_column_of_cells_is_unpacked_by_sqlite_into_rows():
    texts, places = ["张三", "李四", "欧阳望舒"], ["a.b|1", "a.b|2", "a.b|3"]
    with sqlite3.connect(":memory:") as db:
        db.execute("CREATE TABLE t (number INTEGER, kind TEXT, month INTEGER, cell BLOB)")
        for alike in SEALER.seal_column(pl.Series(places), pl.Series(texts)):
            columns = {"number": packed_integers(alike.rows), "kind": packed_same("户号"), "month": packed_same(202606)}
            insert(db, "t", columns | {"cell": alike.cells}, alike.rows.len())
        rows = db.execute("SELECT kind, month, typeof(cell), cell FROM t ORDER BY number").fetchall()
    assert [row[:3] for row in rows] == [("户号", 202606, "blob")] * 3
    assert [SEALER.unseal(place, row[3]) for place, row in zip(places, rows, strict=True)] == texts


def test_no_row_is_inserted_where_there_is_none():
    with sqlite3.connect(":memory:") as db:
        db.execute("CREATE TABLE t (number INTEGER)")
        insert(db, "t", {"number": packed_integers(pl.Series([], dtype=pl.Int64))}, 0)
        assert db.execute("SELECT count(*) FROM t").fetchone() == (0,)
