"""The pages of the registry: search by POST alone, an identity opened once, and neither kept by anybody on the way."""

import re

import pytest
from django.test import Client

import personas
from doudi.office.audit.models import Entry
from doudi.office.common.codes import WHOLE
from doudi.office.common.scope import enter_scope
from doudi.office.registry.models import Household

HERE = 370502004025
WHY = {"why": "入户走访前核对本人"}


@pytest.fixture
def home(city):
    (head,) = city.household(HERE, "岫如曦")
    city.taken_over()
    return Household.objects.get(pk=head)


@pytest.fixture
def address(city, home):
    return f"/households/{home.ref.hex}/members/{city.vault.ref(home.pk)}/reveal"


def journal():
    enter_scope(*WHOLE)
    return Entry.objects.order_by("-pk").first()


def test_a_search_finds_a_masked_person_and_leads_to_the_household(client, home):
    body = personas.log_in(client, "张敏").post("/search", {"q": "岫如曦"})
    text = body.content.decode()
    assert body.status_code == 200
    assert "岫**" in text
    assert f"/households/{home.ref.hex}" in text
    assert "37990119800000001X" not in text
    assert "no-store" in body["Cache-Control"]


def test_what_was_typed_into_an_address_is_not_searched_for(client, home):
    answer = personas.log_in(client, "张敏").get("/search?q=岫如曦")
    text = answer.content.decode()
    assert "不放在网址里" in text
    assert "岫" not in text


def test_who_searched_too_often_is_told_until_when_and_finds_nobody(client, home, settings):
    settings.DOUDI_SEARCHES = 1
    personas.log_in(client, "张敏")
    assert client.post("/search", {"q": "岫如曦"}).status_code == 200
    answer = client.post("/search", {"q": "岫如曦"})
    assert answer.status_code == 422
    assert "查人已有 1 次" in answer.content.decode()
    assert "岫**" not in answer.content.decode()
    assert (journal().act, journal().outcome) == ("accounts.throttled", "refused")


@pytest.mark.parametrize("typed", ["岫", "", "1234", "王" * 100])
def test_too_little_or_too_much_gets_a_sentence_beside_the_field_and_keeps_what_was_typed(client, home, typed):
    answer = personas.log_in(client, "张敏").post("/search", {"q": typed})
    assert answer.status_code == 422
    assert "field-error" in answer.content.decode()
    assert f'value="{typed}"' in answer.content.decode()


def test_the_neighbour_county_finds_nobody_and_is_told_what_to_do(client, home):
    text = personas.log_in(client, "赵强").post("/search", {"q": "岫如曦"}).content.decode()
    assert "辖区内没有查到" in text
    assert "岫**" not in text


def test_a_reason_opens_the_identity_once_and_the_journal_has_it(city, client, home, address):
    answer = personas.log_in(client, "张敏").post(address, WHY, headers={"HX-Request": "true", "HX-Target": "m1-box"})
    text = answer.content.decode()
    assert "岫如曦 37990119800000001X" in text
    assert 'id="m1-box"' in text
    assert "delay:60s" in text
    assert "no-store" in answer["Cache-Control"]
    entry = journal()
    assert (entry.act, entry.whose, entry.why) == ("registry.reveal", city.vault.ref(home.pk), WHY["why"])


def test_after_a_minute_the_same_place_is_masked_again(client, home, address):
    answer = personas.log_in(client, "张敏").get(address, headers={"HX-Request": "true", "HX-Target": "m1-box"})
    text = answer.content.decode()
    assert "岫** 3799**********001X" in text
    assert 'id="m1-box"' in text
    assert "<html" not in text


def test_without_script_the_identity_is_a_page_of_its_own(client, home, address):
    text = personas.log_in(client, "张敏").post(address, WHY).content.decode()
    assert "<html" in text
    assert "37990119800000001X" in text


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true", "HX-Target": "m1-box"}])
def test_a_reason_too_short_is_said_beside_the_field_and_nothing_is_shown(client, home, address, headers):
    answer = personas.log_in(client, "张敏").post(address, {"why": "看看"}, headers=headers)
    text = answer.content.decode()
    assert "不少于 4 个字" in text
    assert "看看" in text
    assert "37990119800000001X" not in text
    assert journal().outcome == "refused"


@pytest.mark.parametrize("name", ["赵强", "王芳"])
def test_who_may_not_open_it_does_not_and_the_journal_knows(client, home, address, name):
    answer = personas.log_in(client, name).post(address, WHY)
    assert answer.status_code in {404, 422}
    assert "37990119800000001X" not in answer.content.decode()
    assert journal().outcome == "refused"


def test_an_external_supervisor_may_search_and_open(client, home, address):
    seated = personas.log_in(client, "何督")
    assert "岫**" in seated.post("/search", {"q": "岫如曦"}).content.decode()
    assert "37990119800000001X" in seated.post(address, WHY).content.decode()


@pytest.mark.parametrize("name", ["秦系", "尤安", "许审", "郑医"])
def test_administrators_and_departments_find_no_such_page(client, home, address, name):
    seated = personas.log_in(client, name)
    assert seated.get("/search").status_code == 404
    assert seated.post("/search", {"q": "岫如曦"}).status_code == 404
    assert seated.post(address, WHY).status_code == 404


def test_the_address_of_one_household_opens_nobody_of_another(city, client, home):
    (other,) = city.household(HERE, "于人")
    city.taken_over()
    address = f"/households/{home.ref.hex}/members/{city.vault.ref(other)}/reveal"
    assert personas.log_in(client, "张敏").post(address, WHY).status_code == 404


def test_the_box_of_a_forged_target_is_our_own(client, home, address):
    headers = {"HX-Request": "true", "HX-Target": '"><script>-box'}
    text = personas.log_in(client, "张敏").post(address, WHY, headers=headers).content.decode()
    assert "<script>" not in text


def test_the_forms_carry_the_token_that_the_middleware_asks_for(city, home, address):
    """As in an installation, where a form without its token is refused."""
    strict = personas.log_in(Client(enforce_csrf_checks=True), "张敏")
    for page, told in (("/search", {"q": "岫如曦"}), (address, WHY)):
        assert strict.post(page, told).status_code == 403
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', _main(strict.get(page).content.decode()))[1]
        assert strict.post(page, told | {"csrfmiddlewaretoken": token}).status_code == 200


def _main(page):
    """The page without its frame, whose forms carry tokens of their own."""
    return page.partition("<main")[2]
