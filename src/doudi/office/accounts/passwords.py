"""What a password must be, and the making of one that somebody else hands over."""

import secrets
import string
from collections.abc import Iterator
from typing import Final

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

from doudi.office.accounts.models import User

__all__ = ["complaints", "rules", "temporary"]

_LETTERS: Final = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # none that looks like another
_KINDS: Final = (string.ascii_lowercase, string.ascii_uppercase, string.digits)


def complaints(user: User, password: str) -> list[str]:
    """Why this password will not do for this user, a sentence each; empty when it will."""
    return list(_complaints(user, password))


def temporary() -> str:
    """A password of fourteen signs that satisfies the rules and can be read out."""
    while True:
        made = "".join(secrets.choice(_LETTERS) for _ in range(max(14, settings.DOUDI_PASSWORD_LENGTH)))
        if _kinds(made) == len(_KINDS):
            return made


def _complaints(user: User, password: str) -> Iterator[str]:
    if len(password) < settings.DOUDI_PASSWORD_LENGTH:
        yield f"密码至少 {settings.DOUDI_PASSWORD_LENGTH} 位，现在是 {len(password)} 位。"
    if len(password) > 128:
        yield "密码最多 128 位。"
    if _kinds(password) < 3:
        yield "密码要有大写字母、小写字母、数字、其他符号中的至少三种。"
    plain = password.casefold()
    if user.login.casefold() in plain or user.login.casefold()[::-1] in plain or user.staff_no.casefold() in plain:
        yield "密码里不能含登录名或工号。"
    try:
        CommonPasswordValidator().validate(password)
    except ValidationError:
        yield "这个密码太常见，容易被猜中；请换一个。"
    if _used(user, password):
        yield f"这个密码用过；不能与现在的和最近 {settings.DOUDI_PASSWORD_HISTORY} 个密码相同。"


def _kinds(password: str) -> int:
    named = sum(any(sign in kind for sign in password) for kind in _KINDS)
    return named + any(not any(sign in kind for kind in _KINDS) for sign in password)


def _used(user: User, password: str) -> bool:
    if not user.pk:
        return False
    old = user.passwords_used.order_by("-at").values_list("hash", flat=True)[: settings.DOUDI_PASSWORD_HISTORY]
    return any(check_password(password, hashed) for hashed in [user.password, *old])


def rules() -> list[str]:
    """The rules as the page tells them."""
    told = [
        f"至少 {settings.DOUDI_PASSWORD_LENGTH} 位",
        "大写字母、小写字母、数字、其他符号中至少三种",
        "不含登录名、工号，不用常见密码",
        f"不与最近 {settings.DOUDI_PASSWORD_HISTORY} 个密码相同",
    ]
    return [*told, f"每 {settings.DOUDI_PASSWORD_DAYS} 天更换一次"] if settings.DOUDI_PASSWORD_DAYS else told
