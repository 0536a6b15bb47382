"""Landing what waits, in the worker: from the sealed upload through memory into the lake, step by step visible.

The lake is the truth; the tables mirror it. Whatever dies in the middle, the next turn finds what landed in the lake
and what did not in the uploads.
"""

import fcntl
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

from django.db import transaction

from doudi.errors import Refusal
from doudi.landing import land, load_contract, read_batches
from doudi.landing.lake import BatchRecord
from doudi.landing.outcome import FileLanded, FileRefused
from doudi.landing.readers import open_table
from doudi.landing.recognise import recognise
from doudi.landing.values import Place
from doudi.office.audit.services import make_move
from doudi.office.common.actor import machine
from doudi.office.common.events import Event, tell
from doudi.office.exchange import store
from doudi.office.exchange.deciding import find_holds
from doudi.office.exchange.models import Batch, Sender, Upload
from doudi.office.exchange.place import our_place
from doudi.office.exchange.queue import ask_for_landing
from doudi.office.exchange.states import UPLOAD
from doudi.office.exchange.vault import office_home, write_vault

__all__ = ["land_waiting", "mirror", "put_back"]

_ME: Final = machine("landing")
_REAPER: Final = machine("reaper")
_AT_ONCE: Final = 40  # files of one landing: those that name people land first among them
_AT_ONCE_BYTES: Final = 256_000_000  # held in memory; one larger file goes alone
_MOST_ATTEMPTS: Final = 3
_STEPS: Final = 50  # of progress told for a file


def land_waiting(*, at: datetime) -> list[str]:
    """Lands every upload that waits; gives the batches that are new. One at a time: a second caller finds nothing to do.

    Refused: the home is busy with another landing; what waited waits on.
    """
    found: list[str] = []
    with _only_here() as alone:
        if not alone:
            return found
        _back_to_the_queue(at)
        found += _entered({}, at)  # of a landing that died between lake and table
        place: Place | None = None
        while uploads := _next_ones():
            place = place or our_place()
            found += _land(uploads, place, at)
    return found


def put_back(*, at: datetime) -> int:
    """Puts uploads back whose landing died, and asks for the landing of all that wait; tells how many. While one runs: none.

    Also of what waits without a job, since whoever received it died between writing it down and asking.

    Sealed files that were never entered, since the site died, are removed after a day, what came in half after an hour.
    """
    store.sweep(_known, (at - timedelta(days=1)).timestamp(), (at - timedelta(hours=1)).timestamp())
    with _only_here() as alone:
        put = _back_to_the_queue(at) if alone else 0
    if alone and Upload.objects.filter(state="received").exists():
        ask_for_landing()
    return put


def mirror(*, at: datetime, notes: dict[str, FileLanded] | None = None) -> list[str]:
    """Enters the lake's batches that the tables do not have yet; gives their names. `notes` tell of their repairs."""
    known = set(Batch.objects.values_list("pk", flat=True))
    new = [record for record in read_batches(office_home()) if record.batch not in known]
    with transaction.atomic():
        for record in new:
            _enter(record, (notes or {}).get(record.batch))
        if new and (held := find_holds(at=at)):
            tell(Event("exchange.held", _ME, at, {"deliveries": held}))
    return [record.batch for record in new]


def _known(uploads: set[UUID]) -> set[UUID]:
    return set(Upload.objects.filter(pk__in=uploads).values_list("pk", flat=True))


@contextmanager
def _only_here() -> Iterator[bool]:
    """Whether no other process is landing; while the block lasts none begins. The kernel lets go of it with the process."""
    folder = office_home() / "office"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / "landing.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


def _back_to_the_queue(at: datetime) -> int:
    """What is said to be landing though nobody lands. Tried too often it is refused, since it may be what kills."""
    dead = list(Upload.objects.filter(state="landing"))
    given_up = []
    for upload in dead:
        if upload.attempts < _MOST_ATTEMPTS:
            _back(upload, at, "入库中途断了（后台进程停止），自动放回队列")
        else:
            sentence = (
                f"入库 {upload.attempts} 次都中途断了，没有入库；请联系系统管理员，文件仍封存着，查明后可以“再入一次”。"
            )
            _refuse(upload, at, "exchange.gave_up", sentence)
            given_up.append(upload)
    _tell_refused(given_up, at)
    return len(dead)


def _back(upload: Upload, at: datetime, why: str) -> None:
    make_move(
        workflow=UPLOAD, row=upload, move="退回队列", actor=_REAPER, at=at, why=why, done=0, moved_at=at
    )  # fmt: skip


def _next_ones() -> list[Upload]:
    """What lands together: said to be of the same kind as the oldest, under different names, not more than memory holds.

    In the order of their names, as a folder's files land.
    """
    taken: dict[str, Upload] = {}
    size = 0
    for upload in Upload.objects.filter(state="received").order_by("received_at", "pk").iterator():
        first = next(iter(taken.values()), upload)
        name = store.named(upload.pk, upload.name)
        fits = len(taken) < _AT_ONCE and size + upload.size <= _AT_ONCE_BYTES
        alike = (upload.feed, upload.month) == (first.feed, first.month) and name not in taken
        if upload is first or (fits and alike):
            taken[name] = upload
            size += upload.size
        if len(taken) == _AT_ONCE:
            break
    return [taken[name] for name in sorted(taken)]


