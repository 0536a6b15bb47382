"""退回的行：为什么退、原文是什么；在册而证件无效的，报给它所属的县区。

Rejected lines, and lines that need a person's eye though they landed. Their cells lie sealed in the vault; reasons hold
no value and may be shown to anyone.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from doudi.landing.checks import Reject
from doudi.landing.contract import Feed
from doudi.landing.lake import Lake
from doudi.landing.vault import Vault

__all__ = ["Returned", "county_of", "county_of_invalid_enrolled", "list_rejects", "returned"]

INVALID_ENROLLED = "在册但证件无效：此人在册而身份号码不能用，不查清就会漏掉；请县区核对证件后改正再报。"


@dataclass(frozen=True, slots=True)
class Returned:
    """A rejected record. `county` is known for 在册但证件无效 only; `raw` (by the file's headers) only when revealed."""

    batch: str
    file: str
    feed: str
    line: int
    reason_code: str
    reason: str
    county: int | None
    invalid_enrolled: bool
    raw: dict[str, str] | None = field(default=None, repr=False)


def county_of_invalid_enrolled(reject: Reject, feed: Feed, columns: dict[str, str]) -> tuple[bool, int | None]:
    """Is this 在册但证件无效 — a roll line with an unusable id, but a name and a case — and whose county is it?

    The 特困 roll has no case number: there the person is the case.
    """
    names = {column.name for column in feed.columns}
    needed = [column for column in ("name", "case_no") if column in names]
    enrolment = feed.delivers == "roll" and {"name", "division"} <= names
    if not enrolment or reject.column != "id":
        return False, None
    if not all(reject.raw.get(columns[column], "").strip() for column in needed):
        return False, None
    return True, county_of(reject, columns)


def county_of(reject: Reject, columns: dict[str, str]) -> int | None:
    """The county that the line's division begins with; None where the line has none that can be read."""
    header = columns.get("division") or columns.get("hukou_division")
    said = reject.raw.get(header, "") if header else ""
    digits = "".join(letter for letter in said if letter.isdecimal() and letter.isascii())
    return int(digits[:6]) if len(digits) >= 6 else None


def returned(reject: Reject, county: int | None, *, invalid_enrolled: bool) -> tuple[int, str, int | None, str]:
    """The row of a reject for `Vault.keep_rejects`: line, reason code, its county, and what is to be sealed."""
    reason = reject.reason + (INVALID_ENROLLED if invalid_enrolled else "")
    content = {"reason": reason, "invalid_enrolled": invalid_enrolled, "raw": reject.raw}
    return reject.line, reject.reason_code, county, json.dumps(content, ensure_ascii=False)


def list_rejects(home: Path, *, feed: str | None = None, reveal: bool = False) -> Iterable[Returned]:
    """The rejects of every batch that landed, by batch and line; their cells only when `reveal` is set."""
    records = {record.batch: record for record in Lake(home).records()}
    if not records:
        return
    with Vault.open(home) as vault:
        for batch, line, reason_code, county, content in vault.kept_rejects():
            record = records.get(batch)
            if record is None or feed not in (None, record.feed):
                continue
            said = json.loads(content)
            yield Returned(
                batch, record.file, record.feed, line, reason_code, said["reason"],
                county if said["invalid_enrolled"] else None, said["invalid_enrolled"], said["raw"] if reveal else None,
            )  # fmt: skip
