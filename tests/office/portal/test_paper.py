"""一户一表: a household on paper, as its page shows it to this viewer; each print in the journal."""

import io
import re

import pypdf
import pytest
from django.test import Client

import personas
from doudi.office.audit.models import Entry
from doudi.office.common.codes import WHOLE
from doudi.office.common.scope import enter_scope, whole_city
from office import samples


def text(answer):
    """All that stands on its pages, without spaces."""
    pages = pypdf.PdfReader(io.BytesIO(answer.content)).pages
    return re.sub(r"\s", "", "".join(page.extract_text() for page in pages))


@pytest.mark.parametrize("name", ["张敏", "张审", "李伟", "周涛", "吴静", "何督"])
def test_staff_print_the_members_masked(street, seated, name):
    said = text(seated(name).get(f"/households/{street['town']}/paper"))
    assert "一户一表" in said
    assert "家庭成员" in said
    assert "甲***（户主）" in said
    assert "甲2户主" not in said
    assert not re.search(r"379901\d{11}[\dX]", said)


def test_the_print_stands_in_the_households_own_history(street, seated):
    seated("李伟").get(f"/households/{street['village']}/paper")
    enter_scope(*WHOLE)
    rows = Entry.objects.filter(subject=street["village"]).order_by("id")
    assert [(row.act, row.actor, row.outcome) for row in rows] == [
        ("registry.read", "liwei", "done"),
        ("documents.printed", "liwei", "done"),
    ]
    assert "打印成 PDF" in seated("李伟").get(f"/households/{street['village']}").content.decode()


@pytest.mark.parametrize("where", ["next town", "next county", "city", "county"])
def test_a_town_officer_prints_no_household_outside_his_town(street, seated, where):
    assert seated("李伟").get(f"/households/{street[where]}/paper").status_code == 404
    enter_scope(*WHOLE)
    assert not Entry.objects.filter(act="documents.printed").exists()


def test_a_village_helper_prints_whom_to_visit_and_no_hardship(street, seated):
    said = text(seated("王芳").get(f"/households/{street['village']}/paper"))
    for part in ("入户走访单", "甲3户主", "东营社区", "问什么、看什么", "走访人"):
        assert part in said, part
    assert "最低生活保障" not in said
    assert not re.search(r"379901\d{11}[\dX]", said)


@pytest.mark.parametrize("name", ["郑医", "秦系", "尤安", "许审"])
def test_who_has_no_business_with_households_prints_none(street, seated, name):
    assert seated(name).get(f"/households/{street['village']}/paper").status_code == 404


@pytest.mark.parametrize("ref", ["x", "370502199001011234", "%00", "0" * 33])
def test_what_is_no_ref_is_not_found_and_told_nobody(street, seated, ref):
    assert seated("张敏").get(f"/households/{ref}/paper").status_code == 404


def test_every_page_has_its_button(street, seated):
    for name in ("张敏", "王芳"):
        assert (
            f"/households/{street['village']}/paper"
            in seated(name).get(f"/households/{street['village']}").content.decode()
        )


def test_a_household_of_the_city_is_told_whole_facts_tiers_and_dues(city_db):
    with whole_city():
        client = personas.log_in(Client(), "张敏")
    address = samples.fill(["/households/{household}"], "张敏")[0]
    page = re.sub(r"\s|<[^>]+>", "", client.get(address).content.decode())
    answer = client.get(f"{address}/paper")
    said = text(answer)
    for part in ("该得的、已得的、还缺的", "逐类判断", "特困人员", "事实和来源", "预警", "答问规则和凭据依据"):
        assert part in said, part
    told = re.findall(r"第[\d,]+行", page)
    assert told
    assert [line for line in told if line not in said] == []
    assert len(answer.content) < 60_000
