"""Letting a system in: two persons, a secret told once, a token for minutes; whoever is put out is out at once."""

import base64
import hashlib
import logging
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.test import Client as Browser
from django.urls import get_resolver
from oauth2_provider.models import AccessToken, Application

import personas
from doudi.errors import Refusal
from doudi.office.accounts.models import Organisation
from doudi.office.api import selectors, services
from doudi.office.api.models import Client
from doudi.office.audit.models import Entry
from doudi.office.common.clock import right_now
from doudi.office.common.codes import WHOLE
from doudi.office.common.roles import Role
from doudi.office.common.scope import enter_scope
from office.addresses import addresses
from office.api.answers import problem
from office.monitoring.conftest import FIRST

AT = personas.AT


@pytest.fixture
def office(whole_city):
    """The administrators' rows, and the key of the city's civil affairs."""
    for name in ("秦系", "尤安", "周涛", "张敏"):
        personas.user(name)
    return Organisation.objects.get(kind="民政", division=370500000000).pk


def asked(organisation, /, **more):
    given = {
        "name": "市统一平台", "code": "city-platform", "organisation": organisation, "role": Role.CITY_OFFICER,
        "division": 370500000000, "purpose": "全市监测统计",
    }  # fmt: skip
    return services.Asked(**given | more)


def ask(organisation, /, **more):
    return services.ask_client(actor=personas.actor("秦系"), at=AT, asked=asked(organisation, **more))


def admit(organisation, /, **more):
    client = ask(organisation, **more)
    return client, services.decide_client(client=client, approve=True, actor=personas.actor("尤安"), at=AT)


def take(made, client=None, **form):
    told = {"grant_type": "client_credentials", "client_id": made.client_id, "client_secret": made.secret} | form
    return (client or Browser()).post("/api/token", told)


def bearer(made):
    return {"Authorization": f"Bearer {take(made).json()['access_token']}"}


def read(path, headers, **asked_for):
    return Browser(raise_request_exception=False).get(f"/api/v1/{path}", asked_for, headers=headers)


def journal(act):
    enter_scope(*WHOLE)
    return list(Entry.objects.filter(act=act).order_by("pk").values_list("actor", "outcome", "why"))


# --- admitted by two -------------------------------------------------------------------------------------


def test_one_asks_another_admits_and_only_then_is_there_a_secret(office):
    client = ask(office)
    assert client.application is None
    with pytest.raises(Refusal) as refused:
        services.decide_client(client=client, approve=True, actor=personas.actor("秦系"), at=AT)
    assert refused.value.code == "audit.not_your_move"
    made = services.decide_client(client=client, approve=True, actor=personas.actor("尤安"), at=AT)
    client.refresh_from_db()
    assert client.state == "active"
    assert client.application.client_id == made.client_id
    assert made.secret not in client.application.client_secret, "hashed"
    assert client.application.client_secret.startswith("md5$")  # the tests' hasher


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"role": Role.SUPERVISOR}, "api.role"),
        ({"role": Role.VILLAGE_HELPER}, "api.role"),
        ({"role": Role.SYSTEM_ADMIN}, "api.role"),
        ({"role": Role.TOWN_OFFICER}, "accounts.role_level"),
        ({"division": 370600000000}, "accounts.division"),
        ({"division": 370000000000, "role": Role.PROVINCE_OFFICER}, "accounts.beyond"),
        ({"organisation": 0}, "accounts.no_organisation"),
        ({"purpose": "  "}, "api.purpose"),
    ],
)
def test_what_does_not_fit_is_refused_and_what_fits_is_asked_for(office, more, code):
    with pytest.raises(Refusal) as refused:
        ask(office, **more)
    assert refused.value.code == code
    assert ask(office).state == "asked"


def test_a_name_or_a_code_is_taken_once(office):
    ask(office)
    for more in ({"name": "另一个"}, {"code": "another"}):
        with pytest.raises(Refusal, match="同名或同代号"):
            ask(office, **more)


@pytest.mark.parametrize("name", ["尤安", "周涛"])
def test_only_the_system_administrator_asks(office, name):
    with pytest.raises(Refusal, match="系统管理员"):
        services.ask_client(actor=personas.actor(name), at=AT, asked=asked(office))


def test_a_declined_client_never_had_a_secret(office):
    client = ask(office)
    assert (
        services.decide_client(client=client, approve=False, actor=personas.actor("尤安"), at=AT, why="不需要") is None
    )
    assert (client.state, Application.objects.count()) == ("declined", 0)


# --- the token -------------------------------------------------------------------------------------------


def test_number_and_secret_give_a_token_for_minutes(office):
    _, made = admit(office)
    answer = take(made)
    told = answer.json()
    assert (answer.status_code, told["token_type"], told["scope"]) == (200, "Bearer", "read")
    assert told["expires_in"] == settings.OAUTH2_PROVIDER["ACCESS_TOKEN_EXPIRE_SECONDS"] <= 900
    assert "refresh_token" not in told
    assert answer["Cache-Control"] == "no-store"
    assert not answer.cookies
    assert journal("api.token") == [("api:city-platform", "done", "全市监测统计")]
    assert Client.objects.get().used_at is not None


