"""验链：把流水、封链、链头三样对在一起，说出哪一条、哪一环不对，是怎样的不对。

The verifier. It reads the journal, the chain and the recorded heads, and names every place where they disagree.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from django.db import connection

from doudi.office.audit import heads
from doudi.office.audit.chain import FIRST, NAMED_COLUMNS, link
from doudi.office.audit.heads import Head
from doudi.office.audit.seal import rows_of
from doudi.office.audit.whole import whole_journal

__all__ = ["KINDS", "Finding", "Verdict", "verify_journal"]

KINDS: Final = {
    "edited": "内容被改过：与封链时不符",
    "deleted": "被删掉了",
    "inserted": "是后来插进去的",
    "swapped": "两条被对调了",
    "cut_tail": "链尾被截掉：库外的链头记着它，库里没有",
    "replaced": "链被整段重写：库里算得通，与库外的链头不符",
    "unsealed": "超过六十秒没有封链：封链程序没有在跑，或有一个长事务压着",
    "no_heads": "库外没有链头：链头文件缺失或被清空，链尾无从证明",
}

SEALED_WITHIN: Final = timedelta(seconds=60)
# The longest that a transaction may take between writing an entry and being over. What the database dates further back
# than that before a head, and the chain puts after it, was not written when it says.
LONGEST_TRANSACTION: Final = timedelta(hours=1)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_COMPARED: Final = 200  # so many wrong links are compared with each other, for a swap

_CHAIN: Final = f"""
    SELECT s.position, s.entry_id AS sealed_entry, s.hash, {NAMED_COLUMNS}
    FROM audit_seal s LEFT JOIN audit_entry e ON e.id = s.entry_id ORDER BY s.position
"""  # noqa: S608 - names of our own columns

_UNSEALED: Final = f"""
    SELECT {NAMED_COLUMNS} FROM audit_entry e LEFT JOIN audit_seal s ON s.entry_id = e.id
    WHERE s.entry_id IS NULL ORDER BY e.id
"""  # noqa: S608 - names of our own columns


@dataclass(frozen=True, slots=True)
class Finding:
    """One disagreement. `position` is the link's (None: it has none), `entry_id` the entry's (None: not known)."""

    kind: str
    position: int | None
    entry_id: int | None

    @property
    def sentence(self) -> str:
        """In words, with both numbers as far as they are known."""
        where = "、".join(
            part
            for part in (
                f"第 {self.position} 环" if self.position is not None else "",
                f"流水 {self.entry_id}" if self.entry_id is not None else "",
            )
            if part
        )
        return f"{where}：{KINDS[self.kind]}" if where else KINDS[self.kind]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was looked at, and every finding. `waiting`: entries younger than a minute that are not sealed yet."""

    sealed: int
    heads: int
    waiting: int
    findings: tuple[Finding, ...]

    @property
    def intact(self) -> bool:
        """Nothing was found."""
        return not self.findings


@dataclass(frozen=True, slots=True)
class _Wrong:
    """A link that does not follow from the one before and its entry. `earlier` is the link before the one before."""

    position: int
    earlier: bytes | None
    before: bytes
    row: Mapping[str, Any]
    hash: bytes


