"""Every page as people meet it: no violation of WCAG 2.2 AA, nothing sticks out, controls for a thumb in 大字版.

`DOUDI_SHOTS=folder` keeps a picture of each page, to be looked at.
"""

import contextlib
import os
from pathlib import Path

import pytest
from django.test import Client

import personas
from doudi.office.common.scope import whole_city
from office import axe, samples, site

pytestmark = pytest.mark.browser

SMALLEST = {"width": 360, "height": 800}

# Who looks at what. A page stands here once, with the person who has most to see on it.
PAGES = {
    "张敏": ["/", "/dashboard/", "/alerts/", "/alerts/{alert}", "/households/{household}", "/search", "/exchange/", "/exchange/batches/",
            "/exchange/batches/{batch}", "/exchange/holds/", "/exchange/coverage", "/runs/", "/runs/{run}", "/exports/", "/journal/",
            "/messages/", "/messages/{message}", "/messages/kinds"],
    "周涛": ["/dashboard/", "/dashboard/370502000000", "/exchange/holds/{hold}"],
    "王芳": ["/", "/alerts/", "/households/{household}", "/messages/", "/messages/{message}"],
    "郑医": ["/", "/exchange/", "/messages/"],
    "秦系": ["/", "/accounts/", "/accounts/users/{user}", "/accounts/organisations/", "/accounts/supervision/", "/clients/",
            "/divisions/", "/divisions/changes"],
    "尤安": ["/", "/accounts/waiting/"],
    "许审": ["/", "/journal/", "/journal/{entry}"],
    "何督": ["/", "/journal/", "/dashboard/"],
}  # fmt: skip


def cookies(name, address, *, large=False):
    with whole_city():
        client = personas.log_in(Client(), name)
    found = [{"name": "doudi_session", "value": client.cookies["doudi_session"].value, "url": address}]
    return [*found, {"name": "doudi_size", "value": "large", "url": address}] if large else found


def keep(page, name, path):
    folder = os.environ.get("DOUDI_SHOTS")
    if folder:
        place = path.strip("/").replace("/", "_") or "home"
        width = page.viewport_size["width"]
        page.screenshot(path=Path(folder) / f"{name}_{place[:40]}_{width}.png", full_page=True)


def drawn(page):
    """Waits until each chart that a script draws is there; then nothing on the page moves any more."""
    charts = page.locator("[data-chart]")
    for number in range(charts.count()):
        charts.nth(number).locator("canvas, svg").first.wait_for(state="attached")


@pytest.fixture(scope="module")
def address(city_of_the_file):
    with site.serving() as address:
        yield address


@pytest.fixture
def seat(address, city_to_look_at, browser):
    """Opens a page at which the person sits: `with seat(name, viewport, large=…) as page`."""

    @contextlib.contextmanager
    def opened(name, viewport, *, large=False):
        with site.page(browser, address, viewport) as page:
            page.context.add_cookies(cookies(name, address, large=large))
            yield page

    return opened


@pytest.mark.parametrize("name", PAGES)
def test_pages_can_be_used_by_everybody(seat, name):
    complaints = []
    with seat(name, site.PHONE) as page:
        for path in samples.fill(PAGES[name], name):
            page.set_viewport_size(site.PHONE)
            answer = page.goto(path)
            assert answer.ok, f"{name} {path}: {answer.status}"
            for viewport in (site.PHONE, SMALLEST, site.DESK):
                page.set_viewport_size(viewport)
                drawn(page)
                told = [*page.complaints, *axe.overflow(page)]
                told += axe.violations(page) if viewport is not SMALLEST else []
                page.complaints.clear()  # axe styles what it measures, which the page's own policy forbids
                complaints += [f"{viewport['width']} {path} {each}" for each in told]
                keep(page, name, path)
    assert not complaints, "\n".join(complaints)


@pytest.mark.parametrize("name", PAGES)
def test_in_large_letters_controls_fit_a_thumb_and_nothing_sticks_out(seat, name):
    complaints = []
    with seat(name, site.DESK, large=True) as page:
        for path in samples.fill(PAGES[name], name):
            page.goto(path)
            for viewport in (site.DESK, SMALLEST):
                page.set_viewport_size(viewport)
                found = [f"small: {each}" for each in axe.small_controls(page)]
                found += [f"wide: {each}" for each in axe.overflow(page)]
                complaints += [f"{viewport['width']} {path} {each}" for each in found]
    assert not complaints, "\n".join(complaints)