def test_they_may_stand_in_the_header_too(office):
    _, made = admit(office)
    shown = base64.b64encode(f"{made.client_id}:{made.secret}".encode()).decode()
    answer = Browser().post(
        "/api/token", {"grant_type": "client_credentials"}, headers={"Authorization": f"Basic {shown}"}
    )
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("form", "status", "code", "error"),
    [
        ({"client_secret": "wrong"}, 401, "api.client", "invalid_client"),
        ({"client_secret": ""}, 401, "api.client", "invalid_client"),
        ({"client_id": "nobody"}, 401, "api.client", "invalid_client"),
        ({"client_id": "a\x00b"}, 401, "api.client", "invalid_client"),
        ({"grant_type": "password"}, 400, "api.grant", "unsupported_grant_type"),
        ({"grant_type": "authorization_code"}, 400, "api.grant", "unsupported_grant_type"),
        ({"grant_type": "refresh_token"}, 400, "api.grant", "unsupported_grant_type"),
        ({"grant_type": ""}, 400, "api.grant", "invalid_request"),
        ({"scope": "write"}, 400, "api.grant", "invalid_scope"),
        ({"scope": "read write"}, 400, "api.grant", "invalid_scope"),
    ],
)
def test_a_wrong_request_gets_a_sentence_and_no_token(office, form, status, code, error):
    _, made = admit(office)
    assert problem(take(made, **form), status, code)["error"] == error
    assert not AccessToken.objects.exists()
    assert take(made, scope="read").status_code == 200


def test_the_secret_in_an_address_and_a_get_are_refused(office):
    _, made = admit(office)
    path = f"/api/token?client_id={made.client_id}&client_secret={made.secret}"
    assert problem(Browser().post(path, {"grant_type": "client_credentials"}), 422, "api.secret_in_address")
    assert problem(Browser().get("/api/token"), 405, "api.method")
    _, other = admit(office, name="另一个", code="other")
    answer = Browser().get(f"/api/v1/alerts?access_token={take(other).json()['access_token']}")
    assert problem(answer, 401, "api.nobody")


def test_after_failures_in_a_row_even_the_right_secret_waits(office):
    client, made = admit(office)
    for _ in range(settings.DOUDI_LOCK_AFTER):
        take(made, client_secret="wrong")  # noqa: S106  # opens nothing
    assert problem(take(made), 401, "api.client")
    client.refresh_from_db()
    later = client.locked_until + timedelta(seconds=1)
    assert services.identify(client_id=made.client_id, secret=made.secret, at=later) == client
    assert [row[1] for row in journal("api.token")] == ["refused"] * (settings.DOUDI_LOCK_AFTER + 1)


def test_a_success_forgets_the_failures(office):
    client, made = admit(office)
    take(made, client_secret="wrong")  # noqa: S106  # as above
    take(made)
    client.refresh_from_db()
    assert client.failures == 0


def test_too_many_failures_from_one_address_shut_it_whatever_number_is_tried(office, settings):
    settings.DOUDI_LOGIN_FAILURES = 3
    _, made = admit(office)
    for number in ("a", "b", "c"):
        assert take(made, client_id=number).status_code == 401
    assert problem(take(made), 429, "accounts.too_many_failures")
    settings.DOUDI_LOGIN_FAILURES = 0
    assert take(made).status_code == 200


def test_what_was_never_admitted_or_was_declined_gets_none(office):
    client, made = admit(office)
    Client.objects.filter(pk=client.pk).update(state="asked")
    assert problem(take(made), 401, "api.client")


# --- what the database and the logs keep -----------------------------------------------------------------


def test_of_a_token_and_of_a_secret_nothing_lies_in_the_database(office):
    _, made = admit(office)
    token = take(made).json()["access_token"]
    kept = AccessToken.objects.get()
    assert (kept.token, kept.token_checksum) == ("", hashlib.sha256(token.encode()).hexdigest())
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'public'")
        for (name,) in cursor.fetchall():
            found = f'SELECT count(*) FROM "{name}" AS t WHERE t::text LIKE %s OR t::text LIKE %s'
            cursor.execute(found, [f"%{token}%", f"%{made.secret}%"])
            assert cursor.fetchone() == (0,), name


def test_no_token_and_no_secret_gets_into_a_log(office, caplog):
    caplog.set_level(logging.INFO)
    for name in ("oauthlib", "oauth2_provider"):
        assert logging.getLogger(name).getEffectiveLevel() >= logging.WARNING
    _, made = admit(office)
    headers = bearer(made)
    read("alerts", headers)
    read("alerts", {"Authorization": headers["Authorization"] + "x"})
    take(made, scope="write")
    assert not {made.secret, headers["Authorization"].split()[1]} & set(caplog.text.split())


