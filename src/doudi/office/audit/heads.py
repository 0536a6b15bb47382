"""链头：每次封链之后，把链头记到数据库之外的一个文件里，刷盘。

The heads of the chain, kept outside the database, one JSON line a sealing. Whoever cuts the chain's tail, or writes the
whole chain anew, would have to change this file too; copies of it leave the machine (docs/run/audit.md).
"""

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from django.conf import settings

__all__ = ["Head", "append", "head_file", "last", "read"]

_TAIL: Final = 4096  # bytes at the file's end among which the last whole line lies


@dataclass(frozen=True, slots=True)
class Head:
    """The chain's last link at a moment. `hash` is hexadecimal, `at` ISO 8601."""

    position: int
    entry_id: int
    hash: str
    at: str

    @property
    def moment(self) -> datetime:
        """When it was recorded."""
        return datetime.fromisoformat(self.at)


def head_file() -> Path:
    """Where the heads are: the setting DOUDI_HEAD."""
    return Path(settings.DOUDI_HEAD)


def append(head: Head) -> None:
    """Adds one line, on the disk when this returns. A line that a crash cut short is closed first, and left."""
    path = head_file()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    new = not path.exists()
    descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        size = os.fstat(descriptor).st_size
        torn = size and os.pread(descriptor, 1, size - 1) != b"\n"
        os.write(descriptor, (b"\n" if torn else b"") + json.dumps(asdict(head)).encode() + b"\n")
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    if new:
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def read(path: Path) -> Iterator[Head]:
    """The heads recorded in a file, oldest first. A line that is none is passed over: each head vouches for all before it."""
    if path.is_file():
        with path.open("rb") as lines:
            yield from (head for line in lines if (head := _parsed(line)))


def last() -> Head | None:
    """The latest head, found from the file's end; None when there is none."""
    path = head_file()
    if not path.is_file():
        return None
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _TAIL))
        heads = [head for line in file.read().split(b"\n") if (head := _parsed(line))]
    return heads[-1] if heads else None


def _parsed(line: bytes) -> Head | None:
    try:
        head = Head(**json.loads(line))
        bytes.fromhex(head.hash)
        datetime.fromisoformat(head.at)
    except (ValueError, TypeError):
        return None
    return head