class _Walk:
    """One pass over the chain: what it saw last, and what was wrong on the way."""

    def __init__(self, recorded: Sequence[Head]) -> None:
        self.findings: list[Finding] = []
        self.wrong: list[_Wrong] = []
        self.position, self.last_tx, self.greatest_id = 0, 0, 0
        self.before: bytes | None = FIRST
        self.earlier: bytes | None = None
        self.recorded = sorted(recorded, key=lambda head: head.position)
        self.passed = 0  # so many heads stand at or before the link
        self.replaced_at: Head | None = None

    def step(self, row: Mapping[str, Any]) -> None:
        position, stored = int(row["position"]), bytes(row["hash"])
        for missing in range(self.position + 1, position):
            self.findings.append(Finding("deleted", missing, None))
            self.earlier = self.before = None
        if row["id"] is None:
            self.findings.append(Finding("deleted", position, row["sealed_entry"]))
        else:
            if self.before is not None and link(self.before, row) != stored:
                self.wrong.append(_Wrong(position, self.earlier, self.before, row, stored))
            self._dated(position, row)
            self.last_tx, self.greatest_id = row["tx"], max(self.greatest_id, row["id"])
        self._compare(position, stored)
        self.position, self.earlier, self.before = position, self.before, stored

    def _dated(self, position: int, row: Mapping[str, Any]) -> None:
        if self.passed and row["written_at"] < _micros(self.recorded[self.passed - 1].moment - LONGEST_TRANSACTION):
            self.findings.append(Finding("inserted", position, row["id"]))

    def _compare(self, position: int, stored: bytes) -> None:
        while self.passed < len(self.recorded) and self.recorded[self.passed].position <= position:
            head = self.recorded[self.passed]
            if head.position == position and head.hash != stored.hex() and self.replaced_at is None:
                self.replaced_at = head
            self.passed += 1

    def ended(self) -> Iterator[Finding]:
        """What shows when the last link was seen."""
        yield from self.findings
        yield from _told(self.wrong)
        if self.replaced_at is not None:
            yield Finding("replaced", self.replaced_at.position, self.replaced_at.entry_id)
        if self.passed < len(self.recorded):
            yield Finding("cut_tail", self.position + 1, None)
        if self.position and not self.recorded:
            yield Finding("no_heads", None, None)


def verify_journal(*, at: datetime, head_file: Path | None = None) -> Verdict:
    """Compares journal, chain and heads as they stand `at`. Intact if, and only if, each entry stands where it was sealed.

    `head_file` is a copy of the heads that was kept elsewhere; None = the installation's own. Finds an entry edited, deleted,
    inserted, swapped; a tail cut; a chain written anew; entries left unsealed.
    """
    recorded = list(
        heads.read(head_file or heads.head_file())
    )  # before the database is read: the sealer may be at work
    walk = _Walk(recorded)
    with whole_journal():
        with connection.chunked_cursor() as cursor:
            cursor.execute(_CHAIN)
            for row in rows_of(cursor):
                walk.step(row)
        with connection.cursor() as cursor:
            cursor.execute(_UNSEALED)
            unsealed = list(rows_of(cursor))
    late = [row for row in unsealed if row["written_at"] <= _micros(at - SEALED_WITHIN)]
    findings = [*walk.ended(), *(_left(row, walk) for row in late)]
    return Verdict(walk.position, len(recorded), len(unsealed) - len(late), tuple(findings))


def _left(row: Mapping[str, Any], walk: _Walk) -> Finding:
    """An entry without a link: overlooked, or put where the sealer no longer looks."""
    passed_over = row["tx"] < walk.last_tx and row["id"] < walk.greatest_id
    backdated = bool(walk.recorded) and row["written_at"] < _micros(walk.recorded[-1].moment - LONGEST_TRANSACTION)
    return Finding("inserted" if passed_over or backdated else "unsealed", None, row["id"])


def _told(wrong: Sequence[_Wrong]) -> Iterator[Finding]:
    """Wrong links by kind: an inserted neighbour, two entries changed for each other, or an edit."""
    few = wrong[:_COMPARED]
    for one in wrong:
        if one.earlier is not None and link(one.earlier, one.row) == one.hash:
            yield Finding("inserted", one.position - 1, None)
        elif any(_was(one, other) for other in few if other is not one):
            yield Finding("swapped", one.position, one.row["id"])
        else:
            yield Finding("edited", one.position, one.row["id"])


def _was(one: _Wrong, other: _Wrong) -> bool:
    """Was the other's entry, as it is or under this one's number, what this link was made of?"""
    as_it_is, renumbered = other.row, {**other.row, "id": one.row["id"]}
    return one.hash in (link(one.before, as_it_is), link(one.before, renumbered))


def _micros(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(microseconds=1)
