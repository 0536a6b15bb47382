"""三员分立: one asks, another decides, a third reads the journal; none of them sees business, and none helps himself."""

import re
from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

import personas
from doudi.errors import Refusal
from doudi.office.accounts import services
from doudi.office.accounts.models import AccountChange, Organisation, SupervisionGrant, User
from doudi.office.accounts.selectors import viewer_for
from doudi.office.common.fields import FieldClass, Sight
from doudi.office.common.roles import ADMINISTRATORS, Role

pytestmark = pytest.mark.usefixtures("office_db")
AT = personas.AT


@pytest.fixture
def system():
    return personas.actor("秦系")


@pytest.fixture
def security():
    return personas.actor("尤安")


@pytest.fixture
def bureau(system):
    personas.divisions()
    return services.make_organisation(actor=system, at=AT, name="东营区民政局", kind="民政", division=personas.OWN)


def asked(bureau, **other):
    given = {
        "login": "newone", "shown_name": "新来的", "staff_no": "A-1", "role": Role.COUNTY_OFFICER,
        "organisation": bureau, "division": personas.OWN,
    }  # fmt: skip
    return services.Asked(**given | other)


def check_refused(match):
    return pytest.raises(Refusal, match=match)


def test_a_new_user_is_asked_by_one_and_approved_by_another(system, security, bureau):
    user = services.ask_user(actor=system, at=AT, asked=asked(bureau))
    assert (user.state, user.has_usable_password()) == ("asked", False)
    password = services.decide_user(user=user, approve=True, actor=security, at=AT)
    user.refresh_from_db()
    assert user.state == "active"
    assert user.check_password(password)
    assert user.must_change_password


def test_who_asks_cannot_approve(system, bureau):
    user = services.ask_user(actor=system, at=AT, asked=asked(bureau))
    with check_refused("不归您的岗位办"):
        services.decide_user(user=user, approve=True, actor=system, at=AT)


def test_the_security_administrator_cannot_ask(security, bureau):
    with check_refused("只由系统管理员办理"):
        services.ask_user(actor=security, at=AT, asked=asked(bureau))


def test_declining_needs_a_reason(system, security, bureau):
    user = services.ask_user(actor=system, at=AT, asked=asked(bureau))
    with check_refused("须写明理由"):
        services.decide_user(user=user, approve=False, actor=security, at=AT)
    services.decide_user(user=user, approve=False, actor=security, at=AT, why="没有任命文件")
    assert user.state == "declined"


def test_a_person_has_one_account_and_so_one_role(system, bureau):
    admin = personas.user("秦系")
    with check_refused("一人一个账号"):
        services.ask_user(actor=system, at=AT, asked=asked(bureau, staff_no=admin.staff_no))


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"role": Role.TOWN_OFFICER}, "级别不对"),
        ({"role": Role.CITY_OFFICER}, "级别不对"),
        ({"role": Role.DEPARTMENT_OFFICER, "division": personas.SIBLING}, "管不到河口区"),
        ({"role": Role.SUPERVISOR}, "不设“外部监督人员”"),
        ({"division": 370599000000}, "区划表里没有"),
    ],
)
def test_a_post_that_does_not_fit_is_refused(system, bureau, other, said):
    with check_refused(said):
        services.ask_user(actor=system, at=AT, asked=asked(bureau, **other))


def test_nobody_changes_his_own_account(system, security):
    with check_refused("不能为自己的账号提出变更"):
        services.ask_change(actor=system, at=AT, user=personas.user("秦系"), kind="password", why="忘了")
    change = services.ask_change(actor=system, at=AT, user=personas.user("尤安"), kind="password", why="忘了")
    with check_refused("不能办理与自己账号有关的事"):
        services.decide_change(change=change, approve=True, actor=security, at=AT)


def test_no_administrator_becomes_a_business_role_nor_the_other_way_round(system):
    place = {"organisation": personas.user("周涛").organisation, "division": personas.PARENT}
    with check_refused("不能互换"):
        services.ask_change(
            actor=system, at=AT, user=personas.user("许审"), kind="role", why="兼任", role=Role.CITY_OFFICER, **place
        )
    with check_refused("不能互换"):
        services.ask_change(
            actor=system, at=AT, user=personas.user("周涛"), kind="role", why="兼任", role=Role.AUDIT_ADMIN, **place
        )


def test_the_database_refuses_it_too():
    admin, officer = personas.user("秦系"), personas.user("周涛")
    for user, role in ((admin, Role.CITY_OFFICER), (officer, Role.SYSTEM_ADMIN)):
        with pytest.raises(IntegrityError, match="exclude each other"), transaction.atomic():
            User.objects.filter(pk=user.pk).update(role=role.value)
    with pytest.raises(IntegrityError, match="user_role_fits_division"), transaction.atomic():
        User.objects.filter(pk=officer.pk).update(role=Role.TOWN_OFFICER.value)
    with pytest.raises(IntegrityError, match="staff_no"), transaction.atomic():
        User.objects.filter(pk=officer.pk).update(staff_no=admin.staff_no)
    User.objects.filter(pk=officer.pk).update(role=Role.PROVINCE_OFFICER.value, division=370000000000)


