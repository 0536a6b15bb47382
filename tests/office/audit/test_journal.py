"""The journal is only ever added to, is read by scope, and holds no citizen's id."""

import psycopg
import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import ProgrammingError

from doudi.errors import Fault, Refusal
from doudi.office.audit.models import Entry, Seal
from doudi.office.audit.services import Reading, record, record_reading, record_readings, record_refusal
from doudi.office.audit.whole import whole_journal
from doudi.office.common.fields import FieldClass
from doudi.office.common.scope import enter_scope
from office.audit.journal import AT, CLERK, written

COUNTY, NEIGHBOUR = (370502000000, 370502999999), (370503000000, 370503999999)


@pytest.mark.parametrize("table", ["audit_entry", "audit_seal"])
@pytest.mark.parametrize("act", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_application_may_not_change_a_row(office_db, table, act):
    column = "position" if table == "audit_seal" else "id"
    statement = act.format(table).replace("id = id", f"{column} = {column}")
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        connection.cursor().execute(statement)


@pytest.mark.parametrize("act", ["UPDATE audit_entry SET why = ''", "DELETE FROM audit_entry", "TRUNCATE audit_seal"])
def test_the_owner_of_the_tables_may_not_either(owner_db, act):
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"):
        owner_db.execute(act)


def test_the_application_may_add_and_read(office_db):
    written(2)
    assert list(Entry.objects.values_list("subject", flat=True)) == ["p0", "p1"]
    assert Seal.objects.count() == 0


def test_an_entry_about_a_place_is_read_there_and_not_next_door(office_db):
    enter_scope(*COUNTY)
    written(1, division=370502001002)
    assert Entry.objects.count() == 1
    enter_scope(*NEIGHBOUR)
    assert Entry.objects.count() == 0


def test_without_a_scope_only_what_concerns_no_place_is_read(office_db):
    written(1, division=370502001002)
    written(1)
    assert Entry.objects.get().division is None


def test_an_entry_is_written_even_by_whom_it_is_hidden_from(office_db):
    enter_scope(*NEIGHBOUR)
    written(1, division=370502001002)
    with whole_journal():
        assert Entry.objects.get().division == 370502001002


def test_the_whole_journal_is_open_inside_and_closed_again_afterwards(office_db):
    written(1, division=370502001002)
    with whole_journal():
        assert Entry.objects.count() == 1
    assert Entry.objects.count() == 0


def test_an_error_inside_closes_the_whole_journal_too(office_db):
    written(1, division=370502001002)
    with pytest.raises(Refusal), whole_journal():
        raise Refusal("test.no", "不行。")
    assert Entry.objects.count() == 0


def test_the_whole_journal_is_opened_by_few(office_db):
    from architecture.source import PACKAGE  # noqa: PLC0415  # this test alone reads the source

    openers = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if "whole_journal" in (text := path.read_text("utf-8")) or "app.journal" in text
    }
    assert openers == {
        f"office/audit/{name}.py" for name in ("whole", "seal", "verify", "read", "migrations/0001_initial")
    }


def test_each_reading_is_a_row_of_its_own(office_db):
    read = Reading("h-1", 370502001002, "ref-1")
    for _ in range(2):
        record_reading(
            actor=CLERK,
            at=AT,
            act="registry.reveal",
            subject_kind="household",
            read=read,
            why="入户前核对",
            shown=[FieldClass.IDENTITY],
        )
    enter_scope(*COUNTY)
    assert list(Entry.objects.values_list("whose", "detail__shown")) == [("ref-1", ["identity"])] * 2


def test_a_list_that_was_read_is_a_row_for_each_person(office_db):
    record_readings(
        actor=CLERK, at=AT, act="registry.reveal", subject_kind="person", read=[Reading("a"), Reading("b")], why="核对"
    )
    assert Entry.objects.count() == 2


def test_a_refusal_is_kept_with_its_code(office_db):
    record_refusal(actor=CLERK, at=AT, act="registry.reveal", error=Refusal("registry.no_reason", "请写明理由。"))
    assert Entry.objects.values_list("outcome", "detail").get() == ("refused", {"code": "registry.no_reason"})


def test_an_id_that_somebody_typed_as_his_reason_is_covered(office_db):
    written(1, why="核对 37050219900101123X 的户籍")
    assert Entry.objects.get().why == "核对 370502************ 的户籍"


@pytest.mark.parametrize("told", [{"subject": "37050219900101123X"}, {"detail": {"of": ["37050219900101123x"]}}])
def test_an_id_anywhere_else_is_a_fault(office_db, told):
    with pytest.raises(Fault, match="公民身份号码"):
        record(actor=CLERK, at=AT, act="registry.reveal", **told)


def test_a_fraction_is_a_fault_since_the_chain_could_not_vouch_for_it(office_db):
    with pytest.raises(Fault, match="小数"):
        record(actor=CLERK, at=AT, act="registry.reveal", detail={"rows": [{"share": 0.5}]})


def test_an_outcome_that_nobody_knows_is_refused_by_the_database(office_db):
    with pytest.raises(IntegrityError), transaction.atomic():
        written(1, outcome="maybe")


def test_a_long_list_that_was_read_is_written_in_few_statements(office_db, django_assert_num_queries):
    read = [Reading(f"p{number}", 370502001011) for number in range(1001)]
    with django_assert_num_queries(2):
        record_readings(actor=CLERK, at=AT, act="registry.read", subject_kind="person", read=read)
    enter_scope(*COUNTY)
    assert Entry.objects.count() == 1001


def test_a_list_of_nobody_writes_nothing(office_db):
    record_readings(actor=CLERK, at=AT, act="registry.read", subject_kind="person", read=[])
    assert not Entry.objects.exists()
