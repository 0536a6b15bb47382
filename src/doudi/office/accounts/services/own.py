"""What a person does with his own login: his password, his second factor."""

from datetime import datetime

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.db import transaction

from doudi.errors import Refusal
from doudi.office.accounts import totp
from doudi.office.accounts.models import PasswordUsed, User
from doudi.office.accounts.passwords import complaints
from doudi.office.accounts.services.entry import actor_of, failed
from doudi.office.audit.services import record

__all__ = ["change_password", "give_password", "prove_second_factor", "start_second_factor"]


def change_password(*, user: User, old: str, new: str, at: datetime, address: str = "") -> None:
    """The person's new password; his other sessions are gone with the old one.

    Refused: the old one is wrong, which counts as a failed login, or the new one does not satisfy the rules (all
    complaints in one sentence).
    """
    if user.locked(at) or not check_password(old, user.password):
        failed(user=user, at=at, address=address)
        raise Refusal("accounts.old_password", "现在的密码不对，请重新输入；连续输错会锁定账号。")
    if said := complaints(user, new):
        raise Refusal("accounts.password_rules", "".join(said))
    with transaction.atomic():
        give_password(user, new, at)
        user.must_change_password = False
        user.save(update_fields=["must_change_password"])
        record(actor=actor_of(user), at=at, act="accounts.password", subject_kind="user", subject=str(user.pk))


def give_password(user: User, password: str, at: datetime) -> None:
    """Sets a password and keeps the hash of the one it replaces, the last few of them."""
    if user.has_usable_password():
        PasswordUsed.objects.create(user=user, hash=user.password, at=at)
        kept = user.passwords_used.order_by("-at").values_list("pk", flat=True)[: settings.DOUDI_PASSWORD_HISTORY]
        user.passwords_used.exclude(pk__in=list(kept)).delete()
    user.set_password(password)
    user.password_set_at = at
    user.failures = 0
    user.locked_until = None
    user.save(update_fields=["password", "password_set_at", "failures", "locked_until"])


@transaction.atomic
def start_second_factor(*, user: User) -> str:
    """The secret that the person is to put into his authenticator; made when there is none, the same until it is proved."""
    if user.totp_on:
        raise Refusal("accounts.totp_on", "动态口令已经启用；换手机请找系统管理员申请重置。")
    secret = totp.secret_of(user)
    if secret is None:
        secret = totp.new_secret()
        user.totp_sealed = totp.seal(user, secret)
        user.save(update_fields=["totp_sealed"])
    return secret


def prove_second_factor(*, user: User, code: str, at: datetime, address: str = "") -> bool:
    """Does the code fit? The first that fits turns the second factor on; each counts once; a wrong one counts as a failure."""
    step = None if user.locked(at) else totp.matches(user, code, at)
    with transaction.atomic():
        fresh = step is not None and User.objects.filter(pk=user.pk, totp_last__lt=step).update(
            totp_last=step, totp_on=True
        )
        if not fresh:
            failed(user=user, at=at, address=address)
            return False
        if not user.totp_on:
            record(actor=actor_of(user), at=at, act="accounts.totp_on", subject_kind="user", subject=str(user.pk))
        user.refresh_from_db()
    return True