def test_the_database_itself_refuses_every_other_grant(office):
    for table in ("grant", "refreshtoken", "idtoken", "devicegrant"):
        with (
            pytest.raises(DatabaseError, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"INSERT INTO oauth2_provider_{table} DEFAULT VALUES")


def test_of_the_toolkit_no_address_is_open():
    assert [name for _, name in addresses() if "oauth2" in name or "authorize" in name or "introspect" in name] == []
    assert "oauth2_provider" not in {
        resolver.namespace for resolver in get_resolver().url_patterns if hasattr(resolver, "namespace")
    }


# --- reading with it -------------------------------------------------------------------------------------


@pytest.fixture
def alerted(town, take):
    """One alert of each of the five households; 370503 has one of them."""
    take(town.run(FIRST, *(town.alert(key, opened=FIRST) for key in range(1, 6))))
    for name in ("秦系", "尤安", "张敏"):
        personas.user(name)
    return Organisation.objects.get(kind="民政", division=370502000000).pk


COUNTY = {"role": Role.COUNTY_OFFICER, "division": 370502000000}


def test_a_client_reads_what_its_role_would_there_and_nothing_of_the_neighbours(alerted, sits):
    _, made = admit(alerted, **COUNTY)
    headers = bearer(made)
    rows = read("alerts", headers, view="all").json()["alerts"]
    assert rows == sits("张敏").read("alerts", view="all")["alerts"]
    assert {row["division"][:6] for row in rows} == {"370502"}


def test_a_token_stands_before_the_browsers_session_and_brings_no_cookie(alerted, sits):
    _, made = admit(alerted, **COUNTY)
    headers, desk = bearer(made), sits("赵强")
    answer = desk.client.get("/api/v1/alerts?view=all", headers=headers)
    assert {row["division"][:6] for row in answer.json()["alerts"]} == {"370502"}
    assert not read("alerts", headers).cookies


@pytest.mark.parametrize("header", ["Bearer", "Bearer x", "Basic eDp5", "x", ""])
def test_a_token_that_is_none_is_refused_even_beside_a_session(alerted, sits, header):
    answer = sits("张敏").client.get("/api/v1/alerts", headers={"Authorization": header})
    assert problem(answer, 401, "api.token")


def test_a_withdrawn_client_is_out_at_once(alerted):
    client, made = admit(alerted, **COUNTY)
    headers = bearer(made)
    assert read("alerts", headers).status_code == 200
    with pytest.raises(Refusal) as refused:
        services.withdraw_client(client=client, actor=personas.actor("秦系"), at=AT, why="")
    assert refused.value.code == "audit.why_missing"
    services.withdraw_client(client=client, actor=personas.actor("秦系"), at=AT, why="接入单位换了系统")
    assert not AccessToken.objects.exists()
    assert problem(read("alerts", headers), 401, "api.token")
    assert "已经停用" in problem(take(made), 401, "api.client")["detail"]


def test_a_token_ends_and_is_taken_away(alerted):
    _, made = admit(alerted, **COUNTY)
    token = bearer(made)["Authorization"].split()[1]
    now = right_now()
    after = now + timedelta(seconds=settings.OAUTH2_PROVIDER["ACCESS_TOKEN_EXPIRE_SECONDS"] + 5)
    assert selectors.viewer_of_token(token, now).name == "api:city-platform"
    assert selectors.viewer_of_token(token, after) is None
    assert (services.tidy_tokens(at=now), services.tidy_tokens(at=after)) == (0, 1)


# --- the page --------------------------------------------------------------------------------------------


def desk(name):
    enter_scope(*WHOLE)
    return personas.log_in(Browser(), name)


FORM = {
    "name": "市统一平台", "code": "city-platform", "role": "city_officer", "division": "3705", "purpose": "全市监测统计",
}  # fmt: skip


def test_the_administrators_let_a_system_in_on_the_page_and_the_secret_is_seen_once(office):
    asks, decides = desk("秦系"), desk("尤安")
    assert "还没有系统接入" in asks.get("/clients/").content.decode()
    assert asks.post("/clients/", FORM | {"organisation": office}).status_code == 302
    pk = Client.objects.get().pk
    assert "系统接入待批准" in decides.get("/").content.decode()
    assert decides.post("/clients/", FORM).status_code == 404
    shown = decides.post(f"/clients/{pk}/move", {"move": "批准"})
    number = Application.objects.get().client_id
    assert number in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    page = asks.get("/clients/").content.decode()
    assert "在用" in page
    assert "从未" in page
    asks.post(f"/clients/{pk}/move", {"move": "停用", "why": "试完了"})
    assert "已停用" in asks.get("/clients/").content.decode()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"name": ""}, "请填系统名称。"),
        ({"organisation": ""}, "请选机构。"),
        ({"code": "大写"}, "接入代号须以小写字母开头"),
        ({"division": "37050"}, "请填 2 至 12 位数字"),
        ({"division": "370502"}, "级别不对"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_what_was_typed_is_kept(office, wrong, sentence):
    answer = desk("秦系").post("/clients/", FORM | {"organisation": office} | wrong)
    body = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in body
    assert "全市监测统计" in body
