"""收件台：一个文件从打开到入湖的全过程，顺序就是含义。

One file, from opening to commit. The order is the meaning: only the record makes the batch exist, so it comes last.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeAlias

import polars as pl

from doudi.landing.account import Account
from doudi.landing.checks import Reject
from doudi.landing.contested import WHO, Weighed, Weighing
from doudi.landing.draft import Draft
from doudi.landing.lake import BatchRecord, Lake, Scope
from doudi.landing.landed_keys import LandedKeys
from doudi.landing.lines import LakeLines
from doudi.landing.originals import digests, keep_original
from doudi.landing.outcome import FileLanded
from doudi.landing.prepare import Prepared
from doudi.landing.readers import SheetReader, Table, open_table
from doudi.landing.recognise import Recognised, recognise
from doudi.landing.rejects import county_of, county_of_invalid_enrolled, returned
from doudi.landing.vault import Vault

__all__ = ["CHECKPOINTS", "Checkpoint", "Desk", "FileRead", "Opened", "Progress", "Received"]

Progress: TypeAlias = Callable[[str, int, int], None]  # file, bytes done, bytes in all
Checkpoint: TypeAlias = Callable[[str], None]

# The moments at which a landing may be killed by a test, in the order of one file.
CHECKPOINTS = (
    "swept", "opened", "block_written", "vault_written", "vault_committed", "original_sealed", "lines_published",
    "committed",
)  # fmt: skip

_CONTRACT_NAME = re.compile(r"[a-z_]+_\d{4}-\d{2}(_r\d+)?(_part\d+)?\.(csv|txt|tsv|xlsx|xls|parquet)")


@dataclass(frozen=True, slots=True)
class Opened:
    """A file that is known for what it is: whose, and of which month."""

    path: Path
    table: Table
    known: Recognised

    @property
    def turn(self) -> tuple[bool, bool]:
        """The register first, then whoever names people: later files are scrubbed of names known by then."""
        return self.known.feed.name != "population", all(column.name != "name" for column in self.known.feed.columns)

    def received(self) -> "Received":
        """The file with the digests of its bytes. Refused: it cannot be read to its end."""
        digest, likeness = digests(self.path)
        known = self.known
        batch = f"{known.feed.name}_{known.period}_r{known.revision}_{digest.hex()[:10]}"
        return Received(self.path, self.table, known, batch, likeness)


@dataclass(frozen=True, slots=True)
class Received:
    """An opened file and its batch's name, which is of its content and never of the order of arrival.

    `likeness` is a digest as well, a fast one, by which the file is known again when it is sealed.
    """

    path: Path
    table: Table
    known: Recognised
    batch: str
    likeness: bytes


@dataclass(slots=True)
class _Body:
    """What was read of a file so far: sums, and nothing of each line but the spans that are not one."""

    account: Account
    lines: int = 0
    good: int = 0  # physical lines
    spans: dict[int, int] = field(default_factory=dict)
    speakers: Counter[tuple[int | None, str | None, str | None]] = field(default_factory=Counter)
    notes: Counter[str] = field(default_factory=Counter)
    invalid_enrolled: Counter[int | None] = field(default_factory=Counter)

    def add(self, prepared: Prepared, in_lake: pl.DataFrame) -> None:
        """Adds a piece to what was read."""
        lines = prepared.lines
        self.account = self.account.with_block(prepared).with_records(
            rejected=sum(one.span for one in prepared.rejects), repaired=int(lines["repaired"].sum())
        )
        self.notes.update(prepared.notes)
        self.lines += lines.height
        self.good += int(lines["span"].sum())
        if self.good > self.lines:
            self.spans.update(lines.filter(pl.col("span") != 1).select("line", "span").iter_rows())
        self.speakers.update(_speakers(in_lake))


@dataclass(frozen=True, slots=True)
class FileRead:
    """A file of which all lines are in a draft and all people in the vault, and that has not landed yet."""

    received: Received
    draft: Draft
    body: _Body


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything that one call of `land` holds in hand."""

    lake: Lake
    vault: Vault
    received_at: str
    feed: str | None
    month: str | None
    progress: Progress
    checkpoint: Checkpoint
    sheets: SheetReader = field(default_factory=SheetReader)
    landed: LandedKeys = field(default_factory=LandedKeys)

    def open(self, path: Path) -> Opened:
        """Says what a file is, and reads none of its lines. Refuses what is no delivery."""
        table = open_table(path, self.sheets)
        return Opened(path, table, recognise(path, table.header, self.feed, self.month))

    def read(self, received: Received, prepared: Iterable[tuple[int, Prepared]]) -> FileLanded | FileRead:
        """Reads one file, given its pieces as prepared and the size of each: its people are in the vault then, and its
        lines in a draft. What landed before is not read again.
        """
        known, batch = received.known, received.batch
        self.checkpoint("opened")
        before = self.lake.record(batch)
        if before is not None:
            return _again(received.path, known, before)
        draft = self.lake.draft(known.feed.name, batch)
        try:
            with self.vault.transaction():
                body = self._body(received.table, known, batch, draft, prepared)
                self.vault.keep_file_name(batch, received.path.name)
                self.checkpoint("vault_written")
        except BaseException:
            draft.discard()
            raise
        self.checkpoint("vault_committed")
        return FileRead(received, draft, body)

    def finish(self, read: FileRead) -> FileLanded:
        """Lands what was read, in any thread, one file after another: the original, the lines, and last the record."""
        received, draft = read.received, read.draft
        try:
            record = self._record(received.path, received.known, received.batch, read.body, draft)
            keep_original(self.vault, received.path, received.batch, received.likeness)
            self.checkpoint("original_sealed")
            draft.publish()
            self.checkpoint("lines_published")
            self.lake.commit(record)
            self.landed.remember(record.feed, self.lake.lines_file(record.feed, record.batch), read.body.lines)
        except BaseException:
            draft.discard()
            raise
        self.checkpoint("committed")
        return _landed(received.path, received.known, record, read.body.notes)

    def _body(
        self, table: Table, known: Recognised, batch: str, draft: Draft, pieces: Iterable[tuple[int, Prepared]]
    ) -> "_Body":
        """Reads the whole file into the draft and the vault."""
        body = _Body(Account.of_head(table.head))
        lines = LakeLines(known.feed, self.vault, int(known.period.replace("-", "")))
        size, done = table.path.stat().st_size, 0
        for read, prepared in pieces:
            in_lake = lines.of(prepared.lines)
            draft.add(in_lake)
            body.add(prepared, in_lake)
            self._keep_rejects(batch, known, prepared.rejects, body)
            self.checkpoint("block_written")
            done = min(size, done + read)
            self.progress(table.path.name, done, size)
        self.progress(table.path.name, size, size)
        return body

    def _keep_rejects(self, batch: str, known: Recognised, rejects: list[Reject], body: "_Body") -> None:
        rows = []
        for reject in rejects:
            invalid, county = county_of_invalid_enrolled(reject, known.feed, known.columns)
            rows.append(returned(reject, county_of(reject, known.columns), invalid_enrolled=invalid))
            if invalid:
                body.invalid_enrolled[county] += 1
        self.vault.keep_rejects(batch, rows)

    def _record(self, path: Path, known: Recognised, batch: str, body: "_Body", draft: Draft) -> BatchRecord:
        weighed = self._weighed(known, batch, body, draft)
        account = body.account.with_records(
            accepted=body.good - weighed.repeated - weighed.superseded,
            repeated=weighed.repeated,
            superseded=weighed.superseded,
        ).proved()
        return BatchRecord(
            batch=batch,
            feed=known.feed.name,
            period=known.period,
            revision=known.revision,
            file=_shown_name(path, known),
            received_at=self.received_at,
            account=account,
            conflicts=weighed.conflicts,
            contested=weighed.contested,
            scopes=_scopes(body.speakers, weighed.silent),
            invalid_enrolled=tuple(sorted(body.invalid_enrolled.items(), key=lambda item: item[0] or 0)),
            columns_missing=known.missing,
        )

    def _weighed(self, known: Recognised, batch: str, body: "_Body", draft: Draft) -> Weighed:
        """The file beside itself and the lake; its contested keys go into the draft."""
        whole = Weighed()
        passes = Weighing(self.lake, known, batch, self.landed).passes(draft.complete(), body.lines, body.spans)
        for weighed, contested in passes:
            whole.add(weighed)
            draft.contest(contested)
        return whole


