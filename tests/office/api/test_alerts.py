"""The list of alerts over the API: the page's rows, within the jurisdiction, page by page; every refusal has its sentence."""

from datetime import timedelta

import pytest

from doudi.office.accounts.models import User
from doudi.office.common.clock import right_now
from doudi.office.common.codes import WHOLE
from doudi.office.common.scope import enter_scope
from office.api.answers import problem
from office.monitoring.conftest import FIRST


@pytest.fixture
def alerted(town, take):
    """One alert of each of the five households."""
    take(town.run(FIRST, *(town.alert(key, opened=FIRST) for key in range(1, 6))))


def test_the_list_is_what_lies_in_the_jurisdiction(alerted, sits):
    assert len(sits("周涛").read("alerts", view="all")["alerts"]) == 5
    mine = sits("张敏").read("alerts", view="all")["alerts"]
    assert len(mine) == 4
    assert {row["division"][:6] for row in mine} == {"370502"}
    assert len(sits("赵强").read("alerts", view="all")["alerts"]) == 1


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"level": "紫"}, "api.parameter"),
        ({"status": "closed"}, "api.parameter"),
        ({"place": "37050"}, "api.parameter"),
        ({"size": "7"}, "api.parameter"),
        ({"dispositon": "eligible"}, "api.unknown_parameter"),
        ({"level": ["红", "橙"]}, "api.parameter_twice"),
        ({"after": "x"}, "api.page_key"),
        ({"indicator": "a\x00"}, "api.unwritable"),
    ],
)
def test_what_is_not_understood_is_refused_and_never_passed_over(alerted, sits, asked, code):
    desk = sits("张敏")
    assert problem(desk.get("alerts", **asked), 422, code)
    assert desk.get("alerts", level="红", place="370502", size="100").status_code == 200


def test_who_is_nobody_is_told_to_take_a_token(alerted, client):
    answer = client.get("/api/v1/alerts")
    assert problem(answer, 401, "api.nobody")
    assert answer["WWW-Authenticate"] == "Bearer"
    assert not answer.cookies


def test_the_api_is_for_reading(alerted, sits):
    desk = sits("张敏")
    for method in (desk.client.post, desk.client.put, desk.client.delete, desk.client.patch):
        answer = method("/api/v1/alerts")
        assert problem(answer, 405, "api.method")
        assert answer["Allow"] == "GET"


@pytest.mark.parametrize(
    "path", ["/api/v1/alert", "/api/v1/", "/api/v2/alerts", "/api/v1/alerts/x/y", "/api/authorize"]
)
def test_what_is_no_address_is_told_in_the_same_shape(office_db, client, path):
    assert problem(client.get(path), 404, "api.no_address")


@pytest.mark.parametrize(
    "due", [{"must_change_password": True}, {"password_set_at": right_now() - timedelta(days=400)}]
)
def test_who_must_first_put_his_login_in_order_reads_nothing(alerted, sits, due):
    desk = sits("张敏")
    assert desk.get("alerts").status_code == 200
    enter_scope(*WHOLE)
    User.objects.filter(login="zhangmin").update(**due)
    assert problem(desk.get("alerts"), 403, "api.not_in_order")
