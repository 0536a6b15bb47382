"""What every vault must do, whoever keeps its rows: `TestFileVault` here, the tables in tests/office/exchange.

A test class provides the fixtures `open_vault(new=True)`, a context manager, and `tamper(statement)`, which changes rows
behind the vault's back.
"""

import polars as pl
import pytest

from doudi.errors import Refusal
from doudi.landing import people
from doudi.landing.ids import numbers_of
from doudi.landing.vault import Vault
from landing.files import valid_id

IDS = [valid_id(number, born=f"19{80 + number % 20}0115") for number in range(300)]


def give(vault, ids):
    with vault.transaction():
        return vault.give_keys(numbers_of(pl.Series(ids, dtype=pl.String)))


def keys(vault, ids):
    return give(vault, ids)["person_key"].to_list()


def keep(vault, said):
    """Each of `said`: (name, feed is the register, month)."""
    give(vault, IDS[:1])
    for name, registered, month in said:
        names = pl.Series([name])
        token = vault.tokens.of_names(numbers_of(pl.Series(IDS[:1])), names)
        with vault.transaction():
            vault.keep_names(
                pl.DataFrame({"person_key": [1], "token": token, "name": names}), registered=registered, month=month
            )
    return vault.people([1])[1][1]


def _alike(blinds):
    return blinds.with_columns(first=pl.lit(7, dtype=pl.UInt64))


