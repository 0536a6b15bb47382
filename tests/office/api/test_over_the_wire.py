"""The API as another system meets it: over HTTP, with nothing but number and secret; and as quick as the pages are to be."""

import json
import urllib.error
import urllib.parse
import urllib.request

import pytest

import personas
from doudi.office.accounts.models import Organisation
from doudi.office.api import services
from doudi.office.common.roles import Role
from doudi.office.common.scope import whole_city
from doudi.office.monitoring.models import Alert
from office import samples

MOST_QUERIES = 12  # the budget of a list or a detail page


@pytest.fixture
def made(city_db):
    """Number and secret of a county's system."""
    with whole_city():
        organisation = Organisation.objects.get(kind="民政", division=370502000000).pk
        asked = services.Asked(
            "县区统一平台", "county-grid", organisation, Role.COUNTY_OFFICER, 370502000000, "按协议核查"
        )
        client = services.ask_client(actor=personas.actor("秦系"), at=personas.AT, asked=asked)
        return services.decide_client(client=client, approve=True, actor=personas.actor("尤安"), at=personas.AT)


def ask(address, headers=None, form=None):
    """Status, headers, JSON of an address."""
    body = urllib.parse.urlencode(form).encode() if form else None
    request = urllib.request.Request(address, data=body, headers=headers or {})  # noqa: S310  # the test's own site
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310  # as above
            return answer.status, answer.headers, json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers, json.load(error)


def test_a_system_takes_a_token_and_reads_its_county_page_by_page(made, city_site):
    form = {"grant_type": "client_credentials", "client_id": made.client_id, "client_secret": made.secret}
    status, headers, told = ask(f"{city_site}/api/token", form=form)
    assert (status, headers["Cache-Control"], headers["Set-Cookie"]) == (200, "no-store", None)
    bearer = {"Authorization": f"Bearer {told['access_token']}"}
    path, seen = "/api/v1/alerts?view=all&size=50", []
    while path:
        status, headers, page = ask(city_site + path, bearer)
        assert (status, headers["Content-Type"], headers["Set-Cookie"]) == (
            200,
            "application/json; charset=utf-8",
            None,
        )
        assert headers["Content-Security-Policy"].startswith("default-src 'self'")
        seen += page["alerts"]
        path = page["next"]
    with whole_city():
        here = Alert.objects.filter(managing_division__range=(370502000000, 370502999999)).exclude(status="cleared")
        assert {row["alert_id"] for row in seen} >= set(here.values_list("pk", flat=True))
    one = next(row for row in seen if row["household_ref"])
    _, _, alert = ask(f"{city_site}/api/v1/alerts/{one['alert_id']}", bearer)
    _, _, home = ask(f"{city_site}/api/v1/households/{one['household_ref']}", bearer)
    assert alert["reasons"]
    assert one["alert_id"] in {row["alert_id"] for row in home["alerts"]}
    assert "*" in home["people"][0]["name"]


def test_without_a_token_there_is_a_sentence_and_no_cookie(made, city_site):
    for path, form, expected in (
        ("/api/v1/alerts", None, 401),
        ("/api/v1/openapi.json", None, 200),
        ("/api/token", {"grant_type": "client_credentials", "client_id": made.client_id}, 401),
        ("/api/token", {"grant_type": "password", "username": "zhangmin", "password": "x"}, 401),
    ):
        status, headers, _ = ask(city_site + path, form=form)
        assert (status, headers["Set-Cookie"]) == (expected, None), path
    status, headers, told = ask(f"{city_site}/api/v1/alerts")
    assert headers["Content-Type"] == "application/problem+json"
    assert "令牌" in told["detail"]


@pytest.mark.parametrize(
    "path", ["alerts", "alerts/{alert}", "households/{household}", "counts?by=division,disposition"]
)
def test_an_answer_asks_the_database_no_oftener_than_a_page(made, client, django_assert_max_num_queries, path):
    form = {"grant_type": "client_credentials", "client_id": made.client_id, "client_secret": made.secret}
    headers = {"Authorization": f"Bearer {client.post('/api/token', form).json()['access_token']}"}
    (address,) = samples.fill([f"/api/v1/{path}"], "张敏")
    assert client.get(address, headers=headers).status_code == 200  # what a process learns once
    with django_assert_max_num_queries(MOST_QUERIES):
        assert client.get(address, headers=headers).status_code == 200