def _speakers(in_lake: pl.DataFrame) -> dict[tuple[int | None, str | None, str | None], int]:
    """How many lines speak for whom."""
    has = [name for name in WHO if name in in_lake.columns]
    counted = in_lake.group_by(has).len()
    lacking = (pl.lit(None, pl.String).alias(name) for name in WHO if name not in has)
    return {row[:3]: row[3] for row in counted.with_columns(lacking).select(*WHO, "len").iter_rows()}


def _scopes(speakers: Counter[Any], silent: Counter[Any]) -> tuple[tuple[Scope, int], ...]:
    """Each scope that the file names and the lines it adds there; a file without a good line still answers for all."""
    if not speakers:
        return ((Scope(), 0),)
    scopes = ((Scope(*who), lines - silent[who]) for who, lines in speakers.items())
    return tuple(sorted(scopes, key=lambda each: each[0].sort_key))


def _landed(path: Path, known: Recognised, record: BatchRecord, notes: Counter[str]) -> FileLanded:
    return FileLanded(
        file=path.name,
        feed=record.feed,
        period=record.period,
        revision=record.revision,
        batch=record.batch,
        account=record.account,
        conflicts=record.conflicts,
        invalid_enrolled=sum(lines for _, lines in record.invalid_enrolled),
        notes=tuple(sorted(notes.items())),
        columns_missing=known.missing,
        columns_ignored=known.ignored,
    )


def _again(path: Path, known: Recognised, before: BatchRecord) -> FileLanded:
    """The very same bytes once more: all that landed is repeated, what was rejected is still rejected."""
    was = before.account
    account = replace(was, accepted=0, superseded=0, repeated=was.accepted + was.repeated + was.superseded).proved()
    return _landed(path, known, replace(before, account=account), Counter())


def _shown_name(path: Path, known: Recognised) -> str:
    """The file's name for the record, where anyone may read it: the contract's, unless the file bears it already."""
    if _CONTRACT_NAME.fullmatch(path.name):
        return path.name
    revision = f"_r{known.revision}" if known.revision > 1 else ""
    part = f"_part{known.part}" if known.part else ""
    return f"{known.feed.name}_{known.period}{revision}{part}{path.suffix.lower()}"
