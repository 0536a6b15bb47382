"""The gallery alone, without a database: a viewer is planted, the site is the real one otherwise."""

import pytest

from doudi.office.accounts.scope import Viewer
from doudi.office.common.roles import Role
from doudi.office.ui.navigation import Entry
from office import site

COUNTY = 370505000000
OFFICER = Viewer(None, "zhangmin", "张敏", Role.COUNTY_OFFICER, COUNTY)
ENTRIES = [
    Entry("陈列", "ui:gallery", frozenset(Role)),
    Entry("标识", "ui:mark", frozenset(Role), "其他"),
    Entry("安全员的入口", "ui:watermark", frozenset({Role.SECURITY_ADMIN}), "其他"),
]


def names(codes):
    return dict.fromkeys(codes, "垦利区")


class PlantedViewer:
    """In place of accounts' middleware."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.viewer = OFFICER
        return self.get_response(request)


@pytest.fixture
def planted(settings, monkeypatch):
    """Settings under which every page is 张敏's."""
    settings.MIDDLEWARE = [
        "doudi.office.config.headers.SecurityHeaders",
        "whitenoise.middleware.WhiteNoiseMiddleware",
        f"{__name__}.PlantedViewer",
    ]
    monkeypatch.setattr("doudi.office.ui.navigation.entries", lambda: tuple(ENTRIES))
    monkeypatch.setattr("doudi.office.ui.chrome._names_of", lambda: names)
    return settings


@pytest.fixture
def gallery_site(planted):
    """The site's address."""
    with site.serving() as address:
        yield address


@pytest.fixture
def gallery(browser, gallery_site):
    """Opens the gallery: `gallery(width, large=…)` gives the page."""
    opened = []

    def open_gallery(width, *, large=False):
        held = site.page(browser, gallery_site, {"width": width, "height": 900})
        page = held.__enter__()
        opened.append(held)
        if large:
            page.context.add_cookies([{"name": "doudi_size", "value": "large", "url": gallery_site}])
        page.goto("/gallery")
        page.locator("[data-chart] canvas, [data-chart] svg.map").nth(2).wait_for()
        return page

    yield open_gallery
    for held in opened:
        held.__exit__(None, None, None)
