"""Every request has one transaction, one viewer and one door."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.urls import path

import personas
from doudi.errors import Fault, Refusal
from doudi.office.accounts.models import SupervisionGrant, User
from doudi.office.audit.models import Entry
from doudi.office.common.clock import right_now
from doudi.office.common.codes import WHOLE
from doudi.office.common.doors import allow, open_door
from doudi.office.common.roles import Role
from doudi.office.common.scope import enter_scope
from doudi.office.config.urls import urlpatterns as real

pytestmark = [pytest.mark.urls(__name__), pytest.mark.usefixtures("office_db")]


def scope():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('app.lo', true), current_setting('app.hi', true)")
        return cursor.fetchone()


@allow(Role.COUNTY_OFFICER, Role.SUPERVISOR)
def business(request):
    return HttpResponse(" ".join([request.viewer.shown_name, request.at.isoformat(), *scope()]))


@allow(Role.SUPERVISOR, reading=True)
def reveal(request):
    return HttpResponse("read")


@open_door
def anybody(request):
    return HttpResponse(str(getattr(request, "viewer", None)))


@allow(Role.COUNTY_OFFICER)
def broken(request):
    User.objects.filter(login="zhangmin").update(shown_name="改了")
    raise ValueError


@allow(Role.COUNTY_OFFICER)
def refusing(request):
    raise Refusal("accounts.planted", "这一步不能办；请先补材料。")


@allow(Role.COUNTY_OFFICER)
def half_done(request):
    with transaction.atomic():
        User.objects.filter(login="zhangmin").update(shown_name="改了")
        raise Refusal("accounts.planted", "这一步不能办；请先补材料。")


def doorless(request):
    return HttpResponse("never")


urlpatterns = [
    *real,
    path("business", business), path("reveal", reveal), path("anybody", anybody), path("broken", broken),
    path("refusing", refusing), path("half-done", half_done), path("doorless", doorless),
]  # fmt: skip


def journal(act):
    enter_scope(*WHOLE)
    return list(Entry.objects.filter(act=act).values_list("actor", "outcome"))


def test_who_is_logged_in_is_the_viewer_and_his_jurisdiction_the_transactions_scope(client):
    said = personas.log_in(client, "张敏").get("/business").content.decode()
    assert said.startswith("张敏 ")
    assert said.endswith("370502000000 370502999999")


def test_who_is_not_logged_in_comes_to_the_login_page_and_back_from_there(client):
    answer = client.get("/business?page=2")
    assert (answer.status_code, answer.url) == (302, "/login?next=%2Fbusiness%3Fpage%3D2")
    assert client.get("/anybody").content == b"None"


def test_a_fragment_is_not_filled_with_the_login_page(client):
    answer = client.get("/business", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/login")


def test_another_role_finds_no_such_page_and_the_journal_keeps_the_attempt(client):
    assert personas.log_in(client, "李伟").get("/business").status_code == 404
    assert ("liwei", "refused") in journal("accounts.door")


def test_a_page_without_a_door_opens_to_nobody(client):
    with pytest.raises(Fault, match="没有写明给哪些岗位看"):
        personas.log_in(client, "张敏").get("/doorless")


def test_a_view_called_without_a_middleware_still_asks(rf):
    from django.http import Http404  # noqa: PLC0415  # named where it is expected

    request = rf.get("/business")
    request.viewer = personas.viewer("李伟")
    with pytest.raises(Http404):
        business(request)


def test_an_answer_of_500_undoes_what_was_written(client):
    personas.log_in(client, "张敏")
    client.raise_request_exception = False
    assert client.get("/broken").status_code == 500
    assert User.objects.get(login="zhangmin").shown_name == "张敏"


def test_a_refusal_that_no_form_shows_becomes_a_page_with_its_sentence(client):
    answer = personas.log_in(client, "张敏").get("/refusing")
    assert answer.status_code == 422
    assert "这一步不能办；请先补材料。" in answer.content.decode()
    enter_scope(*WHOLE)
    row = Entry.objects.get(act="accounts.refused")
    assert (row.actor, row.outcome, row.detail) == ("zhangmin", "refused", {"code": "accounts.planted"})


def test_what_a_refused_request_had_written_stays_undone_beside_its_row(client):
    personas.log_in(client, "张敏")
    assert client.get("/half-done").status_code == 422
    assert User.objects.get(login="zhangmin").shown_name == "张敏"
    assert journal("accounts.refused") == [("zhangmin", "refused")]


def test_a_supervisor_reads_and_does_nothing_else(client):
    personas.log_in(client, "何督")
    assert client.get("/business").status_code == 200
    assert client.post("/reveal").content == b"read"
    assert client.post("/business").status_code == 403
    assert ("hedu", "refused") in journal("accounts.read_only")


def test_a_supervision_ends_by_its_dates_even_in_the_middle_of_a_session(client):
    personas.log_in(client, "何督")
    day = right_now().date()
    SupervisionGrant.objects.update(from_day=day - timedelta(days=9), until_day=day)
    answer = client.get("/business")
    assert answer.url == "/login?next=%2Fbusiness&left=ended"


def test_who_idles_too_long_is_out(client, settings):
    personas.log_in(client, "张敏")
    session = client.session
    session["seen"] = int((right_now() - timedelta(minutes=settings.DOUDI_IDLE_MINUTES, seconds=5)).timestamp())
    session.save()
    assert client.get("/business").url.endswith("left=idle")
    assert client.get("/business").url == "/login?next=%2Fbusiness"


def test_a_new_login_ends_the_old_one(client):
    from django.test import Client  # noqa: PLC0415  # a second browser

    personas.log_in(client, "张敏")
    elsewhere = personas.log_in(Client(), "张敏")
    assert client.get("/business").url.endswith("left=elsewhere")
    assert elsewhere.get("/business").status_code == 200


def test_a_suspended_user_is_nobody_at_once(client):
    personas.log_in(client, "张敏")
    User.objects.filter(login="zhangmin").update(state="suspended")
    assert client.get("/business").status_code == 302


def test_who_must_change_his_password_does_that_first(client):
    personas.log_in(client, "张敏")
    User.objects.filter(login="zhangmin").update(must_change_password=True)
    assert client.get("/business").url == "/accounts/password"
    assert client.get("/accounts/password").status_code == 200


def test_who_needs_a_second_factor_sets_it_up_first(client, settings):
    personas.log_in(client, "张敏")
    User.objects.filter(login="zhangmin").update(totp_on=False)
    settings.DOUDI_SECOND_FACTOR = True
    assert client.get("/business").url == "/accounts/second-factor"
    settings.DOUDI_SECOND_FACTOR = False
    assert client.get("/business").status_code == 200
