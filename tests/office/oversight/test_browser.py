"""The journal and the exports in a real browser: found, filtered, taken as a file; nothing that axe or a thumb would miss."""

import os
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

import personas
from doudi.office.audit.services import record, seal_journal
from doudi.office.common.clock import right_now
from doudi.office.common.roles import Role
from doudi.office.documents import services
from doudi.office.oversight.export import COLUMNS, KIND
from office.axe import overflow, small_controls, violations
from office.site import PHONE

pytestmark = pytest.mark.browser
SHOTS = os.environ.get("DOUDI_SHOTS")  # a folder to put pictures into, for whoever wants to look


@pytest.fixture
def seat(page, office_site):
    """Seats a person at the browser."""

    def sitting(name):
        client = personas.log_in(Client(), name)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": office_site}])

    return sitting


@pytest.fixture
def a_morning(own_office_db):
    """Some acts of some people, sealed, and an export that waits."""
    zhang, li = personas.actor("张敏"), personas.actor("李伟")
    for number, (who, act, outcome, why) in enumerate([
        (zhang, "accounts.login", "done", ""), (zhang, "registry.search", "done", ""),
        (zhang, "registry.reveal", "done", "入户前核对身份，与村里约定明天上午去"), (li, "accounts.door", "refused", ""),
        (li, "registry.read", "done", ""), (zhang, "documents.asked", "done", "季度核查"),
    ]):  # fmt: skip
        place = (
            {"subject_kind": "household", "subject": f"7f3a{number:04x}", "division": 370502001011}
            if "registry" in act
            else {}
        )
        record(actor=who, at=right_now(), act=act, outcome=outcome, why=why, **place)
    seal_journal(at=right_now())


def check_look(page, name):
    """What axe says, what sticks out, what a thumb would miss; at both sizes."""
    for size in ({"width": 1440, "height": 900}, PHONE):
        page.set_viewport_size(size)
        if SHOTS:
            page.screenshot(path=Path(SHOTS) / f"{name}-{size['width']}.png", full_page=True)
        assert violations(page) == []
        assert overflow(page) == []
    assert small_controls(page, 24) == []


def test_the_auditor_filters_the_journal_opens_an_entry_and_takes_a_file(a_morning, page, seat):
    seat("许审")
    page.goto("/journal/")
    page.get_by_role("heading", name="链头").wait_for()
    check_look(page, "journal")
    page.set_viewport_size({"width": 1440, "height": 900})
    page.get_by_label("行为").select_option(label="显示完整证件号与姓名")
    page.get_by_role("button", name="查询").click()
    page.get_by_role("link", name="显示完整证件号与姓名").click()
    page.get_by_text("入户前核对身份").wait_for()
    check_look(page, "entry")
    page.go_back()
    page.get_by_role("button", name="导出筛选结果").click()
    page.get_by_role("textbox", name="用途").wait_for()
    check_look(page, "export-drafted")
    page.get_by_role("textbox", name="用途").fill("年度审计")
    page.get_by_role("button", name="提交").click()
    page.get_by_role("button", name="取走").wait_for()
    check_look(page, "export-approved")
    with page.expect_download() as taken:
        page.get_by_role("button", name="取走").click()
    assert "年度审计" in taken.value.path().read_text("utf-8-sig")
    page.goto("/exports/")
    page.get_by_text("已取走").wait_for()
    check_look(page, "exports")


def test_a_second_person_decides_in_the_browser(a_morning, page, seat, monkeypatch):
    monkeypatch.setattr(services.settings, "DOUDI_EXPORT_ROWS", 1)
    from doudi.office.documents import kinds  # noqa: PLC0415 - the journal's kind is made a personal one for this test

    monkeypatch.setitem(kinds._KINDS, KIND, kinds.Kind(kinds.kind_of(KIND).maker, personal=True))
    personas.user("张审")  # somebody must be there who may approve
    viewer = personas.viewer("张敏", user_id=personas.user("张敏").pk)
    assert viewer.role is Role.COUNTY_OFFICER
    asked = services.ask_export(
        viewer=viewer,
        at=right_now(),
        kind=KIND,
        title="红色预警名单",
        columns=COLUMNS,
        rows_count=812,
        asked={},
        why="季度核查，送分管领导",
    )
    seat("张审")
    page.goto("/exports/")
    check_look(page, "exports-waiting")
    page.get_by_role("link", name="红色预警名单").click()
    page.get_by_role("button", name="不批准").wait_for()
    check_look(page, "export-decide")
    page.get_by_role("button", name="不批准").click()
    page.get_by_text("须写明理由").wait_for()
    page.get_by_role("button", name="批准", exact=True).click()
    page.get_by_text("可以取走", exact=True).first.wait_for()
    seat("张敏")
    page.goto(asked.address)
    check_look(page, "export-take")


def test_ones_own_journal_when_it_is_empty(own_office_db, page, seat):
    seat("王芳")
    page.goto("/journal/?act=registry.reveal")
    page.get_by_text("没有符合条件的流水").wait_for()
    check_look(page, "journal-own")
