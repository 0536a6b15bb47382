"""落盘：先写临时文件、刷盘，再一步换名；断电或被杀，旧的在或新的在，没有半个。

The two ways in which landing lets a file appear, and the lock that keeps a second writer out.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from doudi.errors import Refusal

__all__ = ["TEMP_SUFFIX", "only_writer", "publish", "write_durably"]

TEMP_SUFFIX = ".tmp"  # whatever bears it was never published and may be swept


def publish(temp: Path, final: Path) -> None:
    """Lets the complete file `temp` appear as `final`, surviving power loss: its bytes first, then its name."""
    with temp.open("rb") as written:
        os.fsync(written.fileno())
    temp.replace(final)
    _sync_directory(final.parent)


def write_durably(final: Path, content: bytes, *, mode: int = 0o644) -> None:
    """Replaces `final` by `content` in one step; `mode` holds from the first byte on."""
    temp = final.with_name(final.name + TEMP_SUFFIX)
    temp.unlink(missing_ok=True)
    with os.fdopen(os.open(temp, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as out:
        out.write(content)
    publish(temp, final)


@contextmanager
def only_writer(home: Path) -> Iterator[None]:
    """Holds the one writer's lock of `home`; the kernel lets go of it when the process dies. Refused: it is taken."""
    home.mkdir(parents=True, exist_ok=True)
    with (home / "lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Refusal("landing.busy", f"另一个入库正在使用 {home}；请等它结束后再试。") from error
        yield


def _sync_directory(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
