"""封与拆：密库里每一格都用国密 SM4-GCM 封好，并绑定它所在的表、列、行。

SM4-GCM for fields and for whole files. The AAD is `table.field|row`: a ciphertext moved to another row does not open.
"""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from doudi.errors import Refusal
from doudi.landing.keys import Key

__all__ = ["Sealer"]

_NONCE, _TAG, _CHUNK = 12, 16, 1 << 20


class Sealer:
    """Seals under one key. A sealed field is: key number (1 byte), nonce, tag, ciphertext."""

    def __init__(self, key: Key) -> None:
        self._prefix = bytes([key.number])
        self._cipher = algorithms.SM4(key.secret)

    def seal(self, place: str, text: str) -> bytes:
        """`text`, readable only with the key and only at `place`."""
        nonce = os.urandom(_NONCE)
        encryptor = Cipher(self._cipher, modes.GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(place.encode())
        body = encryptor.update(text.encode()) + encryptor.finalize()
        return b"".join((self._prefix, nonce, encryptor.tag, body))

    def unseal(self, place: str, sealed: bytes) -> str:
        """What was sealed at `place`. Refused: another key, another place, changed bytes."""
        nonce, tag, body = sealed[1 : 1 + _NONCE], sealed[1 + _NONCE : 1 + _NONCE + _TAG], sealed[1 + _NONCE + _TAG :]
        if sealed[:1] != self._prefix or len(tag) < _TAG:
            raise _broken(place)
        decryptor = Cipher(self._cipher, modes.GCM(nonce, tag)).decryptor()
        decryptor.authenticate_additional_data(place.encode())
        try:
            return (decryptor.update(body) + decryptor.finalize()).decode()
        except InvalidTag as error:
            raise _broken(place) from error

    def seal_file(self, place: str, chunks: Iterable[bytes], out: BinaryIO) -> None:
        """Writes the sealed form of `chunks`: key number, nonce, ciphertext, tag last, in constant memory."""
        nonce = os.urandom(_NONCE)
        encryptor = Cipher(self._cipher, modes.GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(place.encode())
        out.write(self._prefix + nonce)
        out.writelines(encryptor.update(chunk) for chunk in chunks)
        out.write(encryptor.finalize() + encryptor.tag)

    def unseal_file(self, place: str, path: Path) -> Iterator[bytes]:
        """The sealed file's content, chunk by chunk; trust none of it until the iterator ends without a Refusal."""
        with path.open("rb") as file:
            file.seek(0, os.SEEK_END)
            left = file.tell() - 1 - _NONCE - _TAG
            if left < 0:
                raise _broken(place)
            file.seek(-_TAG, os.SEEK_END)
            tag = file.read()
            file.seek(0)
            prefix, nonce = file.read(1), file.read(_NONCE)
            if prefix != self._prefix:
                raise _broken(place)
            decryptor = Cipher(self._cipher, modes.GCM(nonce, tag)).decryptor()
            decryptor.authenticate_additional_data(place.encode())
            while left:
                chunk = file.read(min(left, _CHUNK))
                left -= len(chunk)
                yield decryptor.update(chunk)
            try:
                yield decryptor.finalize()
            except InvalidTag as error:
                raise _broken(place) from error


def _broken(place: str) -> Refusal:
    table = place.partition("|")[0]
    return Refusal(
        "landing.seal_broken", f"密库 {table} 中有一格打不开：密钥不对，或者内容被移动、改动过；请从备份恢复密库。"
    )
