"""Where uploads wait: sealed as they arrive, under DOUDI_HOME/office/uploads, and opened into memory alone.

No plain byte of a department's file is ever written to a disk by the office.
"""

import os
import tempfile
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.conf import settings

from doudi.errors import Refusal
from doudi.landing.keys import open_keys
from doudi.landing.seal import Sealer
from doudi.office.exchange.vault import begin_vault, office_home

__all__ = [
    "Sealed",
    "UploadWriter",
    "drop",
    "named",
    "open_in_memory",
    "seal_chunks",
    "seal_name",
    "sweep",
    "too_large",
]

_MEMORY: Final = Path("/dev/shm")  # noqa: S108 - memory: a name that may hold a person's does not reach a disk


@dataclass(frozen=True, slots=True)
class Sealed:
    """A file that was received whole: its number and its plain size in bytes."""

    upload: uuid.UUID
    size: int


class UploadWriter:
    """Takes one file in chunks and seals each as it comes. `end` it, or `give_up`."""

    def __init__(self) -> None:
        begin_vault()
        self.upload = uuid.uuid4()
        self.size = 0
        path = _unfinished(self.upload)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._out = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
        self._sealing = _sealer().sealing(_place(self.upload), self._out)

    def add(self, chunk: bytes) -> None:
        """Seals the next bytes. Refused: the file is larger than this installation takes."""
        self.size += len(chunk)
        if self.size > most_bytes():
            raise too_large()
        self._sealing.add(chunk)

    def end(self) -> Sealed:
        """The file is whole, and on the disk for good."""
        self._sealing.end()
        self._out.flush()
        os.fsync(self._out.fileno())
        self._out.close()
        _unfinished(self.upload).rename(sealed_file(self.upload))
        return Sealed(self.upload, self.size)

    def give_up(self) -> None:
        """Nothing of it stays."""
        self._out.close()
        _unfinished(self.upload).unlink(missing_ok=True)
        drop(self.upload)


def seal_chunks(chunks: Iterable[bytes]) -> Sealed:
    """Puts by what the chunks make. Refused: too large."""
    writer = UploadWriter()
    try:
        for chunk in chunks:
            writer.add(chunk)
        return writer.end()
    except BaseException:
        writer.give_up()
        raise


def most_bytes() -> int:
    """How large one file may be."""
    return int(settings.DOUDI_UPLOAD_BYTES)


def too_large() -> Refusal:
    """What to say of a file that is larger than this installation takes."""
    return Refusal(
        "exchange.too_large",
        f"文件超过 {most_bytes() // 1_000_000:,} MB 的上限，没有收下；请分成几个文件（文件名加 _part1、_part2）后再交。",
    )


def sealed_file(upload: uuid.UUID) -> Path:
    """Where an upload waits."""
    return office_home() / "office" / "uploads" / f"{upload}.sm4"


def drop(upload: uuid.UUID) -> None:
    """Lets go of what was put by."""
    sealed_file(upload).unlink(missing_ok=True)


def sweep(known: Callable[[set[uuid.UUID]], set[uuid.UUID]], older_than: float, silent_since: float) -> int:
    """Removes what a process that died left behind; tells how many.

    Whole files last written before `older_than` whose uploads nobody knows (`known` says who of some is), and files still
    marked as coming in of which nothing was written since `silent_since`.
    """
    old = _written_before("*.sm4", older_than)
    lost = old - known(old) if old else old
    for upload in lost:
        drop(upload)
    broken_off = _written_before("*.part", silent_since)
    for upload in broken_off:
        _unfinished(upload).unlink(missing_ok=True)
    return len(lost) + len(broken_off)


def _written_before(pattern: str, moment: float) -> set[uuid.UUID]:
    found = set()
    for path in (office_home() / "office" / "uploads").glob(pattern):
        with suppress(ValueError, FileNotFoundError):
            if path.stat().st_mtime < moment:
                found.add(uuid.UUID(path.stem))
    return found


def _unfinished(upload: uuid.UUID) -> Path:
    """Where an upload is written while it comes in: what bears this mark is no whole file."""
    return sealed_file(upload).with_suffix(".part")


def seal_name(upload: uuid.UUID, name: str) -> bytes:
    """The sealed form of what the sender called his file."""
    return _sealer().seal(f"exchange_upload.name|{upload}", name)


def named(upload: uuid.UUID, sealed: bytes | memoryview) -> str:
    """What the sender called his file."""
    return _sealer().unseal(f"exchange_upload.name|{upload}", bytes(sealed))


@contextmanager
def open_in_memory(upload: uuid.UUID, name: str) -> Iterator[Path]:
    """The plain file under its own name, as long as the block lasts: bytes in memory, behind a link in memory.

    Refused: the sealed file was changed or is gone.
    """
    with ExitStack() as stack:
        memory = os.memfd_create("upload", os.MFD_CLOEXEC)
        stack.callback(os.close, memory)
        path = sealed_file(upload)
        if not path.exists():
            raise Refusal("exchange.upload_gone", "这个文件收下后不见了，没有入库；请重新交一次。")
        with os.fdopen(os.dup(memory), "wb") as out:
            out.writelines(_sealer().unseal_file(_place(upload), path))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="doudi-", dir=_MEMORY)))
        link = folder / name
        link.symlink_to(f"/proc/{os.getpid()}/fd/{memory}")
        yield link


def _sealer() -> Sealer:
    return Sealer(open_keys(office_home()).field)


def _place(upload: uuid.UUID) -> str:
    return f"uploads.file|{upload}"