def test_a_role_is_changed_by_two_and_ends_the_session(system, security):
    user = personas.user("张敏")
    User.objects.filter(pk=user.pk).update(session_key="seated")
    change = services.ask_change(
        actor=system, at=AT, user=user, kind="role", why="调岗", role=Role.COUNTY_REVIEWER,
        organisation=user.organisation, division=user.division,
    )  # fmt: skip
    assert viewer_for(User.objects.get(pk=user.pk), AT).role is Role.COUNTY_OFFICER
    services.decide_change(change=change, approve=True, actor=security, at=AT)
    user.refresh_from_db()
    assert (user.role, user.session_key) == ("county_reviewer", "")


def test_a_reset_is_made_by_the_second_person_and_locks_are_opened_by_him(system, security):
    user = personas.user("张敏")
    User.objects.filter(pk=user.pk).update(locked_until=AT + timedelta(hours=1), totp_on=True, totp_sealed=b"x")
    change = services.ask_change(actor=system, at=AT, user=user, kind="password", why="忘了")
    password = services.decide_change(change=change, approve=True, actor=security, at=AT)
    user.refresh_from_db()
    assert user.check_password(password)
    assert user.must_change_password
    assert not user.locked(AT)
    change = services.ask_change(actor=system, at=AT, user=user, kind="totp", why="换手机")
    services.decide_change(change=change, approve=True, actor=security, at=AT)
    user.refresh_from_db()
    assert (user.totp_on, user.totp_sealed) == (False, None)


def test_the_same_change_is_asked_once(system):
    services.ask_change(actor=system, at=AT, user=personas.user("张敏"), kind="unlock", why="输错了")
    with check_refused("已经提出"):
        services.ask_change(actor=system, at=AT, user=personas.user("张敏"), kind="unlock", why="输错了")


def test_whoever_is_suspended_is_nobody_and_comes_back_by_the_second_person(system, security):
    user = personas.user("张敏")
    services.move_user(user=user, move="停用", actor=system, at=AT, why="离岗培训")
    with check_refused("不归您的岗位办"):
        services.move_user(user=user, move="恢复", actor=system, at=AT, why="回来了")
    services.move_user(user=user, move="恢复", actor=security, at=AT, why="回来了")
    assert user.state == "active"


@pytest.mark.parametrize("name", ["秦系", "尤安", "许审"])
def test_no_administrator_sees_a_household(name):
    viewer = viewer_for(personas.user(name), AT)
    assert viewer.role in ADMINISTRATORS
    assert not viewer.covers(370502001011)
    assert {viewer.sees(kind) for kind in FieldClass} == {Sight.HIDDEN}


# --- 外部监督 ------------------------------------------------------------------------------------------


def ask_supervision(system, **other):
    day = AT.date()
    given = {
        "supervisor": personas.user("何督"), "notice_no": "审通一号", "purpose": "低保资金", "division": personas.OWN,
        "from_day": day, "until_day": day + timedelta(days=10),
    }  # fmt: skip
    SupervisionGrant.objects.all().delete()
    return services.ask_supervision(actor=system, at=AT, **given | other)


def test_a_supervision_is_asked_by_one_opened_by_another_and_reaches_as_far_as_it_says(system, security):
    grant = ask_supervision(system)
    assert viewer_for(personas.user("何督"), AT) is None
    services.decide_supervision(grant=grant, approve=True, actor=security, at=AT)
    viewer = viewer_for(personas.user("何督"), AT)
    assert (viewer.division, viewer.purpose) == (personas.OWN, "审通一号")
    assert viewer.covers(personas.CHILD)
    assert not viewer.covers(personas.SIBLING)


def test_it_ends_by_its_dates_and_is_marked_as_ended(system, security):
    grant = ask_supervision(system)
    services.decide_supervision(grant=grant, approve=True, actor=security, at=AT)
    last = AT + timedelta(days=9)
    assert viewer_for(grant.supervisor, last) is not None
    assert viewer_for(grant.supervisor, last + timedelta(days=1)) is None
    assert services.end_what_is_over(at=last) == 0
    assert services.end_what_is_over(at=last + timedelta(days=1)) == 1
    grant.refresh_from_db()
    assert grant.state == "ended"


