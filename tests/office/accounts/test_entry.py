"""Coming in: one sentence for every failure, a lock after five, a second factor that counts once."""

from datetime import timedelta

import pyotp
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

import personas
from doudi.errors import Refusal
from doudi.office.accounts import totp
from doudi.office.accounts.models import User
from doudi.office.accounts.services import entry
from doudi.office.audit.models import Entry
from doudi.office.common.clock import right_now
from doudi.office.common.codes import WHOLE
from doudi.office.common.scope import enter_scope

pytestmark = pytest.mark.usefixtures("office_db")
PASSWORD = "Kx7-plain-Harbour"  # noqa: S105  # of the tests alone


@pytest.fixture
def zhangmin(settings):
    settings.DOUDI_SECOND_FACTOR = False
    user = personas.user("张敏")
    user.set_password(PASSWORD)
    user.password_set_at = right_now()
    user.save()
    return user


def attempt(client, typed=PASSWORD, login="zhangmin", **more):
    return client.post("/login", {"login": login, "password": typed, **more})


def test_the_right_password_comes_in_and_goes_where_it_was_asked_for(client, zhangmin):
    assert attempt(client, next="/accounts/me").url == "/accounts/me"
    assert client.get("/accounts/me").status_code == 200


@pytest.mark.parametrize(
    "away", ["https://evil.example/x", "//evil.example", "/\\evil.example", "javascript:alert(1)", "x"]
)
def test_nobody_is_sent_to_another_site(client, zhangmin, away):
    assert attempt(client, next=away).url == "/"


def sentence(answer):
    assert answer.status_code == 422
    return entry.failed_sentence() in answer.content.decode()


def test_every_failure_says_the_same(client, zhangmin):
    assert sentence(attempt(client, login="nobody"))
    assert sentence(attempt(client, "wrong"))
    User.objects.filter(pk=zhangmin.pk).update(state="suspended")
    assert sentence(attempt(client))
    User.objects.filter(pk=zhangmin.pk).update(state="active", locked_until=right_now() + timedelta(minutes=1))
    assert sentence(attempt(client))
    User.objects.filter(pk=zhangmin.pk).update(locked_until=None)
    assert attempt(client).status_code == 302


def test_an_unknown_login_costs_as_much_as_a_known_one(client, zhangmin, monkeypatch):
    checked = []
    monkeypatch.setattr(entry, "check_password", lambda _, hashed: checked.append(hashed))
    attempt(client)
    attempt(client, login="nobody")
    assert [hashed.split("$")[0] for hashed in checked] == ["md5", "md5"]


def test_what_was_typed_is_kept_but_never_the_password(client, zhangmin):
    said = attempt(client, "wrong-One-9").content.decode()
    assert 'value="zhangmin"' in said
    assert "wrong-One-9" not in said


def test_five_failures_lock_for_a_time_and_the_journal_tells(client, zhangmin, settings):
    for _ in range(settings.DOUDI_LOCK_AFTER):
        attempt(client, "wrong")
    assert sentence(attempt(client)), "the right password does not help while it is locked"
    zhangmin.refresh_from_db()
    assert timedelta(minutes=29) < zhangmin.locked_until - right_now() <= timedelta(minutes=30)
    enter_scope(*WHOLE)
    assert Entry.objects.filter(act="accounts.locked", subject=str(zhangmin.pk), outcome="refused").count() == 1
    User.objects.filter(pk=zhangmin.pk).update(locked_until=right_now() - timedelta(seconds=1))
    assert attempt(client).status_code == 302


def test_four_failures_and_a_success_begin_anew(client, zhangmin, settings):
    for _ in range(settings.DOUDI_LOCK_AFTER - 1):
        attempt(client, "wrong")
    attempt(client)
    zhangmin.refresh_from_db()
    assert zhangmin.failures == 0


def test_logging_out_ends_the_session(client, zhangmin):
    attempt(client)
    assert client.post("/logout").url == "/login?left=out"
    assert client.get("/accounts/me").status_code == 302


def test_leaving_needs_a_post(client, zhangmin):
    attempt(client)
    assert client.get("/logout").status_code == 405


@pytest.fixture
def two_factors(zhangmin, settings):
    settings.DOUDI_SECOND_FACTOR = True
    secret = totp.new_secret()
    zhangmin.totp_sealed, zhangmin.totp_on = totp.seal(zhangmin, secret), True
    zhangmin.save()
    return pyotp.TOTP(secret)


def test_with_a_second_factor_the_password_alone_does_not_come_in(client, two_factors):
    assert attempt(client, next="/accounts/me").url == "/login/code"
    assert client.get("/accounts/me").status_code == 302
    assert client.post("/login/code", {"code": two_factors.at(right_now())}).url == "/accounts/me"
    assert client.get("/accounts/me").status_code == 200


def test_a_code_counts_once(client, two_factors):
    code = two_factors.at(right_now())
    attempt(client)
    client.post("/login/code", {"code": code})
    client.post("/logout")
    attempt(client)
    assert client.post("/login/code", {"code": code}).status_code == 422


def test_wrong_codes_lock_like_wrong_passwords(client, two_factors, settings, zhangmin):
    attempt(client)
    for _ in range(settings.DOUDI_LOCK_AFTER):
        client.post("/login/code", {"code": "000000"})
    assert client.post("/login/code", {"code": two_factors.at(right_now())}).status_code == 422
    zhangmin.refresh_from_db()
    assert zhangmin.locked(right_now())


def test_nobody_types_a_code_without_a_password(client, two_factors):
    assert client.get("/login/code").url == "/login"


def test_the_secret_is_sealed_and_bound_to_its_user(zhangmin, settings):
    secret = totp.new_secret()
    zhangmin.totp_sealed = totp.seal(zhangmin, secret)
    assert secret.encode() not in zhangmin.totp_sealed
    assert totp.secret_of(zhangmin) == secret
    other = personas.user("李伟")
    other.totp_sealed = zhangmin.totp_sealed
    with pytest.raises(Refusal, match="重置动态口令"):
        totp.secret_of(other)
    settings.SECRET_KEY = "another installation's"  # noqa: S105  # opens nothing
    with pytest.raises(Refusal, match="重置动态口令"):
        totp.secret_of(zhangmin)


def test_the_second_factor_is_set_up_with_a_picture_and_the_first_code(client, zhangmin, settings):
    attempt(client)
    settings.DOUDI_SECOND_FACTOR = True
    assert client.get("/accounts/second-factor").status_code == 200
    picture = client.get("/accounts/second-factor/picture.svg")
    assert picture.headers["Content-Type"] == "image/svg+xml"
    assert b"style=" not in picture.content
    zhangmin.refresh_from_db()
    code = pyotp.TOTP(totp.secret_of(zhangmin)).at(right_now())
    assert client.post("/accounts/second-factor", {"code": "000000"}).status_code == 422
    assert client.post("/accounts/second-factor", {"code": code}).url == "/"
    assert client.get("/accounts/second-factor/picture.svg").status_code == 404


def test_a_failure_asks_the_database_as_much_for_an_unknown_login_as_for_a_known_one(client, zhangmin):
    def asked(**typed):
        with CaptureQueriesContext(connection) as queries:
            attempt(client, "wrong", **typed)
        return [query["sql"].split()[0] for query in queries]

    asked()
    assert asked(login="nobody") == asked()
