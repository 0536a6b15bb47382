"""The journal's pages: the audit administrator reads all, a supervisor his scope, everybody himself; readers are read about."""

import csv
import io
from urllib.parse import urlencode

import pytest
from django.test import Client

import personas
from doudi.office.audit.models import Entry
from doudi.office.audit.services import record
from doudi.office.audit.whole import whole_journal
from doudi.office.common.actor import Actor
from doudi.office.common.roles import Role
from office.nasty import NASTY

AUDITOR, SUPERVISOR = "许审", "何督"
ELSEWHERE = Actor(999, "jinan", Role.COUNTY_OFFICER, 370102000000)


def seated(name):
    return personas.log_in(Client(), name)


@pytest.fixture
def acts(office_db):
    """Something that 张敏 did, and something of another city."""
    record(
        actor=personas.actor("张敏"), at=personas.AT, act="registry.reveal", subject_kind="household", subject="h-own",
        division=370502001011, why="入户核对",
    )  # fmt: skip
    record(
        actor=ELSEWHERE, at=personas.AT, act="registry.reveal", subject="h-far", division=370102001001, why="别处核对"
    )


def reading_rows():
    with whole_journal():
        return list(Entry.objects.filter(act="oversight.journal_read").values_list("actor", "why"))


def page(name, query=""):
    answer = seated(name).get(f"/journal/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_audit_administrator_reads_all_of_it(acts):
    said = page(AUDITOR)
    assert "入户核对" in said
    assert "别处核对" in said


def test_a_supervisor_reads_his_scope_and_nothing_beyond(acts):
    said = page(SUPERVISOR)
    assert "入户核对" in said
    assert "别处核对" not in said


def test_everybody_reads_what_he_did_himself(acts):
    assert "入户核对" in page("张敏")
    assert "入户核对" not in page("赵强")


@pytest.mark.parametrize("name", [SUPERVISOR, AUDITOR])
def test_whoever_reads_what_others_did_is_read_about(acts, name):
    page(name)
    login = personas.viewer(name).name
    assert [actor for actor, _ in reading_rows()] == [login]
    page(name)
    assert len(reading_rows()) == 2


def test_reading_ones_own_acts_is_nobodys_business(acts):
    page("张敏")
    assert reading_rows() == []


def test_a_supervisors_reading_names_his_notice(acts):
    page(SUPERVISOR)
    assert reading_rows()[0][1] == personas.viewer(SUPERVISOR).purpose


def test_a_filter_narrows_and_says_when_nothing_is_left(acts):
    assert "入户核对" in page(AUDITOR, "?who=zhangmin&act=registry.reveal")
    assert "没有符合条件的流水" in page(AUDITOR, "?who=nobody")


@pytest.mark.parametrize(
    "query", ["?since=gestern", "?since=2026-07-02&until=2026-07-01", "?act=x.y", "?who=" + "x" * 90]
)
def test_a_filter_that_makes_no_sense_is_told_so_beside_its_field(acts, query):
    said = page(AUDITOR, query)
    assert "field-error" in said
    assert "入户核对" not in said


def test_a_page_key_that_nobody_gave_is_a_sentence(acts):
    assert seated(AUDITOR).get("/journal/?after=x").status_code == 422


def test_an_entry_is_shown_in_full_to_whoever_may_see_it(acts):
    with whole_journal():
        own, far = Entry.objects.get(subject="h-own").id, Entry.objects.get(subject="h-far").id
    said = seated(SUPERVISOR).get(f"/journal/{own}").content.decode()
    assert "h-own" in said
    assert "还没有封链" in said
    assert seated(SUPERVISOR).get(f"/journal/{far}").status_code == 404
    assert seated("赵强").get(f"/journal/{own}").status_code == 404
    assert seated("赵强").get("/journal/999999999").status_code == 404
    assert seated("赵强").get(f"/journal/{10**30}").status_code == 404


@pytest.fixture
def _in_june(monkeypatch):
    monkeypatch.setattr("doudi.office.accounts.middleware.right_now", lambda: personas.AT)


@pytest.mark.usefixtures("_in_june")
def test_the_filtered_journal_leaves_as_a_file(acts):
    client = seated(AUDITOR)
    asked = client.post("/journal/export?act=registry.reveal&since=2026-06-30")
    assert asked.status_code == 302
    assert client.post(f"{asked.url}/submit", {"why": "年度审计", "file_format": "csv"}).status_code == 302
    taken = client.post(f"{asked.url}/take")
    lines = list(csv.reader(io.StringIO(taken.content.decode("utf-8-sig"))))
    assert "用途：年度审计" in lines[0][0]
    assert {line[11] for line in lines[2:-1]} == {"入户核对", "别处核对"}


@pytest.mark.usefixtures("_in_june")
def test_a_supervisors_file_holds_his_scope(acts):
    client = seated(SUPERVISOR)
    asked = client.post("/journal/export?act=registry.reveal").url
    assert client.post(f"{asked}/submit", {"why": "专项检查", "file_format": "csv"}).status_code == 302
    lines = client.post(f"{asked}/take").content.decode("utf-8-sig")
    assert "入户核对" in lines
    assert "别处核对" not in lines


def test_who_reads_only_himself_exports_nothing(acts):
    assert seated("张敏").post("/journal/export").status_code == 404


@pytest.mark.slow
@pytest.mark.parametrize("field", ["who", "act", "kind", "subject", "since", "until", "outcome", "after"])
def test_whatever_is_looked_for_is_found_or_answered_with_a_sentence(acts, field):
    client = seated(AUDITOR)
    for nasty in NASTY.values():
        if len(nasty) < 10_000:  # a longer address never arrives
            query = urlencode({field: nasty.encode("utf-8", "replace").decode()})
            assert client.get(f"/journal/?{query}").status_code in ((400,) if "\0" in nasty else (200, 422)), nasty


def test_the_history_of_an_administrators_own_export_is_shown_to_him(acts):
    client = seated(AUDITOR)
    asked = client.post("/journal/export?act=registry.reveal").url
    assert "申请导出" in client.get(asked).content.decode()
