"""The watched folder: for senders that put files into a directory instead of a page.

`DOUDI_INBOX/x.csv` → taken once it no longer grows → `done/x.csv` when it landed, else back again with `x.csv.原因.txt`
beside it, and looked at anew when it is changed. What was taken and not entered, because the worker died, is entered at
the next look.
"""

import uuid
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

from django.conf import settings

from doudi.errors import Refusal
from doudi.office.common.actor import machine
from doudi.office.exchange.models import Upload
from doudi.office.exchange.receiving import receive

__all__ = ["look"]

_QUIET: Final = 60  # seconds since the last byte, before a file counts as whole
_REASON: Final = ".原因.txt"
_CHUNK: Final = 1 << 20
_ME: Final = machine("inbox")


def look(*, at: datetime) -> int:
    """Takes what is whole, and puts away what was landed or refused; tells how many were taken."""
    folder = _folder()
    if folder is None or not folder.is_dir():
        return 0
    for place in sorted((folder / "taken").glob("*/*")):
        _put_away(folder, place, at)
    taken = 0
    for path in sorted(folder.iterdir()):
        if _is_whole(path, at):
            place = folder / "taken" / uuid.uuid4().hex / path.name
            place.parent.mkdir(parents=True)
            path.rename(place)
            _enter(folder, place, at)
            taken += 1
    return taken


def _folder() -> Path | None:
    return Path(settings.DOUDI_INBOX) if settings.DOUDI_INBOX else None


def _is_whole(path: Path, at: datetime) -> bool:
    if not path.is_file() or path.is_symlink() or path.name.startswith((".", "~$")) or path.name.endswith(_REASON):
        return False
    changed = path.stat().st_mtime
    reason = path.with_name(path.name + _REASON)
    return at.timestamp() - changed >= _QUIET and not (reason.exists() and reason.stat().st_mtime >= changed)


def _enter(folder: Path, place: Path, at: datetime) -> None:
    """Seals the file and notes beside it which upload it is."""
    try:
        upload = receive(actor=_ME, at=at, name=place.name, chunks=_chunks(place))
    except Refusal as refusal:
        _give_back(folder, place, refusal.sentence)
        return
    Upload.objects.filter(pk=upload.pk).update(inbox=True)
    (place.parent / ".upload").write_text(str(upload.pk))


def _put_away(folder: Path, place: Path, at: datetime) -> None:
    note = place.parent / ".upload"
    if place == note:
        return
    upload = Upload.objects.filter(pk=note.read_text()).first() if note.exists() else None
    if upload is None:
        _enter(folder, place, at)
    elif upload.state == "refused":
        _give_back(folder, place, upload.sentence)
    elif upload.state == "landed":
        _move(place, folder / "done")


def _give_back(folder: Path, place: Path, sentence: str) -> None:
    back = _move(place, folder)
    back.with_name(back.name + _REASON).write_text(sentence + "\n", encoding="utf-8")


def _move(place: Path, target: Path) -> Path:
    """Never over another file of that name."""
    target.mkdir(parents=True, exist_ok=True)
    final = target / place.name
    if final.exists():
        final = target / f"{place.parent.name}-{place.name}"
    place.rename(final)
    (place.parent / ".upload").unlink(missing_ok=True)
    place.parent.rmdir()
    return final


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk
