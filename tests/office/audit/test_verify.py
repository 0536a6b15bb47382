"""Whatever is done to the journal behind the platform's back, by somebody with every right, is found and named."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction

from doudi.office.audit import heads
from doudi.office.audit.chain import FIRST, NAMED_COLUMNS, link
from doudi.office.audit.seal import rows_of
from doudi.office.audit.selectors import verify_journal
from doudi.office.audit.services import seal_journal
from office.audit.journal import later, tamper, written

SEALED = 6


@pytest.fixture
def sealed(own_office_db):
    """Six entries, sealed in two goes."""
    for _ in range(2):
        written(SEALED // 2)
        seal_journal(at=later())
    return own_office_db


def found():
    return [(finding.kind, finding.position) for finding in verify_journal(at=later(minutes=2)).findings]


def entry_at(position):
    with connection.cursor() as cursor:
        cursor.execute("SELECT entry_id FROM audit_seal WHERE position = %s", [position])
        return cursor.fetchone()[0]


def test_what_was_sealed_is_intact(sealed):
    verdict = verify_journal(at=later(minutes=2))
    assert verdict.intact
    assert (verdict.sealed, verdict.heads, verdict.waiting) == (SEALED, 2, 0)


def test_sealing_again_changes_nothing(sealed):
    assert seal_journal(at=later()) == 0
    assert len(list(heads.read(heads.head_file()))) == 2


@pytest.mark.parametrize(
    "change",
    [
        "why = '另有理由'", "detail = '{\"n\": 9}'", "at = at - interval '1 microsecond'", "actor = 'liwei'",
        "division = 1", "outcome = 'refused'", "written_at = written_at - interval '1 second'", "whose = 'x'",
    ],
)  # fmt: skip
def test_an_edited_row_is_found(office_server, sealed, change):
    tamper(office_server, sealed, f"UPDATE audit_entry SET {change} WHERE id = {entry_at(3)}")
    assert found() == [("edited", 3)]


def test_a_deleted_row_is_found(office_server, sealed):
    tamper(office_server, sealed, f"DELETE FROM audit_entry WHERE id = {entry_at(2)}")
    assert found() == [("deleted", 2)]


def test_a_row_deleted_together_with_its_link_is_found(office_server, sealed):
    entry = entry_at(2)
    tamper(
        office_server,
        sealed,
        f"DELETE FROM audit_entry WHERE id = {entry}",
        "DELETE FROM audit_seal WHERE position = 2",
    )
    assert found() == [("deleted", 2)]


INSERT = (
    "INSERT INTO audit_entry (id, at, written_at, actor, role, actor_division, act, subject_kind, subject, whose, why, outcome,"
    " detail, tx) SELECT 9000, at, written_at, actor, role, actor_division, act, subject_kind, subject, whose, '后补', outcome,"
    " detail, {tx} FROM audit_entry WHERE id = {entry}"
)


def test_an_inserted_row_is_found_where_the_sealer_no_longer_looks(office_server, sealed):
    tamper(office_server, sealed, INSERT.format(entry=entry_at(1), tx="tx").replace("9000", "-1"))
    seal_journal(at=later())
    assert found() == [("inserted", None)]


def test_a_row_inserted_with_a_date_of_the_past_is_found_though_the_sealer_took_it(office_server, sealed):
    tamper(
        office_server,
        sealed,
        INSERT.format(entry=entry_at(1), tx="pg_current_xact_id()")
        .replace("written_at, actor, role", "written_at - interval '2 hours', actor, role", 2)
        .replace("(id, at, written_at - interval '2 hours'", "(id, at, written_at"),
    )
    assert seal_journal(at=later()) == 1
    assert found() == [("inserted", SEALED + 1)]


def test_a_row_inserted_with_a_link_of_its_own_is_found(office_server, sealed):
    tamper(
        office_server,
        sealed,
        "UPDATE audit_seal SET position = position + 1000 WHERE position >= 3",
        "UPDATE audit_seal SET position = position - 999 WHERE position >= 1000",
        INSERT.format(entry=entry_at(1), tx="tx"),
        "INSERT INTO audit_seal VALUES (3, 9000, decode(repeat('00', 32), 'hex'))",
    )
    assert ("edited", 3) in found()  # the forged link does not follow from its entry
    assert ("inserted", 3) in found()  # and the one after it follows from the one before
    assert "replaced" in dict(found())


def test_two_swapped_rows_are_found(office_server, sealed):
    one, other = entry_at(2), entry_at(5)
    tamper(
        office_server,
        sealed,
        f"UPDATE audit_entry SET id = -1 WHERE id = {one}",
        f"UPDATE audit_entry SET id = {one} WHERE id = {other}",
        f"UPDATE audit_entry SET id = {other} WHERE id = -1",
    )
    assert found() == [("swapped", 2), ("swapped", 5)]


def test_two_swapped_links_are_found(office_server, sealed):
    one, other = entry_at(2), entry_at(5)
    tamper(
        office_server,
        sealed,
        "UPDATE audit_seal SET entry_id = -1 WHERE position = 2",
        f"UPDATE audit_seal SET entry_id = {one} WHERE position = 5",
        f"UPDATE audit_seal SET entry_id = {other} WHERE position = 2",
    )
    assert found() == [("swapped", 2), ("swapped", 5)]


def test_a_cut_tail_is_found_by_the_head_outside(office_server, sealed):
    entry = entry_at(5)
    tamper(
        office_server,
        sealed,
        f"DELETE FROM audit_entry WHERE id >= {entry}",
        "DELETE FROM audit_seal WHERE position >= 5",
    )
    assert found() == [("cut_tail", 5)]


def test_a_whole_journal_that_is_gone_is_found(office_server, sealed):
    tamper(office_server, sealed, "TRUNCATE audit_entry", "TRUNCATE audit_seal")
    assert found() == [("cut_tail", 1)]


def test_a_chain_written_anew_in_full_is_found_by_every_head(office_server, sealed):
    tamper(
        office_server,
        sealed,
        f"UPDATE audit_entry SET why = '另有理由' WHERE id = {entry_at(1)}",
        *rechained(sealed, office_server),
    )
    assert found() == [("replaced", 3)]


def rechained(database, server):
    """The statements of a forger who knows SM3 and makes the chain anew over the edited first row."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {NAMED_COLUMNS}, s.position FROM audit_seal s JOIN audit_entry e ON e.id = s.entry_id ORDER BY 17"
        )
        before = FIRST
        for row in rows_of(cursor):
            if row["position"] == 1:
                row["why"] = "另有理由"
            before = link(before, row)
            yield f"UPDATE audit_seal SET hash = decode('{before.hex()}', 'hex') WHERE position = {row['position']}"