class VaultContract:
    """A number for an id, for good; each cell opens in its place alone."""

    @pytest.fixture
    def vault(self, open_vault):
        with open_vault() as opened:
            yield opened

    # ── numbers ─────────────────────────────────────────────────────────────────────────────────────────────────────────

    def test_an_id_gets_the_next_number_once_and_keeps_it(self, vault):
        assert keys(vault, IDS[:3]) == [1, 2, 3]
        assert keys(vault, [IDS[2], IDS[3], IDS[0], IDS[2]]) == [3, 4, 1, 3]

    def test_no_id_has_no_number(self, vault):
        assert give(vault, [None, IDS[0], None]).rows()[0] == (None, None)
        assert keys(vault, []) == []

    def test_the_next_landing_finds_the_same_numbers(self, vault, open_vault):
        before = give(vault, IDS)
        with open_vault() as later:
            assert give(later, IDS).equals(before)

    @pytest.mark.parametrize("share", [10**9, 0], ids=["by the whole index", "one by one"])
    def test_both_ways_of_looking_up_agree(self, vault, open_vault, monkeypatch, share):
        before = give(vault, IDS[::2])
        monkeypatch.setattr(people, "_WHOLE_INDEX_FROM", share)
        with open_vault() as later:
            found = give(later, IDS)
        assert found[::2].equals(before)
        assert found["person_key"].n_unique() == len(IDS)
        assert found["person_key"].max() == len(IDS)

    def test_two_people_alike_in_half_the_blind_index_stay_two(self, vault, open_vault, monkeypatch):
        real = people.People._blinds_of
        monkeypatch.setattr(people.People, "_blinds_of", lambda self, ids: _alike(real(self, ids)))
        assert keys(vault, IDS[:20]) == list(range(1, 21))
        assert keys(vault, IDS[21::-1]) == [21, 22, *range(20, 0, -1)]
        with open_vault() as later:
            assert keys(later, IDS[19::-1]) == list(range(20, 0, -1))

    def test_an_index_read_in_pieces_is_whole(self, vault, open_vault, monkeypatch):
        before = give(vault, IDS)
        monkeypatch.setattr(people, "_FETCHED", 7)
        with open_vault() as later:
            assert give(later, IDS[::-1]).reverse().equals(before)

    def test_a_whole_register_opens_person_by_person(self, vault):
        ids = [valid_id(number % 900, born=f"19{50 + number // 900}0115") for number in range(2_500)]
        names = pl.Series([f"张{'三四五'[: 1 + number % 3]}" for number in range(len(ids))])
        with vault.transaction():
            given = vault.give_keys(numbers_of(pl.Series(ids)))["person_key"]
            tokens = vault.tokens.of_names(numbers_of(pl.Series(ids)), names)
            people = pl.DataFrame({"person_key": given, "token": tokens, "name": names})
            for month in (202602, 202601, 202603):
                vault.keep_names(people, registered=True, month=month)
        assert vault.people(given) == {key: (ids[key - 1], names[key - 1]) for key in range(1, len(ids) + 1)}

    def test_numbers_given_in_a_failed_landing_were_never_given(self, vault):
        with pytest.raises(ZeroDivisionError), vault.transaction():
            vault.tokens.one("kind", str(vault.give_keys(numbers_of(pl.Series(IDS[:5]))).height // 0))
        assert keys(vault, [IDS[9]]) == [1]
        assert vault.key_of(IDS[0]) is None

    def test_a_number_is_not_given_again_after_erasure(self, vault, open_vault, tamper):
        keys(vault, IDS[:3])
        tamper("DELETE FROM persons WHERE person_key = 3")
        with open_vault() as later:
            assert later.key_of(IDS[2]) is None
            assert keys(later, [IDS[7], IDS[2]]) == [4, 5]

    def test_a_key_is_found_by_id_and_only_if_it_landed(self, vault):
        keys(vault, IDS[:3])
        assert vault.key_of(IDS[1]) == 2
        assert vault.key_of(IDS[5]) is None

    # ── refs ────────────────────────────────────────────────────────────────────────────────────────────────────────────

    def test_a_ref_does_not_depend_on_who_came_first(self, doudi_home, vault, tmp_path):
        other = tmp_path / "other"
        (other / "keys").mkdir(parents=True)
        (other / "keys" / "master.json").hardlink_to(doudi_home / "keys" / "master.json")
        here = dict(zip(IDS[:50], keys(vault, IDS[:50]), strict=True))
        with Vault.open(other, new=True) as reversed_vault:
            there = dict(zip(IDS[49::-1], keys(reversed_vault, IDS[49::-1]), strict=True))
            assert here != there
            for person_id in IDS[:50]:
                ref = vault.refs([here[person_id]])[here[person_id]]
                assert reversed_vault.refs([there[person_id]])[there[person_id]] == ref
                assert len(ref) == 32  # hex digits: 128 bits

    def test_the_64_bits_given_with_a_key_begin_the_ref(self, vault):
        ((key, head),) = give(vault, IDS[:1]).rows()
        assert vault.refs([key])[key][:16] == head.to_bytes(8, "little", signed=True).hex()

    def test_an_unknown_key_has_no_ref_and_no_person(self, vault):
        assert vault.refs([99]) == {}
        assert vault.people([99]) == {}

    # ── names and labels ────────────────────────────────────────────────────────────────────────────────────────────────

    def test_a_person_is_shown_by_id_and_name(self, vault):
        assert keep(vault, [("张三", True, 202601)]) == "张三"
        assert vault.people([1]) == {1: (IDS[0], "张三")}

    def test_a_person_whom_no_file_named_has_an_id_only(self, vault):
        give(vault, IDS[:1])
        assert vault.people([1]) == {1: (IDS[0], None)}

    @pytest.mark.parametrize(
        ("said", "shown"),
        [
            ([("张三", True, 202601), ("张三", True, 202602), ("张叁", True, 202603)], "张叁"),
            ([("张三", True, 202601), ("张山", False, 202603)], "张三"),
            ([("张三", False, 202601), ("张山", False, 202603), ("张三", True, 202602)], "张三"),
            ([("张三", False, 202601), ("张山", False, 202603)], "张山"),
        ],
        ids=["the register's latest", "the register before a roll", "the register though late", "else the latest"],
    )
    @pytest.mark.parametrize("step", [1, -1])
    def test_the_name_shown_does_not_depend_on_the_order_of_arrival(self, vault, said, shown, step):
        assert keep(vault, said[::step]) == shown

    def test_a_label_is_shown_for_its_token_and_kind_only(self, vault):
        texts = pl.Series(["A1", None, "A2", "A1"])
        tokens = vault.tokens.each("case_no", texts)
        for _ in range(2):
            vault.keep_labels("case_no", texts, tokens)
        assert vault.label("case_no", vault.token_of("case_no", "A1")) == "A1"
        assert vault.label("household_no", vault.token_of("case_no", "A1")) is None
        assert vault.label("case_no", vault.token_of("case_no", "A3")) is None

    # ── rows ─

    def test_a_row_of_the_vault_moved_to_another_person_does_not_open(self, vault, tamper):
        keys(vault, IDS[:2])
        tamper("UPDATE persons SET id = (SELECT id FROM persons WHERE person_key = 1) WHERE person_key = 2")
        assert vault.people([1])[1][0] == IDS[0]
        with pytest.raises(Refusal) as caught:
            vault.people([2])
        assert caught.value.code == "landing.seal_broken"

    def test_a_reader_reads_while_the_writer_writes(self, vault, open_vault):
        keys(vault, IDS[:2])
        with vault.transaction():
            vault.give_keys(numbers_of(pl.Series(IDS[5:9])))
            with open_vault(new=False) as reader:
                assert reader.key_of(IDS[0]) == 1
                assert reader.key_of(IDS[5]) is None