def _land(uploads: Sequence[Upload], place: Place, at: datetime) -> list[str]:
    by_name: dict[str, Upload] = {}
    not_his: list[Upload] = []
    with ExitStack() as files:
        vault = files.enter_context(write_vault())
        paths = []
        for upload in uploads:
            name = store.named(upload.pk, upload.name)
            make_move(
                workflow=UPLOAD, row=upload, move="开始入库", actor=_ME, at=at,
                attempts=upload.attempts + 1, moved_at=at,
            )  # fmt: skip
            try:
                path = files.enter_context(store.open_in_memory(upload.pk, name))
                _of_its_department(path, upload)
            except Refusal as refusal:
                _refuse(upload, at, refusal.code, refusal.sentence, name)
                not_his.append(upload)
                continue
            by_name[name] = upload
            paths.append(path)
        try:
            done = land(
                paths, home=office_home(), received_at=at.isoformat(timespec="microseconds"), vault=vault,
                feed=uploads[0].feed or None, month=uploads[0].month or None, place=place,
                progress=_Progress(by_name).tell,
            )  # fmt: skip
        except Refusal as refusal:  # of the whole: another program lands into this home
            for upload in by_name.values():
                _back(upload, at, refusal.sentence)
            _tell_refused(not_his, at)
            raise
    return _entered(by_name, at, done.files, done.refused, not_his)


def _of_its_department(path: Path, upload: Upload) -> None:
    """Refused: a department's officer sends what is another department's to send."""
    if not upload.department:
        return
    known = recognise(path, open_table(path).header, upload.feed or None, upload.month or "2000-01")
    if known.feed.department != upload.department:
        raise Refusal(
            "exchange.other_department",
            f"这是{known.feed.department}的来件，您是{upload.department}的数据员，不能代交；请转给{known.feed.department}。",
        )


def _entered(
    by_name: dict[str, Upload],
    at: datetime,
    files: Sequence[FileLanded] = (),
    refused: Sequence[FileRefused] = (),
    not_his: Sequence[Upload] = (),
) -> list[str]:
    """The tables after a landing, in one transaction: batches, uploads, holds, and the news of it.

    `not_his` were refused before, since another department sends them.
    """
    with transaction.atomic():
        new = mirror(at=at, notes={each.batch: each for each in files})
        for landed in files:
            upload = by_name[landed.file]
            make_move(
                workflow=UPLOAD, row=upload, move="入库完成", actor=_ME, at=at,
                batch_id=landed.batch, done=upload.size, moved_at=at,
            )  # fmt: skip
            transaction.on_commit(lambda gone=upload.pk: store.drop(gone))  # type: ignore[misc]  # a default binds it
        for each in refused:
            _refuse(by_name[each.file], at, each.code, each.sentence, each.file)
        _tell_refused([*not_his, *(by_name[each.file] for each in refused)], at)
        if new:
            tell(Event("exchange.landed", _ME, at, {"batches": new}))
    return new


def _refuse(upload: Upload, at: datetime, code: str, sentence: str, name: str = "") -> None:
    # The name may hold a person's, and this column is plain; the command line's switches are fields of the page here.
    said = sentence.replace(f"{name} ", name).replace(name, "这个文件") if name else sentence
    for switch, field in (("--feed", "本页的“来件”"), ("--month", "本页的“月份”")):
        said = said.replace(switch, field)
    make_move(
        workflow=UPLOAD, row=upload, move="拒收", actor=_ME, at=at, sentence=said, code=code, moved_at=at
    )  # fmt: skip


def _tell_refused(uploads: Sequence[Upload], at: datetime) -> None:
    """Once for all of a landing, so that whoever sent forty wrong files is told once."""
    if uploads:
        tell(Event("exchange.refused", _ME, at, {"uploads": [str(upload.pk) for upload in uploads]}))


def _enter(record: BatchRecord, told: FileLanded | None) -> None:
    account = record.account
    batch = Batch.objects.create(
        batch=record.batch, feed=record.feed, period=record.period, revision=record.revision, file=record.file,
        department=load_contract()[record.feed].department, received_at=datetime.fromisoformat(record.received_at),
        physical=account.physical, accepted=account.accepted, repeated=account.repeated,
        superseded=account.superseded, rejected=account.rejected, repaired=account.repaired,
        conflicts=record.conflicts, record=record.as_json(),
        notes={"repairs": told.notes, "ignored": told.columns_ignored} if told else {},
    )  # fmt: skip
    lines = {(scope.county, scope.department or "", scope.programme or ""): count for scope, count in record.scopes}
    for county, _ in record.invalid_enrolled:  # it must look into them, also when none of its lines was good
        if county:
            lines.setdefault((county, "", ""), 0)
    Sender.objects.bulk_create(
        Sender(
            batch=batch, county=county * 1_000_000 if county else None, department=department, programme=programme,
            lines=count,
        )
        for (county, department, programme), count in lines.items()
    )  # fmt: skip


class _Progress:
    """Tells how far a file was read, in so many steps; beside the vault's transaction, so that pages see it at once."""

    def __init__(self, by_name: dict[str, Upload]) -> None:
        self._by_name = by_name

    def tell(self, name: str, done: int, of: int) -> None:
        """`done` bytes of `of`."""
        upload = self._by_name[name]
        if (done - upload.done) * _STEPS >= of:
            upload.done = done
            Upload.objects.filter(pk=upload.pk).update(done=done)
