"""封链：一条流水的规范字节，和把它接到前一环上的 SM3。

The chain's arithmetic, without a database: the canonical bytes of a row, and SM3 over the link before and these bytes.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

from cryptography.hazmat.primitives import hashes

__all__ = ["COLUMNS", "FIRST", "NAMED_COLUMNS", "canonical", "link"]

# What is sealed of a row: all of it. `tx` is the number of the writing transaction.
COLUMNS: Final = (
    "id", "at", "written_at", "actor", "actor_id", "role", "actor_division", "act", "subject_kind", "subject", "whose",
    "division", "why", "outcome", "detail", "tx",
)  # fmt: skip

_MOMENTS: Final = frozenset({"at", "written_at"})

NAMED_COLUMNS: Final = ", ".join(
    f"(extract(epoch FROM e.{name}) * 1000000)::bigint AS {name}"
    if name in _MOMENTS
    else "e.tx::text::bigint AS tx"
    if name == "tx"
    else f"e.{name}"
    for name in COLUMNS
)

_written: Final = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode

FIRST: Final = bytes(32)  # what stands before the first link


def canonical(row: Mapping[str, Any]) -> bytes:
    """The row as bytes that any program can make again: a JSON array of the columns, keys sorted, no spaces, UTF-8.

    Moments are whole microseconds since 1970, as the query for `NAMED_COLUMNS` gives them.
    """
    return _written([row[column] for column in COLUMNS]).encode()


def link(before: bytes, row: Mapping[str, Any]) -> bytes:
    """SM3(before ‖ canonical bytes of the row): 32 bytes."""
    digest = hashes.Hash(hashes.SM3())
    digest.update(before)
    digest.update(canonical(row))
    return digest.finalize()
