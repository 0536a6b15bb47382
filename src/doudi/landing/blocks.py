"""按列加密：一列文字切成十六字节的块，每一步把整列的块一次交给国密 SM4。

Columns of 16-byte blocks. A block is two UInt64 words as they lie in memory (little-endian), so that a column of blocks
is two Series, its exclusive or is one expression, and OpenSSL enciphers all of it in one call.
"""

from typing import TypeAlias

import polars as pl
import pyarrow as pa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

__all__ = ["BLOCK", "Blocks", "block_of", "block_words", "encrypted", "interleaved", "of_bytes", "zero_padded"]

BLOCK = 16  # bytes

Blocks: TypeAlias = tuple[pl.Series, pl.Series]


def encrypted(cipher: algorithms.SM4, blocks: Blocks) -> Blocks:
    """Each block enciphered by itself. The only mode of use here is as the keyed permutation that CMAC and GCM ask for."""
    encryptor = Cipher(cipher, modes.ECB()).encryptor()  # noqa: S305 the permutation under CMAC and GCM, no mode of its own
    return of_bytes(encryptor.update(interleaved(*blocks)))


def interleaved(*words: pl.Series) -> memoryview:
    """The bytes of rows of words, row after row."""
    rows = pl.DataFrame({str(number): column for number, column in enumerate(words)})
    flat = rows.select(pl.concat_arr(pl.all()).explode()).to_series()
    array = flat.to_arrow()
    _, buffer = array.buffers()
    return memoryview(buffer).cast("B")[8 * array.offset :][: 8 * flat.len()] if flat.len() else memoryview(b"")


def of_bytes(content: bytes) -> Blocks:
    """The blocks that lie in `content` one after the other."""
    count = len(content) // 8
    words = pl.Series(pa.Array.from_buffers(pa.uint64(), count, [None, pa.py_buffer(content)]), dtype=pl.UInt64)
    return words.gather_every(2), words.gather_every(2, offset=1)


def zero_padded(texts: pl.Series) -> pl.Series:
    """The texts as bytes with a block of zeros behind each, so that every block begun can be read whole."""
    return pl.select(pl.concat_str(pl.lit(texts), pl.lit("\0" * BLOCK)).cast(pl.Binary)).to_series()


def block_of(padded: pl.Series, number: int) -> Blocks:
    """The block of that number, from 0, of each of some padded texts."""
    first, second = (padded.bin.slice(BLOCK * number + half, 8).bin.reinterpret(dtype=pl.UInt64) for half in (0, 8))
    return first, second


def block_words(block: bytes) -> tuple[int, int]:
    """One block as its two words."""
    return int.from_bytes(block[:8], "little"), int.from_bytes(block[8:], "little")
