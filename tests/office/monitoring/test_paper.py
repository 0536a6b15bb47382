"""An alert on paper: what its page tells this viewer, and nothing more; each print in the journal."""

import io
import re

import pypdf
import pytest

import personas
from doudi.office.audit.models import Entry
from doudi.office.monitoring.topics import AT_LARGE
from office.monitoring.conftest import THIRD

PAID, CAR = "eligible.self_paid", "ineligible.vehicle"


@pytest.fixture
def paper(town, take, client):
    """A day with alerts about households 1, 3 and 5 and a delivery; prints one for whom a test names."""
    made = {
        "paid": town.alert(1, PAID, level="橙"),
        "ill": town.alert(1, "eligible.new_illness", level="红"),
        "car": town.alert(3, CAR, level="橙"),
        "abroad": town.alert(5, PAID, level="红"),
        "delivery": town.alert(None, "supervision.delivery_missing"),
    }
    take(town.run(THIRD, *made.values(), stale={"medical_settlement": [370502]}))
    ids = {name: each["alert_id"] for name, each in made.items()}

    def get(who, name):
        return personas.log_in(client, who).get(f"/alerts/{ids[name]}/paper")

    get.ids, get.client = ids, client
    return get


def text(answer):
    """All that stands on its pages, without spaces."""
    pages = pypdf.PdfReader(io.BytesIO(answer.content)).pages
    return re.sub(r"\s", "", "".join(page.extract_text() for page in pages))


def test_it_carries_the_reason_its_record_the_clause_and_room_for_the_visit(paper):
    said = text(paper("张敏", "paid"))
    for part in (
        "预警核查单", "未在册户自负医疗费高", "示**", "个人自负医疗费30,000.00元≥20,000.00元", "medical_settlement_2026-03_r1_aa",
        "2026-03-02", "来源偏旧", "依据", "怎样才算了结", "新发重病未在册", "是否属实", "核查情况", "核查人", "日期",
    ):  # fmt: skip
        assert part in said, part
    assert "示范甲" not in said
    assert "379901196005040001" not in said


def test_it_says_the_same_as_the_page(paper):
    printed = text(paper("张敏", "paid"))
    page = paper.client.get(f"/alerts/{paper.ids['paid']}").content.decode()
    reasons = re.findall(r'class="reason-says">([^<]+)<', page)
    assert reasons
    for reason in reasons:
        assert re.sub(r"\s", "", reason) in printed


def test_it_is_a_file_that_no_cache_keeps_and_whose_name_tells_nothing(paper):
    answer = paper("张敏", "paid")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Cache-Control"] == "no-store"
    name = re.sub(r"[\d-]", "", answer.headers["Content-Disposition"])
    assert name.startswith("attachment")
    assert paper.ids["paid"] not in answer.headers["Content-Disposition"]


def test_the_print_is_in_the_journal_beside_the_reading(paper):
    answer = paper("张敏", "paid")
    rows = Entry.objects.filter(subject_kind="alert").order_by("id")
    assert [(row.act, row.actor, row.subject) for row in rows] == [
        ("monitoring.alert_read", "zhangmin", paper.ids["paid"]),
        ("documents.printed", "zhangmin", paper.ids["paid"]),
    ]
    told = rows.last().detail
    assert (told["format"], told["bytes"], len(told["sm3"])) == ("pdf", len(answer.content), 64)


@pytest.mark.parametrize(("who", "name"), [("张敏", "abroad"), ("李伟", "abroad"), ("王芳", "car"), ("赵强", "paid")])
def test_outside_the_jurisdiction_nothing_is_printed_and_the_attempt_is_kept(paper, who, name):
    assert paper(who, name).status_code == 404
    assert [row.outcome for row in Entry.objects.filter(subject_kind="alert")] == ["refused"]
    assert not Entry.objects.filter(act="documents.printed").exists()


@pytest.mark.parametrize("name", ["0", "-1", "x", "%00", "370502199001011234", "a" * 3_000, "%F0%9F%91%B5"])
def test_what_names_no_alert_is_not_found(paper, name):
    assert personas.log_in(paper.client, "张敏").get(f"/alerts/{name}/paper").status_code == 404


@pytest.mark.parametrize("who", ["郑医", "秦系", "尤安", "许审"])
def test_who_has_no_business_with_households_prints_none(paper, who):
    assert paper(who, "paid").status_code == 404


def test_a_helper_gets_whom_to_visit_and_what_to_ask_and_no_figure(paper):
    said = text(paper("王芳", "paid"))
    for part in ("入户走访单", "示范甲", "3799**********0001", "近期有没有看病、住院", "看到听到的", "走访人"):
        assert part in said, part
    assert re.sub(r"\s", "", AT_LARGE) in said
    assert not re.search(r"30,000|自负医疗费|可能符合|未在册|预警核查|379901196005040001", said)


def test_a_township_prints_money_and_not_the_vehicle(paper):
    assert "30,000.00元" in text(paper("李伟", "paid"))
    said = text(paper("李伟", "car"))
    assert "依据受限信息" in said
    assert "机动车" not in said


def test_an_alert_about_a_delivery_is_printed_too(paper):
    assert "部门来件" in text(paper("周涛", "delivery"))


def test_the_supervisor_prints_under_his_notice(paper):
    assert "凭据：示范审通〔一〕号" in text(paper("何督", "paid"))


def test_the_page_leads_to_it(paper):
    page = personas.log_in(paper.client, "张敏").get(f"/alerts/{paper.ids['paid']}").content.decode()
    assert f'href="/alerts/{paper.ids["paid"]}/paper"' in page
