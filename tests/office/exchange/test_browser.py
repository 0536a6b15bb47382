"""在真的浏览器里交来件：选三个文件，看着进度自己更新，点开批次，取回退回的行。"""

import os
import threading
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from playwright.sync_api import expect

import personas
from doudi.office.common.clock import right_now
from doudi.office.common.scope import whole_city
from doudi.office.exchange import services
from office import axe, site
from office.exchange.people import ROLL, SETTLED, broken_roll, settlements

pytestmark = pytest.mark.browser

SHOTS = os.environ.get("DOUDI_SHOTS")  # a folder, for whoever looks at the pages


def look_at(page, name):
    """At both widths: nothing against WCAG 2.2 AA, nothing that sticks out."""
    for viewport in (site.PHONE, site.DESK):
        page.set_viewport_size(viewport)
        assert axe.violations(page) == []
        page.complaints.clear()  # axe styles what it measures, which the page's own policy forbids
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{name} sticks out"
        if SHOTS:
            page.screenshot(path=Path(SHOTS) / f"{name}-{viewport['width']}.png", full_page=True)


def seated(page, name, address):
    with whole_city():
        client = personas.log_in(Client(), name)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": address}])


def as_the_worker():
    """One turn of the worker, in a thread as it has one."""

    def turn():
        services.land_waiting(at=right_now())
        connection.close()

    thread = threading.Thread(target=turn)
    thread.start()
    thread.join()


def test_a_county_officer_sends_three_files_one_of_them_broken(page, office_site):
    seated(page, "张敏", office_site)
    page.goto("/exchange/")
    look_at(page, "empty")
    page.set_input_files(
        "input[name=files]",
        [
            {"name": ROLL, "mimeType": "text/csv", "buffer": broken_roll()},
            {"name": SETTLED, "mimeType": "text/csv", "buffer": settlements()},
            {"name": "说明.csv", "mimeType": "text/csv", "buffer": "请查收\n".encode()},
        ],
    )
    page.get_by_role("button", name="交给系统入库").click()
    page.get_by_text("收下 3 个文件").wait_for()
    expect(page.get_by_text("待入库")).to_have_count(3)
    look_at(page, "waiting")
    as_the_worker()
    page.get_by_text("已拒收").wait_for()  # the list asked by itself
    expect(page.locator("#listed").get_by_text("已入库")).to_have_count(2)
    site.at_rest(page)
    look_at(page, "landed")
    page.get_by_role("row", name=ROLL).get_by_role("link").click()
    page.get_by_text("账平").wait_for()
    look_at(page, "batch")
    with page.expect_download() as taken:
        page.get_by_role("button", name="取回改正（Excel）").click()
    assert taken.value.suggested_filename.startswith("dibao_roll_2026-03")
    for place, name in (
        ("/exchange/batches/", "batches"),
        ("/exchange/coverage", "coverage"),
        ("/exchange/holds/", "holds"),
    ):
        page.goto(place)
        look_at(page, name)
