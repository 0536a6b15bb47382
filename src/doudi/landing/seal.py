"""封与拆：密库里每一格都用国密 SM4-GCM 封好，并绑定它所在的表、列、行。

SM4-GCM for fields and for whole files. The AAD is `table.field|row`: a ciphertext moved to another row does not open.
"""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import polars as pl
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import AEADEncryptionContext, Cipher, algorithms, modes

from doudi.errors import Refusal
from doudi.landing.bulk import Packed
from doudi.landing.gcm import sealed_alike
from doudi.landing.keys import Key

__all__ = ["SealedCells", "Sealer", "Sealing"]

_MARK, _NONCE, _TAG, _CHUNK = 4, 12, 16, 1 << 20
_FEW = 1_000  # cells; below this OpenSSL's own GCM, cell by cell, is faster than setting a column in step


@dataclass(frozen=True, slots=True)
class SealedCells:
    """Cells of one size: `rows` says which of the column's they are."""

    rows: pl.Series
    cells: Packed


class Sealer:
    """Seals under one key. A sealed field is: key number (4 bytes), nonce, tag, ciphertext."""

    def __init__(self, key: Key) -> None:
        self._key = key
        self._prefix = key.number.to_bytes(_MARK, "little")
        self._cipher = algorithms.SM4(key.secret)

    def seal(self, place: str, text: str) -> bytes:
        """`text`, readable only with the key and only at `place`."""
        nonce = os.urandom(_NONCE)
        encryptor = Cipher(self._cipher, modes.GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(place.encode())
        body = encryptor.update(text.encode()) + encryptor.finalize()
        return b"".join((self._prefix, nonce, encryptor.tag, body))

    def seal_column(self, places: pl.Series, texts: pl.Series) -> Iterator[SealedCells]:
        """A column of cells, each sealed as `seal` does; together they are all rows, those of one size at a time."""
        if not texts.len():
            return
        sizes = pl.DataFrame({"place": places.str.len_bytes(), "text": texts.str.len_bytes()}).with_row_index("row")
        for alike in sizes.partition_by("place", "text", maintain_order=True):
            rows = alike["row"]
            yield SealedCells(rows, self._sealed_alike(places.gather(rows), texts.gather(rows)))

    def _sealed_alike(self, places: pl.Series, texts: pl.Series) -> Packed:
        if texts.len() >= _FEW:
            return Packed(*sealed_alike(self._key.secret, self._key.number, places, texts))
        cells = [self.seal(place, text) for place, text in zip(places, texts, strict=True)]
        return Packed(b"".join(cells), len(cells[0]), len(cells[0]))

    def unseal(self, place: str, sealed: bytes) -> str:
        """What was sealed at `place`. Refused: another key, another place, changed bytes."""
        nonce, tag, body = sealed[_MARK:_TAG], sealed[_TAG : 2 * _TAG], sealed[2 * _TAG :]
        if sealed[:_MARK] != self._prefix or len(tag) < _TAG:
            raise _broken(place)
        decryptor = Cipher(self._cipher, modes.GCM(nonce, tag)).decryptor()
        decryptor.authenticate_additional_data(place.encode())
        try:
            return (decryptor.update(body) + decryptor.finalize()).decode()
        except InvalidTag as error:
            raise _broken(place) from error

    def seal_file(self, place: str, chunks: Iterable[bytes], out: BinaryIO) -> None:
        """Writes the sealed form of `chunks`, in constant memory."""
        sealing = self.sealing(place, out)
        for chunk in chunks:
            sealing.add(chunk)
        sealing.end()

    def sealing(self, place: str, out: BinaryIO) -> "Sealing":
        """Seals into `out` what is added bit by bit: key number, nonce, ciphertext, tag last."""
        nonce = os.urandom(_NONCE)
        encryptor = Cipher(self._cipher, modes.GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(place.encode())
        out.write(self._prefix + nonce)
        return Sealing(encryptor, out)

    def unseal_file(self, place: str, path: Path) -> Iterator[bytes]:
        """The sealed file's content, chunk by chunk; trust none of it until the iterator ends without a Refusal."""
        with path.open("rb") as file:
            file.seek(0, os.SEEK_END)
            left = file.tell() - _MARK - _NONCE - _TAG
            if left < 0:
                raise _broken(place)
            file.seek(-_TAG, os.SEEK_END)
            tag = file.read()
            file.seek(0)
            prefix, nonce = file.read(_MARK), file.read(_NONCE)
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


class Sealing:
    """A file that is being sealed; it opens once its end was written."""

    def __init__(self, encryptor: AEADEncryptionContext, out: BinaryIO) -> None:
        self._encryptor = encryptor
        self._out = out

    def add(self, chunk: bytes) -> None:
        """Seals what comes next."""
        self._out.write(self._encryptor.update(chunk))

    def end(self) -> None:
        """Writes what tells a whole file from a cut one."""
        self._out.write(self._encryptor.finalize() + self._encryptor.tag)


def _broken(place: str) -> Refusal:
    table = place.partition("|")[0]
    return Refusal(
        "landing.seal_broken", f"密库 {table} 中有一格打不开：密钥不对，或者内容被移动、改动过；请从备份恢复密库。"
    )
