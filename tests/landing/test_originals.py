"""原件：收到的文件封在密库里，打开来一个字节不差；换了批次、改过内容，都打不开。"""

import pytest

from doudi.errors import Refusal
from doudi.landing.lake import read_batches
from doudi.landing.originals import digests, keep_original, original
from doudi.landing.vault import Vault
from landing.files import dibao_line, valid_id
from landing.homes import landed, roll


@pytest.fixture
def vault(doudi_home):
    with Vault.open(doudi_home, new=True) as opened:
        yield opened


def test_the_original_of_a_batch_is_the_file_as_it_came_and_lies_there_sealed(doudi_home, tmp_path):
    path = roll(tmp_path, "dibao_roll_2026-03.csv", [dibao_line(number) for number in range(40)])
    landed(doudi_home, path)
    (record,) = read_batches(doudi_home)
    with Vault.open(doudi_home) as vault:
        sealed = vault.original(record.batch).read_bytes()
        assert original(vault, record.batch) == path.read_bytes()
    assert valid_id(1).encode() not in sealed
    assert len(sealed) < path.stat().st_size


@pytest.mark.parametrize("size", [0, 1, 1 << 20, (1 << 20) + 1, 3 << 20])
def test_an_original_of_any_size_opens(vault, tmp_path, size):
    path = tmp_path / "x.csv"
    path.write_bytes(bytes(range(7)) * (size // 7) + b"x" * (size % 7))
    keep_original(vault, path, "x", digests(path)[1])
    assert original(vault, "x") == path.read_bytes()


def test_one_that_was_sealed_before_files_were_packed_opens_too(vault):
    vault.original("x").parent.mkdir(parents=True)
    with vault.original("x").open("wb") as out:
        vault.sealer.seal_file("originals.file|x", [b"a,b\n1,2\n"], out)
    assert original(vault, "x") == b"a,b\n1,2\n"


def test_an_original_does_not_open_as_another_batchs(vault, tmp_path):
    path = tmp_path / "x.csv"
    path.write_bytes(b"a,b\n")
    keep_original(vault, path, "x", digests(path)[1])
    vault.original("x").rename(vault.original("y"))
    with pytest.raises(Refusal) as caught:
        original(vault, "y")
    assert caught.value.code == "landing.seal_broken"


def test_a_file_that_is_not_the_one_that_was_read_is_not_kept(vault, tmp_path):
    path = tmp_path / "x.csv"
    path.write_bytes(b"a,b\n")
    likeness = digests(path)[1]
    path.write_bytes(b"a,c\n")
    with pytest.raises(Refusal) as caught:
        keep_original(vault, path, "x", likeness)
    assert caught.value.code == "landing.file_changed"
    assert list(vault.original("x").parent.iterdir()) == []
