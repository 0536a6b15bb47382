"""总密钥：只造一次，只给自己读，丢了就拒绝。"""

import json
import stat

import pytest

from doudi.errors import Refusal
from doudi.landing.keys import key_file, open_keys
from doudi.landing.vault import Vault
from landing.files import dibao_line
from landing.homes import landed, roll


def refused(home, **how):
    with pytest.raises(Refusal) as caught:
        open_keys(home, **how)
    return caught.value


def test_the_writer_makes_the_keys_of_a_new_home_once(doudi_home):
    first = open_keys(doudi_home, new=True)
    assert open_keys(doudi_home, new=True) == first
    assert open_keys(doudi_home) == first


def test_a_reader_makes_no_keys(doudi_home):
    assert refused(doudi_home).code == "landing.nothing_landed"
    assert not key_file(doudi_home).exists()


def test_only_the_owner_may_read_the_key_file(doudi_home):
    open_keys(doudi_home, new=True)
    assert stat.S_IMODE(key_file(doudi_home).stat().st_mode) == 0o600


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o666])
def test_a_key_file_that_others_may_touch_is_refused(doudi_home, mode):
    open_keys(doudi_home, new=True)
    key_file(doudi_home).chmod(mode)
    assert refused(doudi_home, new=True).code == "landing.key_exposed"


def test_two_homes_have_different_keys(doudi_home, tmp_path):
    assert open_keys(doudi_home, new=True) != open_keys(tmp_path / "other", new=True)


def test_no_secret_shows_when_keys_are_printed(doudi_home):
    keys = open_keys(doudi_home, new=True)
    secrets = [entry["secret"] for entry in json.loads(key_file(doudi_home).read_text()).values()]
    printed = repr(keys) + str(keys)
    assert not any(secret in printed or str(bytes.fromhex(secret)) in printed for secret in secrets)


@pytest.mark.parametrize("new", [True, False])
def test_a_lost_key_is_refused_and_never_made_again(doudi_home, tmp_path, new):
    landed(doudi_home, roll(tmp_path, "dibao_roll_2026-03.csv", [dibao_line(1)]))
    key_file(doudi_home).unlink()
    assert refused(doudi_home, new=new).code == "landing.key_lost"
    assert not key_file(doudi_home).exists()


def test_a_lost_key_is_missed_even_when_the_vault_is_lost_with_it(doudi_home, tmp_path):
    landed(doudi_home, roll(tmp_path, "dibao_roll_2026-03.csv", [dibao_line(1)]))
    key_file(doudi_home).unlink()
    (doudi_home / "vault" / "vault.db").unlink()
    assert refused(doudi_home, new=True).code == "landing.key_lost"


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"{}", b'{"ref": 1}', b"\xff\xfe", b"null"], ids=repr)
def test_a_key_file_that_is_none_is_refused_and_kept(doudi_home, content):
    open_keys(doudi_home, new=True)
    key_file(doudi_home).write_bytes(content)
    assert refused(doudi_home, new=True).code == "landing.key_unreadable"
    assert key_file(doudi_home).read_bytes() == content


def test_a_key_of_the_wrong_length_is_refused(doudi_home):
    open_keys(doudi_home, new=True)
    entries = json.loads(key_file(doudi_home).read_text())
    entries["field"] |= {"secret": "00"}
    key_file(doudi_home).write_text(json.dumps(entries))
    assert refused(doudi_home).code == "landing.key_unreadable"


def test_the_key_of_another_vault_is_refused(doudi_home, tmp_path):
    landed(doudi_home, roll(tmp_path, "dibao_roll_2026-03.csv", [dibao_line(1)]))
    key_file(doudi_home).unlink()
    open_keys(tmp_path / "other", new=True)
    key_file(tmp_path / "other").rename(key_file(doudi_home))
    with pytest.raises(Refusal) as caught, Vault.open(doudi_home):
        pytest.fail("a foreign key opened the vault")
    assert caught.value.code == "landing.key_foreign"
