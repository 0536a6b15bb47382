"""Every page as people meet it: no violation of WCAG 2.2 AA, nothing sticks out, controls for a thumb in 大字版.

`DOUDI_SHOTS=folder` keeps a picture of each page, to be looked at.
"""

import os
from pathlib import Path

import pytest
from django.test import Client

import personas
from doudi.office.common.scope import whole_city
from office import axe, samples, site

pytestmark = pytest.mark.browser

# Who looks at what. A page stands here once, with the person who has most to see on it.
PAGES = {
    "张敏": ["/", "/dashboard/", "/alerts/", "/alerts/{alert}", "/households/{household}", "/search", "/exchange/", "/exchange/batches/",
            "/exchange/batches/{batch}", "/exchange/holds/", "/exchange/coverage", "/runs/", "/runs/{run}", "/exports/", "/journal/"],
    "周涛": ["/dashboard/", "/dashboard/370502000000", "/exchange/holds/{hold}"],
    "王芳": ["/", "/alerts/", "/households/{household}"],
    "郑医": ["/", "/exchange/"],
    "秦系": ["/", "/accounts/", "/accounts/users/{user}", "/accounts/organisations/", "/accounts/supervision/", "/divisions/"],
    "尤安": ["/", "/accounts/waiting/"],
    "许审": ["/", "/journal/", "/journal/{entry}"],
    "何督": ["/", "/journal/", "/dashboard/"],
}  # fmt: skip


def cookies(name, address, *, large=False):
    with whole_city():
        client = personas.log_in(Client(), name)
    found = [{"name": "doudi_session", "value": client.cookies["doudi_session"].value, "url": address}]
    return [*found, {"name": "doudi_size", "value": "large", "url": address}] if large else found


def keep(page, name, path, width):
    folder = os.environ.get("DOUDI_SHOTS")
    if folder:
        place = path.strip("/").replace("/", "_") or "home"
        page.screenshot(path=Path(folder) / f"{name}_{place[:40]}_{width}.png", full_page=True)


@pytest.mark.parametrize("name", PAGES)
def test_pages_can_be_used_by_everybody(city_site, browser, name):
    complaints = []
    for viewport in (site.DESK, site.PHONE):
        with site.page(browser, city_site, viewport) as page:
            page.context.add_cookies(cookies(name, city_site))
            for path in samples.fill(PAGES[name], name):
                answer = page.goto(path)
                assert answer.ok, f"{name} {path}: {answer.status}"
                page.wait_for_load_state("networkidle")
                found, page.complaints[:] = list(page.complaints), []
                complaints += [f"{viewport['width']} {path} {each}" for each in [*found, *axe.violations(page)]]
                page.complaints.clear()  # axe styles what it measures, which the page's own policy forbids
                keep(page, name, path, viewport["width"])
    assert not complaints, "\n".join(complaints)


@pytest.mark.parametrize("name", PAGES)
def test_in_large_letters_controls_fit_a_thumb_and_nothing_sticks_out(city_site, browser, name):
    complaints = []
    for width in (360, 1440):
        with site.page(browser, city_site, {"width": width, "height": 800}) as page:
            page.context.add_cookies(cookies(name, city_site, large=True))
            for path in samples.fill(PAGES[name], name):
                page.goto(path)
                complaints += [f"{width} {path} small: {each}" for each in axe.small_controls(page)]
                complaints += [f"{width} {path} wide: {each}" for each in axe.overflow(page)]
    assert not complaints, "\n".join(complaints)


def test_nothing_sticks_out_on_the_smallest_phone(city_site, browser):
    complaints = []
    for name, paths in PAGES.items():
        with site.page(browser, city_site, {"width": 360, "height": 800}) as page:
            page.context.add_cookies(cookies(name, city_site))
            for path in samples.fill(paths, name):
                page.goto(path)
                complaints += [f"{name} {path}: {each}" for each in axe.overflow(page)]
    assert not complaints, "\n".join(complaints)
