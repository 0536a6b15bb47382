"""`doudi audit verify` as whoever answers for the journal types it."""

from pathlib import Path

import pytest

from cli.door import assert_refused, doudi
from doudi.office.audit import heads
from doudi.office.audit.services import seal_journal
from office.audit.journal import later, tamper, written


@pytest.fixture
def sealed(own_office_db):
    written(3)
    seal_journal(at=later())
    return own_office_db


def test_an_intact_journal_is_said_to_be(sealed):
    answer = doudi("audit", "verify")
    assert answer.code == 0
    assert "流水完整。已封链 3 条，链头 1 个" in answer.out


def test_what_is_wrong_is_named_by_its_place_and_kind(office_server, sealed):
    tamper(office_server, sealed, "UPDATE audit_entry SET why = '另有理由' WHERE subject = 'p1'")
    answer = doudi("audit", "verify")
    assert answer.code == 1
    assert "第 2 环、流水 2：内容被改过" in answer.err
    assert "流水不完整，发现 1 处" in answer.out


def test_a_program_is_told_the_same(office_server, sealed):
    tamper(office_server, sealed, "DELETE FROM audit_entry WHERE subject = 'p0'")
    answer = doudi("audit", "verify", "--json")
    assert answer.code == 1
    told = answer.json()
    assert (told["intact"], told["sealed"]) == (False, 3)
    assert [(one["kind"], one["position"]) for one in told["findings"]] == [("deleted", 1)]


def test_a_copy_of_the_heads_kept_elsewhere_shows_that_chain_and_heads_were_both_replaced(
    office_server, sealed, tmp_path
):
    kept = tmp_path / "heads.jsonl"
    kept.write_bytes(heads.head_file().read_bytes())
    tamper(office_server, sealed, "TRUNCATE audit_entry", "TRUNCATE audit_seal")
    heads.head_file().unlink()
    written(1)
    seal_journal(at=later())
    assert doudi("audit", "verify").code == 0
    answer = doudi("audit", "verify", "--heads", kept)
    assert answer.code == 1
    assert "链尾被截掉" in answer.err


def test_a_file_of_heads_that_is_none_is_refused(sealed):
    assert_refused(doudi("audit", "verify", "--heads", "nirgends.jsonl"), "没有链头文件")


def test_a_home_without_an_office_is_refused(monkeypatch, tmp_path):
    monkeypatch.setenv("DOUDI_HOME", str(tmp_path))
    monkeypatch.delenv("PGHOST", raising=False)
    assert_refused(doudi("audit", "verify"), "没有办公区")
    assert list(Path(tmp_path).iterdir()) == []
