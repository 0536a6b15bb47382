"""What a password must be; the last five do not come back; it grows old."""

from datetime import timedelta

import pytest

import personas
from doudi.errors import Refusal
from doudi.office.accounts import services
from doudi.office.accounts.passwords import complaints, temporary

pytestmark = pytest.mark.usefixtures("office_db")
AT, GOOD = personas.AT, "Harbour-of-7-winds"


@pytest.fixture
def user():
    user = personas.user("张敏")
    user.set_password(GOOD)
    user.save()
    return user


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("Short-7x", "至少 10 位，现在是 8 位"),
        ("x7-" * 50, "最多 128 位"),
        ("only-lower-case", "至少三种"),
        ("my-Zhangmin-2026", "不能含登录名"),
        ("x7-NIMGNAHZ-y", "不能含登录名"),
        ("Passw0rd123", None),
        (GOOD, "用过"),
    ],
)
def test_each_rule_says_its_sentence(user, password, said):
    told = "".join(complaints(user, password))
    assert (said in told) if said else not told


def test_a_common_password_is_refused(user):
    assert "太常见" in "".join(complaints(user, "password123"))


def test_made_passwords_satisfy_the_rules(user):
    made = {temporary() for _ in range(50)}
    assert len(made) == 50
    assert not [password for password in made if complaints(user, password)]


def test_the_last_five_do_not_come_back_and_the_sixth_may(user, settings):
    old = GOOD
    used = [old]
    for number in range(settings.DOUDI_PASSWORD_HISTORY + 1):
        new = f"Harbour-of-{number}-storms"
        services.change_password(user=user, old=old, new=new, at=AT + timedelta(minutes=number))
        old = new
        used.append(new)
    for recent in used[-1 - settings.DOUDI_PASSWORD_HISTORY :]:
        with pytest.raises(Refusal, match="用过"):
            services.change_password(user=user, old=old, new=recent, at=AT + timedelta(hours=1))
    services.change_password(user=user, old=old, new=GOOD, at=AT + timedelta(hours=2))
    assert user.passwords_used.count() == settings.DOUDI_PASSWORD_HISTORY


def test_a_wrong_old_password_changes_nothing_and_counts(user):
    with pytest.raises(Refusal, match="现在的密码不对"):
        services.change_password(user=user, old="wrong", new="Harbour-of-9-storms", at=AT)
    user.refresh_from_db()
    assert user.check_password(GOOD)
    assert user.failures == 1


def test_a_password_grows_old_unless_the_setting_says_never(user, settings):
    user.password_set_at, user.must_change_password = AT, False
    assert not user.password_due(AT + timedelta(days=settings.DOUDI_PASSWORD_DAYS, seconds=-1))
    assert user.password_due(AT + timedelta(days=settings.DOUDI_PASSWORD_DAYS))
    settings.DOUDI_PASSWORD_DAYS = 0
    assert not user.password_due(AT + timedelta(days=9999))