def test_who_asked_cannot_open_it_and_the_database_agrees(system):
    grant = ask_supervision(system)
    with check_refused("不归您的岗位办"):
        services.decide_supervision(grant=grant, approve=True, actor=system, at=AT)
    with pytest.raises(DatabaseError), transaction.atomic():
        SupervisionGrant.objects.filter(pk=grant.pk).update(state="open")
    with pytest.raises(DatabaseError), transaction.atomic():
        SupervisionGrant.objects.filter(pk=grant.pk).update(state="open", decided_by=grant.asked_by)


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"notice_no": " "}, "通知书文号"),
        ({"until_day": AT.date()}, "截止日须晚于"),
        ({"until_day": AT.date() - timedelta(days=1), "from_day": AT.date() - timedelta(days=9)}, "晚于今天"),
        ({"division": 370000000000}, "辖区内"),
    ],
)
def test_a_supervision_without_a_ground_an_end_or_a_scope_is_refused(system, other, said):
    with check_refused(said):
        ask_supervision(system, **other)


def test_only_a_supervisor_is_given_a_supervision(system):
    with check_refused("外部监督账号"):
        ask_supervision(system, supervisor=personas.user("张敏"))


# --- the pages -----------------------------------------------------------------------------------------


def test_the_administrators_pages_make_a_user_who_can_log_in(client, settings):
    settings.DOUDI_SECOND_FACTOR = False
    personas.log_in(client, "秦系")
    client.post("/accounts/organisations/", {"name": "东营区民政局", "kind": "民政", "division": "370502"})
    pk = Organisation.objects.get(name="东营区民政局").pk
    assert "东营区民政局" in client.get("/accounts/organisations/?text=东营区民政").content.decode()
    assert "没有查到" in client.get("/accounts/organisations/?text=没有").content.decode()
    typed = {
        "login": "newone",
        "shown_name": "新来的",
        "staff_no": "A-1",
        "role": "county_officer",
        "division": "370502",
    }
    wrong = client.post(f"/accounts/organisations/{pk}/users/new", typed | {"login": "zhang min"})
    assert wrong.status_code == 422
    assert 'value="新来的"' in wrong.content.decode()
    made = client.post(f"/accounts/organisations/{pk}/users/new", typed)
    personas.log_in(client, "尤安")
    assert "新来的" in client.get("/accounts/waiting/").content.decode()
    page = client.post(f"{made.url}/move", {"move": "批准"}).content.decode()
    password = re.search(r'<span class="strong">(\w{14})</span>', page)[1]
    client.post("/logout")
    assert client.post("/login", {"login": "newone", "password": password}).url == "/"
    assert client.get("/").url == "/accounts/password"
    new = {"old": password, "new": "Harbour-of-7-winds", "again": "Harbour-of-7-winds"}
    assert client.post("/accounts/password", new).url == "/"
    assert client.get("/accounts/me").status_code == 200, "the session outlives the change"


def test_a_reset_is_asked_on_one_page_and_made_on_another(client):
    subject = personas.user("张敏")
    personas.log_in(client, "秦系")
    assert client.post(f"/accounts/users/{subject.pk}/change", {"kind": "password", "why": ""}).status_code == 422
    client.post(f"/accounts/users/{subject.pk}/change", {"kind": "password", "why": "忘了"})
    change = AccountChange.objects.get()
    assert client.post(f"/accounts/changes/{change.pk}/decide", {"move": "批准"}).status_code == 404
    personas.log_in(client, "尤安")
    assert "临时密码" in client.post(f"/accounts/changes/{change.pk}/decide", {"move": "批准"}).content.decode()


def test_a_supervision_is_asked_and_opened_on_its_page(client):
    supervisor = personas.user("何督")
    SupervisionGrant.objects.all().delete()
    personas.log_in(client, "秦系")
    typed = {
        "supervisor": supervisor.pk, "notice_no": "审通一号", "purpose": "低保资金", "division": "370502",
        "from_day": "2026-01-01", "until_day": "2099-01-01",
    }  # fmt: skip
    assert client.post("/accounts/supervision/", typed | {"until_day": "2025-01-01"}).status_code == 422
    assert client.post("/accounts/supervision/", typed).status_code == 302
    grant = SupervisionGrant.objects.get()
    personas.log_in(client, "尤安")
    assert "待批准的外部监督 1 项" in client.get("/accounts/waiting/").content.decode()
    client.post(f"/accounts/supervision/{grant.pk}/decide", {"move": "批准"})
    grant.refresh_from_db()
    assert grant.state == "open"
    client.post(f"/accounts/supervision/{grant.pk}/decide", {"move": "提前结束", "why": "办结"})
    grant.refresh_from_db()
    assert grant.state == "ended"


OWN_PAGES = ["/accounts/", "/accounts/waiting/", "/accounts/supervision/", "/accounts/organisations/"]


@pytest.mark.parametrize("address", OWN_PAGES)
@pytest.mark.parametrize("name", ["张敏", "何督", "许审", "郑医"])
def test_nobody_else_finds_the_administrators_pages(client, name, address):
    assert personas.log_in(client, name).get(address).status_code == 404
    assert personas.log_in(client, "秦系").get(address).status_code == 200
