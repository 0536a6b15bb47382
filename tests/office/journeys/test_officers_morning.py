"""A county officer's morning, played in a real browser, and what the external supervisor finds of it."""

import re

import pytest
from playwright.sync_api import expect

import personas
from doudi.office.common.clock import right_now
from doudi.office.common.scope import whole_city
from doudi.office.exchange import services as exchange
from office import site

pytestmark = pytest.mark.browser

PASSWORD = "清早上班不迟到-2026"  # noqa: S105  # of a person invented for this test
WHY = "核实预警所指的人，准备今天入户"
ID = re.compile(rb"\d{17}[\dX]")


@pytest.fixture
def with_passwords(city_db, settings):
    settings.DOUDI_SECOND_FACTOR = False
    with whole_city():
        for name in ("张敏", "何督"):
            someone = personas.user(name)
            someone.set_password(PASSWORD)
            someone.password_set_at = right_now()
            someone.must_change_password = False
            someone.save()
    return city_db


def one_line_spoilt(path):
    """The file sent again with one digit of one id wrong, as it is typed wrong in an office."""
    content = path.read_bytes()
    found = ID.search(content)
    wrong = bytes([b"1234567890"[found[0][0] - ord("0")]]) + found[0][1:]
    return content[: found.start()] + wrong + content[found.end() :]


def log_in(page, login):
    page.goto("/")
    page.get_by_label("登录名").fill(login)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", name="工作台")).to_be_visible()


def test_an_officers_morning_is_found_in_the_journal(with_passwords, city_site, browser):
    files = with_passwords.files / "2026-06"
    sent = [
        {
            "name": "disability_allowance_2026-06_r2.csv",
            "mimeType": "text/csv",
            "buffer": one_line_spoilt(files / "disability_allowance_2026-06.csv"),
        },
        {
            "name": "tekun_roll_2026-06_r2.csv",
            "mimeType": "text/csv",
            "buffer": (files / "tekun_roll_2026-06.csv").read_bytes() + b"\r\n",
        },
        {"name": "会议通知.csv", "mimeType": "text/csv", "buffer": "时间,地点\n明天,会议室\n".encode("gb18030")},
    ]
    with site.page(browser, city_site) as page:
        log_in(page, "zhangmin")
        expect(page.get_by_role("heading", name="新增红色、橙色预警")).to_be_visible()

        page.get_by_role("link", name="交来件").first.click()
        page.locator("input[type=file]").set_input_files(sent)
        page.get_by_role("button", name="交给系统入库").click()
        listed = page.locator("#listed")
        expect(listed.get_by_text("待入库")).to_have_count(3)
        exchange.land_waiting(at=right_now())  # the worker's part
        expect(listed.get_by_text("已入库")).to_have_count(2)
        expect(listed.get_by_text("已拒收")).to_have_count(1)
        listed.locator("tr", has_text="disability_allowance").get_by_role("link", name="看每一行去了哪里").click()
        expect(page.get_by_text("退回").first).to_be_visible()

        page.goto("/alerts/")
        page.locator("tr", has=page.locator("td", has_text="*")).first.locator("a.row-link").click()
        expect(page.locator(".reason").first).to_be_visible()
        page.get_by_role("link", name="打开这一户").click()
        expect(page.get_by_role("heading", name="事实和来源")).to_be_visible()
        page.get_by_text("查看全文").first.click()
        page.get_by_label("为什么要看姓名和证件号码").first.fill(WHY)
        page.get_by_role("button", name="记录事由并查看").first.click()
        page.get_by_text("已记入流水，一分钟后自动遮盖").wait_for()
        shown = re.search(r"\d{17}[\dX]", page.locator("#members").inner_text())
        assert shown

    with site.page(browser, city_site) as page:
        log_in(page, "hedu")
        page.goto("/journal/?act=registry.reveal")
        row = page.locator("#journal tbody tr").first
        assert "zhangmin" in row.inner_text()
        assert WHY[:10] in row.inner_text()
        assert shown[0] not in page.content()
