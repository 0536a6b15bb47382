"""整列封存：一列单元格一次封好，每一格与 OpenSSL 逐格封出来的 SM4-GCM 逐字节相同。

SM4-GCM (NIST SP 800-38D) over columns. Two OpenSSL objects per cell cost five times what the cipher does; here a column's
counters are enciphered in one call, and GHASH, which is linear, is looked up byte by byte in tables of the key.
"""

import os
from collections.abc import Iterator
from functools import lru_cache

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from doudi.landing.blocks import BLOCK, Blocks, block_of, encrypted, interleaved, of_bytes, zero_padded

__all__ = ["sealed_alike"]

_LOW = (1 << 32) - 1
_REDUCTION = 0xE1 << 120  # x^128 + x^7 + x^2 + x + 1, the lowest power in the highest bit, as GCM writes it
_TABLES = 64  # powers of H kept, 64 KiB each: texts of 30 blocks and no end of places


def sealed_alike(secret: bytes, mark: int, places: pl.Series, texts: pl.Series) -> tuple[memoryview, int, int]:
    """Seals texts of one length at places of one length: the cells one after the other, each cell's size, and the stride.

    A cell is `mark` (4 bytes), nonce (12), tag (16), ciphertext; what follows up to the stride is nothing.
    `places` are the additional data; both as UTF-8, in bytes.
    """
    cipher = algorithms.SM4(secret)
    place_size, text_size = (int(column[:1].str.len_bytes().sum()) for column in (places, texts))
    count, blocks = texts.len(), -(-text_size // BLOCK)
    first, second = of_bytes(os.urandom(BLOCK * count))
    second = second % (1 << 32)  # the nonce has twelve bytes
    counters = range(1, blocks + 2)
    masks = encrypted(
        cipher,
        (pl.concat([first] * len(counters)), pl.concat([second + _counted(number) for number in counters])),
    )
    body = _body(texts, tuple(mask.slice(count) for mask in masks), text_size)
    padded = zero_padded(places)
    hashed = [
        (block_of(padded, number), _size_of_block(place_size, number)) for number in range(-(-place_size // BLOCK))
    ]
    hashed += [(block, _size_of_block(text_size, number)) for number, block in enumerate(body)]
    tag = _ghash(secret, hashed, (place_size, text_size), (masks[0].slice(0, count), masks[1].slice(0, count)))
    head = (first % (1 << 32) * (1 << 32) + mark, first // (1 << 32) + second * (1 << 32))
    words = (*head, *tag, *(word for block in body for word in block))
    return interleaved(*words), 2 * BLOCK + text_size, 8 * len(words)


def _counted(number: int) -> int:
    """The big-endian counter in the last four bytes of a block, as part of its second word."""
    return int.from_bytes(number.to_bytes(8, "big"), "little")


def _body(texts: pl.Series, masks: tuple[pl.Series, ...], size: int) -> list[Blocks]:
    """The ciphertext in blocks, zero behind its end."""
    padded, count = zero_padded(texts), texts.len()
    body = []
    for number in range(-(-size // BLOCK)):
        plain = block_of(padded, number)
        words = [
            (plain[half] ^ masks[half].slice(number * count, count)) & _kept(size - BLOCK * number - 8 * half)
            for half in (0, 1)
        ]
        body.append((words[0], words[1]))
    return body


def _kept(size: int) -> int:
    """The mask that leaves a word its first `size` bytes."""
    return (1 << 8 * min(max(size, 0), 8)) - 1


def _size_of_block(size: int, number: int) -> int:
    return min(BLOCK, size - BLOCK * number)


def _ghash(secret: bytes, blocks: list[tuple[Blocks, int]], sizes: tuple[int, int], mask: Blocks) -> Blocks:
    """GHASH of blocks, each with the bytes it holds, and of the sizes; `mask` is mixed in, which makes it the tag."""
    lengths = b"".join((8 * size).to_bytes(8, "big") for size in sizes)
    ends = [_entry(secret, 1, at, byte) for at, byte in enumerate(lengths) if byte]
    first, second = (words.to_arrow() for words in mask)
    for number, (block, size) in enumerate(blocks):
        tables = _tables(secret, len(blocks) + 1 - number)
        for at, byte in enumerate(_bytes_of(block, size)):
            if byte.min() == byte.max():  # the name of the table and column, for one: the same in every cell
                ends.append(_entry(secret, len(blocks) + 1 - number, at, int(byte[0])))
                continue
            found = byte.to_arrow()
            first = pc.bit_wise_xor(first, pc.take(tables[at][0], found, boundscheck=False))
            second = pc.bit_wise_xor(second, pc.take(tables[at][1], found, boundscheck=False))
    tag = pl.Series(first, dtype=pl.UInt64), pl.Series(second, dtype=pl.UInt64)
    for end in ends:
        tag = tag[0] ^ end[0], tag[1] ^ end[1]
    return tag


def _bytes_of(block: Blocks, size: int) -> Iterator[pl.Series]:
    """The first `size` bytes of each block, the first of all, then the second of all, and so on."""
    for half, words in enumerate(block):
        array = words.to_arrow()
        _, buffer = array.buffers()
        flat = pl.Series(pa.Array.from_buffers(pa.uint8(), 8 * len(array), [None, buffer], offset=8 * array.offset))
        for at in range(min(size - 8 * half, 8)):
            yield flat.gather_every(8, offset=at)


def _entry(secret: bytes, power: int, at: int, byte: int) -> tuple[int, int]:
    first, second = _tables(secret, power)[at]
    return first[byte].as_py(), second[byte].as_py()


@lru_cache(maxsize=_TABLES)
def _tables(secret: bytes, power: int) -> tuple[tuple[pa.UInt64Array, pa.UInt64Array], ...]:
    """For each byte of a block, what each of its 256 values times H^power is."""
    term = _power(secret, power)
    steps = []
    for _ in range(8 * BLOCK):
        steps.append(term)
        term = term >> 1 ^ (_REDUCTION if term & 1 else 0)
    tables = []
    for at in range(BLOCK):
        entries = [0] * 256
        for byte in range(1, 256):
            lowest = byte & -byte
            entries[byte] = entries[byte ^ lowest] ^ steps[8 * at + 8 - lowest.bit_length()]
        first, second = of_bytes(b"".join(entry.to_bytes(BLOCK, "big") for entry in entries))
        tables.append((first.to_arrow(), second.to_arrow()))
    return tuple(tables)


def _power(secret: bytes, power: int) -> int:
    zero = Cipher(algorithms.SM4(secret), modes.ECB()).encryptor().update(bytes(BLOCK))  # noqa: S305 as GCM prescribes
    subkey = int.from_bytes(zero, "big")
    product = subkey
    for _ in range(power - 1):
        product = _times(product, subkey)
    return product


def _times(one: int, other: int) -> int:
    """The product in GCM's field."""
    product = 0
    for bit in range(127, -1, -1):
        if one >> bit & 1:
            product ^= other
        other = other >> 1 ^ (_REDUCTION if other & 1 else 0)
    return product
