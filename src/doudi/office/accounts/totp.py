"""The second factor: a secret sealed at rest, codes of thirty seconds, none of which counts twice."""

import hmac
import io
import secrets
from datetime import datetime
from typing import Final

import pyotp
import segno
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from doudi.errors import Refusal
from doudi.office.accounts.models import User

__all__ = ["matches", "new_secret", "picture", "seal", "secret_of"]

_STEP: Final = 30  # seconds a code lives
_DRIFT: Final = 1  # steps by which a telephone's clock may be off


def new_secret() -> str:
    """A fresh secret, as authenticators read it."""
    return pyotp.random_base32()


def seal(user: User, secret: str) -> bytes:
    """The secret under the installation's key, bound to this user: nonce, ciphertext, tag."""
    nonce = secrets.token_bytes(12)
    lock = Cipher(algorithms.SM4(_key()), modes.GCM(nonce)).encryptor()
    lock.authenticate_additional_data(_bound_to(user))
    return nonce + lock.update(secret.encode()) + lock.finalize() + lock.tag


def secret_of(user: User) -> str | None:
    """The user's secret in plain, None when he has none. Refused: it was sealed under another key, or for another user."""
    if user.totp_sealed is None:
        return None
    sealed = bytes(user.totp_sealed)
    key = Cipher(algorithms.SM4(_key()), modes.GCM(sealed[:12], sealed[-16:])).decryptor()
    key.authenticate_additional_data(_bound_to(user))
    try:
        return (key.update(sealed[12:-16]) + key.finalize()).decode()
    except InvalidTag as error:
        raise Refusal("accounts.totp_sealed", "动态口令的密钥打不开；请找系统管理员申请重置动态口令。") from error


def matches(user: User, code: str, at: datetime) -> int | None:
    """The step whose code this is, within the drift and later than the last one used; None when it is none."""
    secret = secret_of(user)
    if secret is None:
        return None
    now = int(at.timestamp()) // _STEP
    typed = code.strip().replace(" ", "")
    made = pyotp.TOTP(secret, interval=_STEP)
    fitting = [
        step for step in range(now - _DRIFT, now + _DRIFT + 1)
        if hmac.compare_digest(made.generate_otp(step).encode(), typed.encode())
    ]  # fmt: skip
    return next((step for step in fitting if step > user.totp_last), None)


def picture(user: User, secret: str) -> bytes:
    """The code to photograph, as an SVG image that needs no style."""
    address = pyotp.TOTP(secret).provisioning_uri(name=user.login, issuer_name="兜底")
    drawn = io.BytesIO()
    segno.make(address, error="m").save(drawn, kind="svg", scale=5, border=2, dark="#000", light="#fff", xmldecl=False)
    return drawn.getvalue()


def _key() -> bytes:
    derived = HKDF(algorithm=hashes.SM3(), length=16, salt=None, info=b"doudi accounts totp")
    return derived.derive(settings.SECRET_KEY.encode())


def _bound_to(user: User) -> bytes:
    return f"accounts_user.totp|{user.pk}".encode()
