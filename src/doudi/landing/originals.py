"""原件：认得出来，也封得起来。文件的摘要定批次的名；入库期间改动过的，封存时认得出来。

A received file as such: the digest that names its batch, and its sealed copy. Whether it is still the file that was read
is told by a second digest, which is fast. It is packed before it is sealed: of a text a fifth is left to encipher and to keep.
"""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
from cryptography.hazmat.primitives import hashes

from doudi.errors import Refusal
from doudi.landing.durable import TEMP_SUFFIX, publish
from doudi.landing.vault import Vault

__all__ = ["digests", "keep_original", "original"]

_CHUNK = 1 << 20
_PACKED = b"\x28\xb5\x2f\xfd"  # how a frame of Zstandard begins, and no table


def digests(path: Path) -> tuple[bytes, bytes]:
    """SM3 and BLAKE2b of a file's bytes: the first names its batch, the second takes less than half of its time."""
    digest, likeness = hashes.Hash(hashes.SM3()), hashlib.blake2b()
    try:
        for chunk in _chunks(path):
            digest.update(chunk)
            likeness.update(chunk)
    except OSError as error:
        raise Refusal("landing.unreadable", f"{path.name} 打不开（{error.strerror}）；请检查有无读取权限。") from error
    return digest.finalize(), likeness.digest()


def keep_original(vault: Vault, path: Path, batch: str, likeness: bytes) -> None:
    """Seals the file as it was received, each MiB a frame of Zstandard. Refused: it is no longer the file that was read."""
    final = vault.original(batch)
    final.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    temp = final.with_name(final.name + TEMP_SUFFIX)
    sealed, packing = hashlib.blake2b(), pa.Codec("zstd", compression_level=1)
    packed = (packing.compress(chunk, asbytes=True) for chunk in _hashed(_chunks(path), sealed))
    with os.fdopen(os.open(temp, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        vault.sealer.seal_file(_place(batch), packed, out)
    if sealed.digest() != likeness:
        temp.unlink()
        raise Refusal("landing.file_changed", f"{path.name} 在入库时被改动了；请等它写完后再入库。")
    publish(temp, final)


def original(vault: Vault, batch: str) -> bytes:
    """The file of a batch as it was received. Refused: it was changed since, or the key is another."""
    packed = b"".join(vault.sealer.unseal_file(_place(batch), vault.original(batch)))
    if not packed.startswith(_PACKED):  # sealed before files were packed
        return packed
    return bytes(pa.CompressedInputStream(pa.BufferReader(packed), "zstd").read())


def _place(batch: str) -> str:
    return f"originals.file|{batch}"


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk


def _hashed(chunks: Iterator[bytes], digest: "hashlib.blake2b") -> Iterator[bytes]:
    for chunk in chunks:
        digest.update(chunk)
        yield chunk
