"""An identity on a real screen: opened with a reason in its place, masked again after a minute."""

import pytest
from django.test import Client

import personas
from doudi.office.common.scope import whole_city
from doudi.office.registry.models import Household
from office import site
from office.registry.conftest import City

pytestmark = pytest.mark.browser

HERE = 370502001011


@pytest.fixture
def home(own_office_db, vault):
    """One household of the village where 王芳 helps, in 张敏's county."""
    personas.divisions()
    city = City(vault)
    (head, _) = city.household(HERE, {"name": "岫如曦", "tiers": ["dibao"]}, "汀知")
    city.taken_over()
    with whole_city():
        ref = Household.objects.get(pk=head).ref.hex
    return f"/households/{ref}/members/{vault.ref(head)}/reveal"


@pytest.fixture
def seated(home, page, office_site):
    """张敏 sits at the browser."""
    cookies = personas.log_in(Client(), "张敏").cookies
    page.context.add_cookies(
        [{"name": name, "value": told.value, "url": office_site} for name, told in cookies.items()]
    )
    return page


def test_an_identity_opens_in_its_place_and_is_masked_again_after_a_minute(seated, home):
    seated.clock.install()
    seated.goto(home)
    seated.get_by_text("查看全文").click()
    seated.get_by_label("为什么要看姓名和证件号").fill("入户走访前核对本人")
    seated.get_by_role("button", name="记录事由并查看").click()
    seated.get_by_text("岫如曦 37990119800000001X").wait_for()
    assert seated.url.endswith("/reveal")
    site.at_rest(seated)  # by then the page has begun to count its minute
    seated.clock.fast_forward("01:01")
    seated.get_by_text("岫** 3799**********001X").wait_for()
    assert "岫如曦" not in seated.content()


def test_a_reason_too_short_is_said_beside_the_field_and_what_was_typed_stays(seated, home):
    seated.goto(home)
    seated.get_by_text("查看全文").click()
    seated.get_by_label("为什么要看姓名和证件号").fill("看看")
    seated.get_by_role("button", name="记录事由并查看").click()
    seated.get_by_text("不少于 4 个字").wait_for()
    assert seated.get_by_label("为什么要看姓名和证件号").input_value() == "看看"


@pytest.mark.parametrize("width", [1440, 390, 360])
def test_the_search_page_fits_the_screen_and_finds_by_keyboard_alone(seated, width):
    seated.set_viewport_size({"width": width, "height": 900})
    seated.goto("/search")
    seated.get_by_label("姓名、证件号码或户号").first.focus()
    seated.keyboard.type("如曦")
    seated.keyboard.press("Enter")
    seated.get_by_role("link", name="打开这一户").first.wait_for()
    assert "如曦" not in seated.url
    assert seated.evaluate("document.documentElement.scrollWidth <= innerWidth")
