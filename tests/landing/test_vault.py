"""密库：一个号码一个编号，终身不变；每一格只在自己的位置打得开。"""

import sqlite3

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from doudi.errors import Refusal
from doudi.landing.installation import claim_for_office
from doudi.landing.keys import Key
from doudi.landing.land import land
from doudi.landing.person_index import PersonIndex
from doudi.landing.seal import Sealer
from doudi.landing.vault import Vault
from landing.homes import RECEIVED
from landing.vault_contract import VaultContract


class TestFileVault(VaultContract):
    """The command line's vault, in one file."""

    @pytest.fixture
    def open_vault(self, doudi_home):
        def opened(*, new=True):
            return Vault.open(doudi_home, new=new)

        return opened

    @pytest.fixture
    def tamper(self, doudi_home):
        def change(statement):
            with sqlite3.connect(doudi_home / "vault" / "vault.db") as db:
                db.execute(statement)

        return change


def test_a_home_of_the_office_turns_the_command_line_away(doudi_home):
    with Vault.open(doudi_home, new=True):
        pass
    (doudi_home / "vault" / "vault.db").unlink()
    claim_for_office(doudi_home)
    for opening in (
        lambda: Vault.open(doudi_home).__enter__(),
        lambda: land([], home=doudi_home, received_at=RECEIVED),
    ):
        with pytest.raises(Refusal) as caught:
            opening()
        assert caught.value.code == "landing.office_home"


def test_a_home_of_the_command_line_turns_the_office_away(doudi_home):
    with Vault.open(doudi_home, new=True):
        pass
    with pytest.raises(Refusal) as caught:
        claim_for_office(doudi_home)
    assert caught.value.code == "landing.command_line_home"


# ── the index of persons ────────────────────────────────────────────────────────────────────────────────────────────

BLINDS = {"first": pl.UInt64, "rest": pl.UInt64, "person_key": pl.Int64, "ref": pl.Int64}


@pytest.mark.slow
@given(st.lists(st.lists(st.sampled_from(range(100)), unique=True), max_size=6), st.lists(st.integers(0, 110)))
def test_the_index_of_persons_is_a_dictionary(parts, asked):
    index, plain = PersonIndex(), {}
    for part in parts:
        new = [number for number in part if number not in plain]
        plain |= {number: 2 * number for number in new}
        index.add(pl.DataFrame([(n, n + 1, 2 * n, 3 * n) for n in new], schema=BLINDS, orient="row"))
    wanted = pl.DataFrame([(n, n + 1) for n in asked], schema={"first": pl.UInt64, "rest": pl.UInt64}, orient="row")
    found = index.look_up(wanted)
    assert found["person_key"].to_list() == [plain.get(n) for n in asked]
    assert found["ref"].to_list() == [3 * n if n in plain else None for n in asked]
    other = wanted.with_columns(pl.col("rest") + 1)
    assert index.look_up(other)["person_key"].null_count() == len(asked)
    assert index.begins(other).to_list() == [n in plain for n in asked]


# ── sealing ─────────────────────────────────────────────────────────────────────────────────────────────────────────

SEALER = Sealer(Key(1, bytes(range(16))))


@given(st.text())
def test_what_is_sealed_opens_in_its_place(text):
    assert SEALER.unseal("persons.id|7", SEALER.seal("persons.id|7", text)) == text


def test_the_same_text_never_looks_the_same_twice():
    assert SEALER.seal("persons.id|7", "张三") != SEALER.seal("persons.id|7", "张三")


@pytest.mark.parametrize("place", ["persons.id|8", "names.name|7", "persons.id|", ""])
def test_a_cell_moved_elsewhere_does_not_open(place):
    with pytest.raises(Refusal) as caught:
        SEALER.unseal(place, SEALER.seal("persons.id|7", "张三"))
    assert caught.value.code == "landing.seal_broken"


@given(st.data())
def test_a_changed_cell_does_not_open(data):
    sealed = bytearray(SEALER.seal("persons.id|7", "张三"))
    sealed[data.draw(st.integers(0, len(sealed) - 1))] ^= data.draw(st.integers(1, 255))
    with pytest.raises(Refusal):
        SEALER.unseal("persons.id|7", bytes(sealed))


@given(st.integers(0, 40))
def test_a_cut_cell_does_not_open(length):
    with pytest.raises(Refusal):
        SEALER.unseal("persons.id|7", SEALER.seal("persons.id|7", "张三的姓名")[:length])


def test_another_key_does_not_open_it():
    with pytest.raises(Refusal):
        Sealer(Key(1, bytes(16))).unseal("persons.id|7", SEALER.seal("persons.id|7", "张三"))


def test_a_sealed_file_opens_whole_and_a_changed_one_does_not(tmp_path):
    path, content = tmp_path / "x.sm4", bytes(range(256)) * 9000
    with path.open("wb") as out:
        SEALER.seal_file("originals.file|b", [content[:1000], content[1000:]], out)
    assert content[:64] not in path.read_bytes()
    assert b"".join(SEALER.unseal_file("originals.file|b", path)) == content
    with pytest.raises(Refusal):
        b"".join(SEALER.unseal_file("originals.file|c", path))
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(Refusal):
        b"".join(SEALER.unseal_file("originals.file|b", path))