def test_a_head_file_that_is_gone_is_found(sealed):
    heads.head_file().unlink()
    assert found() == [("no_heads", None)]


def test_entries_that_nobody_seals_are_found_after_a_minute(own_office_db):
    written(2)
    assert verify_journal(at=later()).intact
    assert verify_journal(at=later()).waiting == 2
    assert found() == [("unsealed", None)] * 2


def test_a_line_of_the_head_file_cut_short_by_a_crash_does_no_harm(sealed):
    with heads.head_file().open("ab") as file:
        file.write(b'{"position": 6, "entr')
    written(1)
    seal_journal(at=later())
    assert heads.last().position == SEALED + 1
    assert found() == []


def test_a_head_that_a_crash_left_out_is_made_up_for_by_the_next_sealing(sealed):
    lines = heads.head_file().read_bytes().splitlines(keepends=True)
    heads.head_file().write_bytes(lines[0])
    seal_journal(at=later())
    assert heads.last().position == SEALED


def test_what_a_running_transaction_wrote_is_sealed_when_it_is_over_and_business_never_waits(own_office_db):
    wrote, may_end = threading.Event(), threading.Event()

    def long_business():
        with transaction.atomic():
            written(1, why="慢")
            wrote.set()
            may_end.wait(20)
        connections.close_all()

    business = threading.Thread(target=long_business)
    business.start()
    assert wrote.wait(20)
    written(1, why="快")
    assert seal_journal(at=later()) == 0  # the quick one began later: it waits for the slow one
    may_end.set()
    business.join()
    assert seal_journal(at=later()) == 2
    assert found() == []


def test_two_sealers_at_once_make_one_chain(own_office_db):
    written(40)
    counts = []

    def sealing():
        counts.append(seal_journal(at=later()))
        connections.close_all()

    sealers = [threading.Thread(target=sealing) for _ in range(2)]
    for sealer in sealers:
        sealer.start()
    for sealer in sealers:
        sealer.join()
    assert sum(counts) == 40
    assert found() == []


def test_an_undone_business_leaves_neither_entry_nor_gap(own_office_db):
    written(1)
    with transaction.atomic():
        written(1)
        transaction.set_rollback(True)
    written(1)
    seal_journal(at=later())
    assert verify_journal(at=later(minutes=2)).sealed == 2
    assert found() == []


def test_a_journal_restored_into_another_cluster_goes_on(office_server, sealed):
    """There transactions count anew: the old numbers are in the future, the new ones below them."""
    written(1)
    tamper(office_server, sealed, f"UPDATE audit_entry SET tx = '900000000000' WHERE id > {entry_at(SEALED)}")
    assert seal_journal(at=later()) == 1
    written(1)
    assert seal_journal(at=later()) == 1
    assert found() == []


def test_a_head_tells_when(sealed):
    assert later() - heads.last().moment < timedelta(minutes=1)
