"""How often one may try: by person and by network address, counted for all processes together, journalled when it is too often."""

from datetime import timedelta

import pytest

import personas
from doudi.errors import Refusal
from doudi.office.accounts.models import Knock
from doudi.office.accounts.services import count_search
from doudi.office.accounts.services.throttling import refuse_login_storm
from doudi.office.accounts.throttle import LOGIN, SEARCH, count, forget_old, shut_to
from doudi.office.audit.models import Entry
from doudi.office.common.codes import WHOLE
from doudi.office.common.network import address_of, network_of
from doudi.office.common.scope import enter_scope

pytestmark = pytest.mark.usefixtures("office_db")
AT = personas.AT
LATER = AT + timedelta(minutes=15)
PASSWORD = "Kx7-plain-Harbour"  # noqa: S105  # of the tests alone


@pytest.fixture(autouse=True)
def few(settings):
    settings.DOUDI_THROTTLE_MINUTES = 15
    settings.DOUDI_LOGIN_FAILURES = 3
    settings.DOUDI_SEARCHES, settings.DOUDI_SEARCHES_ADDRESS = 2, 4
    settings.DOUDI_SECOND_FACTOR = False


def journal():
    enter_scope(*WHOLE)
    return list(Entry.objects.filter(act="accounts.throttled").values_list("actor", "outcome", "detail"))


def attempt(client, login, typed="wrong", address="10.0.0.7"):
    return client.post("/login", {"login": login, "password": typed}, REMOTE_ADDR=address)


@pytest.fixture
def zhangmin():
    user = personas.user("张敏")
    user.set_password(PASSWORD)
    user.save()
    return user


def test_one_address_that_tries_each_account_once_is_turned_away_and_told_until_when(client, zhangmin):
    for login in ("a", "b", "c"):
        assert attempt(client, login).status_code == 422
    answer = attempt(client, "zhangmin", PASSWORD)
    assert answer.status_code == 429
    assert "登录失败已有 3 次，暂时不能再试；请在" in answer.content.decode()
    ((actor, outcome, detail),) = journal()
    assert (actor, outcome, detail["deed"], detail["count"]) == ("login", "refused", "login", 3)


def test_another_address_comes_in_meanwhile(client, zhangmin):
    for login in ("a", "b", "c"):
        attempt(client, login)
    assert attempt(client, "zhangmin", PASSWORD, address="10.0.0.8").status_code == 302
    assert journal() == []


def test_who_comes_in_is_no_failure_however_many_come_from_one_address(client, zhangmin):
    for _ in range(4):
        assert attempt(client, "zhangmin", PASSWORD).status_code == 302
        client.post("/logout")


def test_a_wrong_code_counts_as_a_failure_of_the_address_too(zhangmin):
    from doudi.office.accounts.services.entry import failed  # noqa: PLC0415  # asked in this test alone

    failed(user=zhangmin, at=AT, address="10.0.0.7")
    assert Knock.objects.get(deed=LOGIN, address="10.0.0.7").count == 1


def test_the_window_ends_and_begins_anew():
    for _ in range(3):
        count(LOGIN, AT, address="10.0.0.7")
    assert shut_to(LOGIN, AT, address="10.0.0.7").until == LATER
    assert shut_to(LOGIN, LATER, address="10.0.0.7") is None
    count(LOGIN, LATER, address="10.0.0.7")
    assert Knock.objects.get().count == 1


def test_nobody_is_turned_away_where_the_address_is_not_known_or_any_number_is_allowed(settings):
    for _ in range(9):
        count(LOGIN, AT, address="")
        count(LOGIN, AT, address="10.0.0.7")
    refuse_login_storm(at=AT, address="")
    with pytest.raises(Refusal) as told:
        refuse_login_storm(at=AT, address="10.0.0.7")
    assert told.value.code == "accounts.too_many_failures"
    settings.DOUDI_LOGIN_FAILURES = 0
    refuse_login_storm(at=AT, address="10.0.0.7")


def test_one_who_searches_too_often_is_refused_from_wherever_he_does_it():
    viewer = personas.viewer("张敏")
    count_search(viewer=viewer, at=AT, address="10.0.0.7")
    count_search(viewer=viewer, at=AT, address="10.0.0.8")
    with pytest.raises(Refusal, match="您在 15 分钟内查人已有 2 次"):
        count_search(viewer=viewer, at=AT, address="10.0.0.9")
    count_search(viewer=personas.viewer("李伟"), at=AT, address="10.0.0.7")
    count_search(viewer=viewer, at=LATER, address="10.0.0.7")
    assert [(actor, outcome, detail["who"]) for actor, outcome, detail in journal()] == [
        ("zhangmin", "refused", "person")
    ]


def test_all_from_one_address_together_are_refused_beyond_its_measure():
    for name in ("张敏", "李伟"):
        for _ in range(2):
            count_search(viewer=personas.viewer(name), at=AT, address="10.0.0.7")
    with pytest.raises(Refusal, match="这个网络地址"):
        count_search(viewer=personas.viewer("赵强"), at=AT, address="10.0.0.7")
    count_search(viewer=personas.viewer("王芳"), at=AT, address="10.0.0.8")


def test_searching_and_failing_to_come_in_are_counted_apart():
    for _ in range(4):
        count(SEARCH, AT, person=1, address="10.0.0.7")
    assert shut_to(LOGIN, AT, address="10.0.0.7") is None


def test_counts_of_windows_long_over_are_dropped():
    count(LOGIN, AT, address="10.0.0.7")
    count(LOGIN, AT + timedelta(days=2), address="10.0.0.8")
    assert forget_old(AT + timedelta(days=2)) == 1
    assert Knock.objects.get().address == "10.0.0.8"


@pytest.mark.parametrize(
    ("address", "network"),
    [("10.0.0.7", "10.0.0.7"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"), ("", "")],
)
def test_a_site_of_ipv6_is_one_place(address, network):
    assert network_of(address) == network


@pytest.mark.parametrize(
    ("production", "peer", "told", "address"),
    [
        (False, "10.0.0.7", "1.1.1.1", "10.0.0.7"),  # without a proxy nobody's word is taken
        (True, "127.0.0.1", "6.6.6.6, 1.1.1.1", "1.1.1.1"),  # the last is the proxy's own
        (True, "127.0.0.1", "", ""),
        (True, "127.0.0.1", "unknown", ""),
        (True, "10.0.0.7", "1.1.1.1", "10.0.0.7"),  # who does not come through the proxy is not believed
        (True, "", "1.1.1.1", "1.1.1.1"),
        (False, "::ffff:10.0.0.7", "", "10.0.0.7"),
        (False, "fe80::1%eth0", "", "fe80::1"),
    ],
)
def test_only_the_proxy_of_a_production_site_is_believed(rf, settings, production, peer, told, address):
    settings.PRODUCTION = production
    assert address_of(rf.get("/", REMOTE_ADDR=peer, HTTP_X_FORWARDED_FOR=told)) == address
