"""总密钥：在册身份的全部秘密由它守着；丢了就拒绝，绝不另造一把。

The master key file of one home: made once, for an empty home, and never made again. Without it the vault cannot be
read and the tokens in the lake mean nothing, so a second key would silently turn every person into a new one.
"""

import json
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives import hashes, hmac

from doudi.errors import Refusal
from doudi.landing.cmac import Cmac
from doudi.landing.durable import write_durably
from doudi.landing.installation import is_of_office

__all__ = ["Key", "MasterKeys", "key_file", "open_keys", "proof_of"]

_LENGTHS = {"ref": 32, "blind": 32, "token": 32, "field": 16}  # bytes; SM4 takes 16


@dataclass(frozen=True, slots=True)
class Key:
    """One secret with its public number, which every sealed field carries so that keys can be rotated."""

    number: int
    secret: bytes = field(repr=False)

    def derived(self, purpose: str) -> bytes:
        """A secret of 32 bytes for one purpose: HMAC-SM3 of its name. Who has it learns of no other purpose."""
        derived = hmac.HMAC(self.secret, hashes.SM3())
        derived.update(purpose.encode())
        return derived.finalize()

    def cmac(self, purpose: str) -> Cmac:
        """The keyed digests of one purpose, by columns."""
        return Cmac(self.derived(purpose)[:16])


@dataclass(frozen=True, slots=True)
class MasterKeys:
    """`ref` names people outside, `blind` finds them inside, `token` stands for text in the lake, `field` seals."""

    ref: Key
    blind: Key
    token: Key
    field: Key


def key_file(home: Path) -> Path:
    """Where the master key of a home lies."""
    return home / "keys" / "master.json"


def open_keys(home: Path, *, new: bool = False) -> MasterKeys:
    """The keys of `home`. `new`: they are made if the home holds nothing yet.

    Refused: no key file although people or lines are there, a file that others may read, a file that is no key file.
    """
    path = key_file(home)
    if not path.exists():
        if not new and not _in_use(home):
            raise Refusal("landing.nothing_landed", f"{home} 里还没有入过库；请先用 doudi land 入库。")
        if _in_use(home):
            raise Refusal(
                "landing.key_lost",
                f"密钥文件不见了：{path}。已入库的身份只能用原来的密钥读取，系统不会另造密钥；请从备份恢复该文件后再试。",
            )
        _make(path)
    if path.stat().st_mode & 0o077:
        raise Refusal("landing.key_exposed", f"密钥文件 {path} 其他用户也能读写；请先执行 chmod 600，并查明谁读过它。")
    return _read(path)


def proof_of(keys: MasterKeys) -> bytes:
    """What a vault keeps, to know the key again under which it began."""
    return keys.blind.derived("vault.proof")


def _in_use(home: Path) -> bool:
    """Is there anything in `home` that only the lost key can read?"""
    vaulted = (home / "vault" / "vault.db").exists() or is_of_office(home)
    return vaulted or any((home / "lake" / "batches").glob("*.json"))


def _make(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = {name: {"number": 1, "secret": secrets.token_hex(length)} for name, length in _LENGTHS.items()}
    write_durably(path, json.dumps(made, indent=1).encode(), mode=0o600)


def _read(path: Path) -> MasterKeys:
    try:
        entries = json.loads(path.read_bytes())
        keys = {name: Key(int(entries[name]["number"]), bytes.fromhex(entries[name]["secret"])) for name in _LENGTHS}
    except (ValueError, KeyError, TypeError) as error:
        raise Refusal("landing.key_unreadable", f"密钥文件 {path} 读不出来；请从备份恢复该文件。") from error
    if any(len(key.secret) != _LENGTHS[name] for name, key in keys.items()):
        raise Refusal("landing.key_unreadable", f"密钥文件 {path} 里的密钥长度不对；请从备份恢复该文件。")
    return MasterKeys(**keys)
