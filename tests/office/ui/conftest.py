"""The gallery alone, without a database: a viewer is planted, the site is the real one otherwise."""

import contextlib
from functools import cache

import pytest
from django.conf import settings
from django.test import override_settings

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


@contextlib.contextmanager
def at_zhang_mins():
    """Every page is 张敏's meanwhile, without a database; static files bear their plain names."""
    middleware = [
        "doudi.office.config.headers.SecurityHeaders",
        "whitenoise.middleware.WhiteNoiseMiddleware",
        f"{__name__}.PlantedViewer",
    ]
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    told = {"MIDDLEWARE": middleware, "STORAGES": settings.STORAGES | {"staticfiles": plain}}
    with pytest.MonkeyPatch.context() as patch, override_settings(**told):
        patch.setattr("doudi.office.ui.navigation.entries", lambda: tuple(ENTRIES))
        patch.setattr("doudi.office.ui.chrome._names_of", lambda: names)
        yield


@pytest.fixture
def planted():
    """Settings under which every page is 张敏's."""
    with at_zhang_mins():
        yield settings


@pytest.fixture(scope="module")
def gallery_site():
    """The site's address."""
    with at_zhang_mins(), site.serving() as address:
        yield address


@pytest.fixture(scope="module")
def opened_gallery(browser, gallery_site):
    """`opened_gallery(width, large=…)` is a context manager: a page of its own on the gallery, all charts drawn."""

    @contextlib.contextmanager
    def open_gallery(width, *, large=False):
        with site.page(browser, gallery_site, {"width": width, "height": 900}) as page:
            if large:
                page.context.add_cookies([{"name": "doudi_size", "value": "large", "url": gallery_site}])
            page.goto("/gallery")
            page.locator("[data-chart] canvas, [data-chart] svg.map").nth(2).wait_for()
            yield page

    return open_gallery


@pytest.fixture
def gallery(opened_gallery):
    """Opens the gallery for this test alone: `gallery(width, large=…)` gives the page."""
    with contextlib.ExitStack() as stack:
        yield lambda width, *, large=False: stack.enter_context(opened_gallery(width, large=large))


@pytest.fixture(scope="module")
def looked_at(opened_gallery):
    """The same, opened once for all tests that only look."""
    with contextlib.ExitStack() as stack:
        yield cache(lambda width, *, large=False: stack.enter_context(opened_gallery(width, large=large)))
