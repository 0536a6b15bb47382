"""密库在数据库里：与文件里的密库处处一样；没有打开，谁也看不见一行。"""

import polars as pl
import psycopg
import pytest
from django.db import connection, transaction

from doudi.errors import Refusal
from doudi.landing.ids import numbers_of
from doudi.landing.vault import Vault
from doudi.office.exchange import selectors, vault_tables
from doudi.office.exchange.vault import begin_vault, read_vault, write_vault
from landing.vault_contract import IDS, VaultContract, give


class TestOfficeVault(VaultContract):
    """The office's vault, in tables."""

    @pytest.fixture
    def tamper(self, owner_db):
        def change(statement):
            said = statement.replace("persons", "exchange_vault_persons")
            with owner_db.transaction():
                owner_db.execute("SELECT set_config('app.vault', 'open', true)")
                owner_db.execute(said)

        return change


def rows_seen(connection_, table="exchange_vault_persons"):
    return connection_.execute(f"SELECT count(*) FROM {table}").fetchone()[0]


@pytest.fixture
def three_people(open_vault):
    with open_vault() as vault:
        give(vault, IDS[:3])
        names = pl.Series(["张三", "李四", "王五"])
        tokens = vault.tokens.of_names(numbers_of(pl.Series(IDS[:3])), names)
        with vault.transaction():
            vault.keep_names(
                pl.DataFrame({"person_key": [1, 2, 3], "token": tokens, "name": names}), registered=True, month=202601
            )


@pytest.mark.usefixtures("three_people")
def test_no_row_is_seen_while_the_vault_is_closed(owner_db):
    assert [rows_seen(owner_db, table) for table in vault_tables.TABLES] == [0] * len(vault_tables.TABLES)
    with connection.cursor() as cursor:
        for table in vault_tables.TABLES:
            cursor.execute(f"SELECT count(*) FROM {table}")
            assert cursor.fetchone() == (0,)


@pytest.mark.usefixtures("three_people")
def test_the_vault_is_closed_again_in_the_same_transaction_and_after_it(own_office_db):
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        with selectors.open_vault() as vault:
            assert vault.names([1]) == {1: "张三"}
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM exchange_vault_persons")
            assert cursor.fetchone() == (0,)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM exchange_vault_persons")
        assert cursor.fetchone() == (0,)


@pytest.mark.usefixtures("three_people")
def test_an_error_inside_the_open_vault_closes_it(own_office_db):
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        with pytest.raises(KeyError), selectors.open_vault():
            {}.pop("nothing")
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM exchange_vault_persons")
            assert cursor.fetchone() == (0,)


@pytest.mark.usefixtures("three_people")
def test_others_ask_for_people_by_key():
    assert selectors.names({1, 3, 9}) == {1: "张三", 3: "王五"}
    assert selectors.identities([2]) == {2: (IDS[1], "李四")}
    assert list(map(len, selectors.refs([1, 2]).values())) == [32, 32]
    assert selectors.names(()) == {}


def test_household_numbers_are_read_back_by_their_tokens(open_vault):
    texts = pl.Series(["H1", "H2"])
    with open_vault() as vault:
        tokens = vault.tokens.each("household_no", texts)
        with vault.transaction():
            vault.keep_labels("household_no", texts, tokens)
    assert selectors.household_nos([*tokens, 5]) == dict(zip(tokens, texts, strict=True))


def test_what_landing_commits_stays_whatever_stands_around(own_office_db):
    with transaction.atomic(), write_vault() as vault:
        give(vault, IDS[:3])
        transaction.set_rollback(True)
    with read_vault() as vault:
        assert vault.key_of(IDS[0]) == 1


def test_a_second_writer_waits_for_the_first_ones_numbers(own_office_db):
    with write_vault() as first, write_vault() as second:
        with first.transaction():
            first.give_keys(numbers_of(pl.Series(IDS[:2])))
            second._keeper._db.execute("SET lock_timeout = '50ms'")
            with pytest.raises(psycopg.errors.LockNotAvailable):
                give(second, IDS[2:4])
        assert give(second, IDS[:4])["person_key"].to_list() == [1, 2, 3, 4]


def test_nothing_is_read_before_anything_was_received(own_office_db):
    with pytest.raises(Refusal) as caught, selectors.open_vault():
        pass
    assert caught.value.code == "landing.nothing_landed"


@pytest.mark.usefixtures("three_people")
def test_a_home_has_one_keeper(doudi_home):
    with pytest.raises(Refusal) as caught, Vault.open(doudi_home, new=True):
        pass
    assert caught.value.code == "landing.office_home"


def test_the_office_does_not_take_the_command_lines_home(own_office_db, doudi_home):
    with Vault.open(doudi_home, new=True):
        pass
    with pytest.raises(Refusal) as caught:
        begin_vault()
    assert caught.value.code == "landing.command_line_home"


@pytest.mark.usefixtures("three_people")
def test_the_lost_key_is_never_made_again(doudi_home):
    (doudi_home / "keys" / "master.json").unlink()
    for opening in (begin_vault, lambda: selectors.names([1])):
        with pytest.raises(Refusal) as caught:
            opening()
        assert caught.value.code == "landing.key_lost"


@pytest.mark.usefixtures("three_people")
def test_another_homes_key_does_not_open_this_database(doudi_home, tmp_path):
    with Vault.open(tmp_path / "other", new=True):
        pass
    (tmp_path / "other" / "keys" / "master.json").replace(doudi_home / "keys" / "master.json")
    for opening in (begin_vault, lambda: selectors.names([1])):
        with pytest.raises(Refusal) as caught:
            opening()
        assert caught.value.code == "landing.key_foreign"


def test_a_lake_without_its_database_is_refused(own_office_db, doudi_home):
    begin_vault()
    batches = doudi_home / "lake" / "batches"
    batches.mkdir(parents=True)
    (batches / "x.json").write_text("{}")
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.vault', 'open', false)")
        cursor.execute("DELETE FROM exchange_vault_checks")
        cursor.execute("SELECT set_config('app.vault', '', false)")
    with pytest.raises(Refusal) as caught:
        begin_vault()
    assert caught.value.code == "exchange.vault_lost"
