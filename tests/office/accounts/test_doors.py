"""Every page says whom it is for, and what anybody types is answered: never a 500."""

import re
from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, get_resolver

import personas
from doudi.office.accounts.models import Organisation, SupervisionGrant
from doudi.office.common.doors import door_of
from office.addresses import addresses

ANYBODYS = {"login", "login_code", "ui:size", "ui:mark", "ui:watermark", "ui:gallery"}
ANY_SYSTEMS = {"api:v1:openapi", "api:token", "api:nowhere"}  # how one asks, where one gets a token, what is no address


def views(patterns=None, spaces=""):
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLPattern):
            yield spaces + (pattern.name or ""), pattern.callback
        else:
            yield from views(pattern.url_patterns, f"{spaces}{pattern.namespace}:" if pattern.namespace else spaces)


def test_every_page_has_a_door():
    assert [name for name, view in views() if door_of(view) is None] == []


def test_few_pages_are_open_to_whoever_comes_and_they_are_known():
    open_to_all = {name for name, view in views() if door_of(view).anybody}
    behind_a_token = {name for name in open_to_all if name.startswith("api:v1:")} - ANY_SYSTEMS
    assert open_to_all - behind_a_token == ANYBODYS | ANY_SYSTEMS


def test_who_shows_no_token_reads_nothing_at_any_address_of_the_api(office_db, client):
    asked = {name: route for route, name in addresses() if name.startswith("api:v1:") and name not in ANY_SYSTEMS}
    assert len(asked) > 5
    told = {name: client.get(re.sub("<[^>]+>", "1", route)).status_code for name, route in asked.items()}
    assert told == dict.fromkeys(asked, 401)


STRANGE = ["\x00", "'; DROP TABLE accounts_user; --", "<script>alert(1)</script>", "张" * 500, "\u202e\ud7ff", "%", "９" * 12, "-1", "1e9",
           "99999999999999999999", " ", "\r\nSet-Cookie: x=1"]  # fmt: skip


@pytest.mark.parametrize("strange", STRANGE)
def test_whatever_is_typed_into_an_address_is_answered(office_db, client, strange):
    personas.log_in(client, "秦系")
    typed = quote(strange)
    for address in (
        f"/accounts/?text={typed}&role={typed}&state={typed}&after={typed}", f"/divisions/?text={typed}",
        "/divisions/99999999999999999999", "/accounts/users/99999999999999999999", f"/login?next={typed}&left={typed}",
        "/accounts/organisations/99999999999999999999/users/new",
    ):  # fmt: skip
        assert client.get(address).status_code in ({400, 404} if strange == "\x00" else {200, 302, 404})


@pytest.mark.parametrize("strange", STRANGE[:6])
def test_whatever_is_typed_into_a_form_is_answered_and_kept(office_db, client, strange):
    subject = personas.user("张敏")
    grant = personas.user("何督") and SupervisionGrant.objects.get()
    personas.log_in(client, "秦系")
    bureau = Organisation.objects.filter(users=subject).get()
    forms = {
        "/accounts/organisations/": ("name", "kind", "division"),
        f"/accounts/organisations/{bureau.pk}/users/new": ("login", "shown_name", "staff_no", "role", "division"),
        f"/accounts/users/{subject.pk}/change": ("kind", "why", "role", "division"),
        f"/accounts/users/{subject.pk}/move": ("move", "why"),
        "/accounts/supervision/": ("supervisor", "notice_no", "purpose", "division", "from_day", "until_day"),
        f"/accounts/supervision/{grant.pk}/decide": ("move", "why"),
        "/accounts/password": ("old", "new", "again"),
        "/accounts/second-factor": ("code",),
    }
    right = {
        "kind": "password", "why": "忘了", "move": "停用", "name": "某局", "division": "370502", "login": "newone",
        "shown_name": "新来的", "staff_no": "A-1", "role": "county_officer", "notice_no": "一号", "purpose": "资金",
        "from_day": "2026-01-01", "until_day": "2099-01-01", "supervisor": str(grant.supervisor_id),
    }  # fmt: skip
    for address, fields in forms.items():
        for wrong in fields:
            typed = {field: right.get(field, "x") for field in fields} | {wrong: strange}
            answer = client.post(address, typed)
            assert answer.status_code in ({400, 404, 422} if strange == "\x00" else {200, 302, 422}), (address, wrong)
            assert b"<script>alert" not in answer.content


@pytest.mark.parametrize("strange", STRANGE)
def test_whatever_is_typed_at_the_login_is_answered(office_db, client, strange):
    for typed in (
        {"login": strange, "password": "x"},
        {"login": "x", "password": strange},
        {"login": "x", "password": "x", "next": strange},
    ):
        assert client.post("/login", typed).status_code in ({400, 422} if strange == "\x00" else {422})


def test_knowing_who_looks_costs_three_queries(office_db, client):
    personas.log_in(client, "张敏")
    client.get("/ui/watermark.svg")
    with CaptureQueriesContext(connection) as queries:
        client.get("/ui/watermark.svg")
    asked = [query["sql"] for query in queries if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(asked) == 3, asked
