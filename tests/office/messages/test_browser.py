"""A village helper's morning: the head says that something waits, the keyboard opens it, it says whom to visit."""

import pytest

from doudi.office.common.masking import name as covered
from doudi.office.common.scope import whole_city
from doudi.office.messages.models import Message
from doudi.office.registry.models import Household
from doudi.office.registry.selectors import households
from office import site
from office.test_pages_accessible import cookies

pytestmark = pytest.mark.browser


def heads(name):
    """The names of the heads of the households that this person's newest digest points at, in plain."""
    import personas  # noqa: PLC0415  # Django must be up before models are read
    from doudi.office.accounts.scope import Viewer  # noqa: PLC0415  # as above
    from doudi.office.common.roles import Role  # noqa: PLC0415  # as above

    with whole_city():
        row = Message.objects.filter(recipient_id=personas.user(name).pk, kind="digest").order_by("-pk").first()
        if not row.households:  # more than a message points at: two of them will do
            lo, hi = Viewer(1, "x", "x", Role.VILLAGE_HELPER, personas.everybody()[name].division).range
            found = Household.objects.filter(managing_division__range=(lo, hi), present=True).order_by("pk")[:2]
            row.households = [home.pk for home in found]
            row.save()
        machine = Viewer(None, "monitor", "监测", Role.MACHINE, 0)
        return [home.head_name for home in households(machine, row.households).values() if home.head_name]


@pytest.mark.parametrize(("name", "plain"), [("王芳", True), ("李伟", False)])
def test_the_head_says_that_something_waits_and_the_keyboard_opens_it(city_site, browser, name, plain):
    named = heads(name)
    assert named
    with site.page(browser, city_site, site.PHONE) as page:
        page.context.add_cookies(cookies(name, city_site))
        page.goto("/")
        before = int(page.locator(".head-count").inner_text())
        page.get_by_role("link", name="消息").first.click()
        page.wait_for_url("**/messages/")
        digest = page.get_by_role("link", name="监测有新增").first
        page.keyboard.press("j")
        assert page.evaluate("document.activeElement.hasAttribute('data-row-link')")
        digest.focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/messages/*")
        shown = page.locator("#homes").inner_text()
        assert all((each in shown) is plain for each in named)
        assert plain or all(covered(each) in shown for each in named)
        left = page.locator(".head-count")
        assert (int(left.inner_text()) if left.count() else 0) == before - 1
        page.get_by_role("link", name="看新增的").click()
        page.wait_for_url("**/alerts/?status=new")
