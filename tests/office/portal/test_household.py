"""What a household's page shows, to whom."""

import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

import personas
from doudi.office.audit.models import Entry
from doudi.office.common.codes import WHOLE
from doudi.office.common.scope import enter_scope, whole_city
from office import samples

WHO = ["张敏", "张审", "李伟", "周涛", "吴静", "何督"]


@pytest.mark.parametrize("name", WHO)
def test_staff_see_members_masked(street, seated, name):
    body = seated(name).get(f"/households/{street['town']}").content.decode()
    assert "家庭成员" in body
    assert "甲2户主" not in body
    assert "379901198" not in body


def test_the_opening_is_journalled(street, seated):
    seated("李伟").get(f"/households/{street['village']}")
    enter_scope(*WHOLE)
    entry = Entry.objects.get(act="registry.read")
    assert (entry.actor, entry.subject, entry.outcome) == ("liwei", street["village"], "done")


@pytest.mark.parametrize("where", ["next town", "next county", "city", "county"])
def test_a_town_officer_finds_no_household_outside_his_town(street, seated, where):
    assert seated("李伟").get(f"/households/{street[where]}").status_code == 404


def test_who_asks_for_a_household_that_is_not_found_is_journalled_too(street, seated):
    seated("赵强").get(f"/households/{street['village']}")
    enter_scope(*WHOLE)
    assert Entry.objects.get(act="registry.read").outcome == "refused"


def test_a_ref_that_is_nobodys_is_not_found(street, seated):
    assert seated("张敏").get(f"/households/{uuid.uuid4().hex}").status_code == 404


def test_a_village_helper_sees_whom_to_visit_and_no_hardship(street, seated):
    body = seated("王芳").get(f"/households/{street['village']}").content.decode()
    assert "去哪一家" in body
    assert "最低生活保障" not in body


@pytest.mark.parametrize("name", ["郑医", "秦系", "尤安", "许审"])
def test_who_has_no_business_with_households_finds_none(street, seated, name):
    assert seated(name).get(f"/households/{street['village']}").status_code == 404


def test_what_became_of_its_alerts_stands_among_what_was_done_about_the_household(city_db):
    with whole_city():
        client = personas.log_in(Client(), "张敏")
    address = samples.fill(["/households/{household}"], "张敏")[0]
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        body = client.get(address).content.decode()
    history = body[body.index('id="history"') :]
    assert history.index("查看一户") < history.index("发现并开出")  # the newest first
    assert len(asked) <= 15  # with the beginning and the end of the transaction
