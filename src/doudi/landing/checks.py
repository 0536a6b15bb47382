"""逐列核对：文字变成有类型的列，读不懂的行带着理由退回，改正过的行记下改了什么。

From blocks of text to typed columns. A line is rejected when a required value is missing or unusable, or an id of its
is wrong; an unusable value of an optional column is left empty, and the line counts as repaired with a note.
"""

from calendar import monthrange
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from doudi.landing.contract import Column, Feed
from doudi.landing.readers.table import Block, Unread
from doudi.landing.reasons import reason, repair
from doudi.landing.typed import DTYPES, Judged, judge_block
from doudi.landing.values import MOST_TEXT, Place

__all__ = ["Checked", "Reject", "check_block", "last_day_of"]

WHOLE_LINE = "整行"  # the key of a reject's raw text when its cells could not be told apart


@dataclass(frozen=True, slots=True)
class Reject:
    """A record sent back: `span` physical lines from `line` on. `column` is the contract's, null for a broken line.

    `reason` holds no value and may be shown to anyone; `raw` is the record by the file's own headers, for the vault.
    """

    line: int
    span: int
    column: str | None
    reason_code: str
    reason: str
    raw: dict[str, str]


@dataclass(frozen=True, slots=True)
class Checked:
    """A checked block. `frame`: `line`, `span` INT32 (physical lines), `repaired` BOOL, and every column of the feed
    under its `checked_name` in its type, null where empty; `notes` counts what was put right, by its sentence.
    """

    frame: pl.DataFrame
    rejects: list[Reject]
    notes: Counter[str]
    header: int
    blank: int
    total: int


def last_day_of(period: str) -> date:
    """The last day of a period `YYYY-MM`."""
    year, month = map(int, period.split("-"))
    return date(year, month, monthrange(year, month)[1])


def check_block(
    block: Block, feed: Feed, columns: Mapping[str, str], *, period: str, place: Place | None = None
) -> Checked:
    """Checks every record of a block. `columns` leads from the contract's columns to the file's headers.

    No record is lost: each is a row of `frame` or a reject. Without a `place`, divisions are checked by form alone.
    """
    given = [column for column in feed.columns if column.name in columns]
    texts = pl.DataFrame({column.name: block.columns[columns[column.name]] for column in given})
    judged = judge_block(texts, given, last_day_of(period), place or Place())
    for column in given:
        if column.kind == "yuan":
            judged[column.name] = _refuse_negative(judged[column.name], judged.get("reverses"))
    bad = _any(block, (judged[column.name].trouble for column in given if column.required))
    repaired = _any(block, (codes for found in judged.values() for codes in (found.trouble, found.repaired)))
    rejects = [_rejected_unread(unread) for unread in block.unread]
    rejects.extend(_rejected(block, feed, columns, judged, bad))
    rejects.sort(key=lambda reject: reject.line)
    frame = pl.DataFrame(
        {"line": block.lines, "span": block.spans, "repaired": repaired}
        | {column.checked_name: _values(column, judged, block) for column in feed.columns}
    )
    if bad.any():
        frame = frame.filter(~bad)
    notes = _notes(feed, columns, judged, ~bad)
    return Checked(frame, rejects, notes, block.header, block.blank, block.total)


def _refuse_negative(found: Judged, reverses: Judged | None) -> Judged:
    """Money may be negative only where the line takes an earlier one back."""
    least = found.values.min()
    if not isinstance(least, int) or least >= 0:
        return found
    wrong = (found.values < 0).fill_null(value=False)
    if reverses is not None:
        wrong = wrong & reverses.values.is_null()
    return Judged(
        found.values.set(wrong, None), found.trouble.set(wrong, "money_negative"), found.repaired.set(wrong, None)
    )


def _any(block: Block, marks: Iterable[pl.Series]) -> pl.Series:
    """On which records is any of the marks set?"""
    result = pl.Series([False]).new_from_index(0, block.lines.len())
    for mark in marks:
        if mark.null_count() < mark.len():
            result = result | mark.is_not_null()
    return result


def _values(column: Column, judged: Mapping[str, Judged], block: Block) -> pl.Series:
    if column.name in judged:
        return judged[column.name].values
    dtype = pl.Int64() if column.is_division else DTYPES[column.kind]
    return pl.Series([None], dtype=dtype).new_from_index(0, block.lines.len())


def _rejected_unread(unread: Unread) -> Reject:
    sentence = reason(unread.code, seen=unread.seen, expected=unread.expected)
    return Reject(unread.line, unread.span, None, unread.code, sentence, {WHOLE_LINE: unread.text})


def _rejected(
    block: Block, feed: Feed, columns: Mapping[str, str], judged: Mapping[str, Judged], bad: pl.Series
) -> Iterator[Reject]:
    """One reject per bad record: its first trouble gives the code, the sentence tells all of them."""
    if not bad.any():
        return
    asked = [column for column in feed.columns if column.required and column.name in judged]
    troubles = pl.DataFrame({column.name: judged[column.name].trouble for column in asked}).filter(bad)
    raws = pl.DataFrame(block.columns).filter(bad)
    places = zip(block.lines.filter(bad), block.spans.filter(bad), strict=True)
    for (line, span), codes, raw in zip(places, troubles.iter_rows(), raws.iter_rows(named=True), strict=True):
        found = [(column, code) for column, code in zip(asked, codes, strict=True) if code is not None]
        sentence = "".join(_sentence(column, code, columns) for column, code in found)
        said = {header: text for header, text in raw.items() if text}
        yield Reject(line, span, found[0][0].name, found[0][1], sentence, said)


def _sentence(column: Column, code: str, columns: Mapping[str, str]) -> str:
    return reason(code, column=columns[column.name], words="、".join(column.codes), expected=MOST_TEXT)


def _notes(feed: Feed, columns: Mapping[str, str], judged: Mapping[str, Judged], kept: pl.Series) -> Counter[str]:
    """How often each thing was put right on the lines that are kept."""
    notes: Counter[str] = Counter()
    for column in feed.columns:
        if column.name not in judged:
            continue
        found = judged[column.name]
        for codes in (found.repaired, found.trouble):
            if codes.null_count() == codes.len():
                continue
            for code, times in codes.filter(kept & codes.is_not_null()).value_counts().iter_rows():
                words = "、".join(column.codes)
                notes[repair(code, column=columns[column.name], words=words, expected=MOST_TEXT)] += times
    return notes
