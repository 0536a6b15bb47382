"""站点密钥：每个安装一把，第一次启动时生成，只有本账号能读。

The key that signs sessions and forms: one an installation, made at the first start, readable by our account alone. It
opens no personal data; the vault has keys of its own.
"""

import os
import secrets
from pathlib import Path

__all__ = ["make_secret_key", "secret_key"]


def secret_key(home: Path) -> str:
    """The environment's DOUDI_SECRET_KEY, or the installation's own; empty when there is none yet, which Django refuses."""
    if given := os.environ.get("DOUDI_SECRET_KEY"):
        return given
    try:
        return _file(home).read_text("ascii").strip()
    except FileNotFoundError:
        return ""


def make_secret_key(home: Path) -> None:
    """Makes the installation's key when it has none. Two that start together agree on one."""
    if _file(home).exists():
        return
    _file(home).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = _file(home).with_suffix(f".{os.getpid()}")
    descriptor = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(48))
    try:
        os.link(made, _file(home))  # unlike a rename, it never takes the place of another's
    except FileExistsError:
        pass
    finally:
        made.unlink()


def _file(home: Path) -> Path:
    return home / "office" / "secret.key"
