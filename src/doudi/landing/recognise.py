"""这是哪个部门的哪一种文件、哪一个月的：先看表头，再看文件名。

The feed comes from the header, the period, revision and part from the name; both may be said by hand instead.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from doudi.errors import Refusal
from doudi.landing.contract import Column, Feed, load_contract, plain_header

__all__ = ["Recognised", "recognise"]

_PERIOD = re.compile(r"(?<!\d)(20\d\d)(?:[-_.年](1[0-2]|0?[1-9])|(0[1-9]|1[0-2])(?:\d\d)?)(?!\d)")
_REVISION = re.compile(r"_r(\d{1,3})(?![0-9a-z])")
_PART = re.compile(r"_part_?(\d{1,3})(?!\d)")
_MONTH = re.compile(r"(19|20)\d\d-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a file is. `columns` leads from the contract's column to the file's own header.

    `missing` are optional columns that the file lacks, by the contract's names; `ignored` are headers that no column
    of the feed knows. A part is counted from 1; null is the only one.
    """

    feed: Feed
    period: str
    revision: int
    part: int | None
    columns: dict[str, str]
    missing: tuple[str, ...]
    ignored: tuple[str, ...]


def recognise(path: Path, header: Sequence[str], feed: str | None = None, month: str | None = None) -> Recognised:
    """Says what the file is. Refuses what fits no feed, lacks required columns, repeats a column or has no month."""
    name = path.name.lower()
    chosen = _by_word(feed) if feed is not None else _by_header(header, _by_name(name), path)
    columns = _columns(chosen, header)
    _refuse_repeated(chosen, header, path)
    absent = [column.header for column in chosen.columns if column.required and column.name not in columns]
    if absent:
        raise Refusal(
            "landing.missing_columns",
            f"{path.name} 缺少必需的列：{'、'.join(absent)}。文件里的表头是：{_shown(header)}。请补齐后再报。",
            feed=chosen.name,
        )
    used = set(columns.values())
    return Recognised(
        feed=chosen,
        period=_period(name, path, month),
        revision=int(found[1]) if (found := _REVISION.search(name)) else 1,
        part=int(found[1]) if (found := _PART.search(name)) else None,
        columns=columns,
        missing=tuple(column.name for column in chosen.columns if column.name not in columns),
        ignored=tuple(word for word in header if word and word not in used),
    )


def _by_word(word: str) -> Feed:
    contract = load_contract()
    if word not in contract:
        raise Refusal("landing.unknown_feed", f"没有叫“{word}”的来件；可用的是：{'、'.join(contract)}。")
    return contract[word]


def _by_name(name: str) -> Feed | None:
    """The feed with the longest name that opens the file's name."""
    named = [feed for feed in load_contract().values() if name.startswith(feed.name)]
    return max(named, key=lambda feed: len(feed.name), default=None)


def _by_header(header: Sequence[str], named: Feed | None, path: Path) -> Feed:
    """The feed that explains most of the header among those with all required columns; a tie goes to the name."""
    found = {feed.name: _columns(feed, header) for feed in load_contract().values()}
    whole = [
        feed for feed in load_contract().values() if all(c.name in found[feed.name] for c in feed.columns if c.required)
    ]
    if not whole:
        # Nothing fits whole: the feed it was meant to be says best what is missing.
        nearest = named or max(load_contract().values(), key=lambda feed: _nearness(feed, found[feed.name]))
        if len(found[nearest.name]) < 2:
            raise Refusal(
                "landing.unknown_header",
                f"{path.name} 的表头与约定的任何一种来件都对不上。文件里的表头是：{_shown(header)}。"
                "请按约定的表头改好，或用 --feed 指明来件。",
            )
        return nearest
    most = max(len(found[feed.name]) for feed in whole)
    best = [feed for feed in whole if len(found[feed.name]) == most]
    if len(best) == 1:
        return best[0]
    if named in best:
        return named
    raise Refusal(
        "landing.ambiguous_header",
        f"{path.name} 的表头同时符合{'、'.join(feed.name for feed in best)}，请用 --feed 指明是哪一种。",
    )


def _nearness(feed: Feed, columns: dict[str, str]) -> tuple[int, int]:
    """More columns found is nearer; then fewer required ones absent."""
    return len(columns), -sum(column.required and column.name not in columns for column in feed.columns)


def _columns(feed: Feed, header: Sequence[str]) -> dict[str, str]:
    """From the contract's column to the file's header; the contract's own word goes before its aliases."""
    seen: dict[str, str] = {}
    for word in header:
        seen.setdefault(plain_header(word), word)
    found: dict[str, str] = {}
    for column in feed.columns:
        said = next((seen[word] for word in _plain_words(column) if word in seen), None)
        if said is not None:
            found[column.name] = said
    return found


@cache
def _plain_words(column: Column) -> tuple[str, ...]:
    """What a column may be called, plain; the contract's own word first."""
    return tuple(map(plain_header, (column.header, *column.aliases)))


def _refuse_repeated(feed: Feed, header: Sequence[str], path: Path) -> None:
    plain = [plain_header(word) for word in header]
    for column in feed.columns:
        times = sum(word in _plain_words(column) for word in plain)
        if times > 1:
            raise Refusal(
                "landing.repeated_header",
                f"{path.name} 里“{column.header}”这一列出现了 {times} 次（含别名），不知道以哪一列为准。请只留一列后再报。",
                feed=feed.name,
            )


def _period(name: str, path: Path, month: str | None) -> str:
    if month is not None:
        if not _MONTH.fullmatch(month):
            raise Refusal("landing.month_format", f"“{month}”不是月份，请写成 2026-03 这样。")
        return month
    found = _PERIOD.search(name)
    if found is None:
        raise Refusal(
            "landing.no_period",
            f"{path.name} 的文件名里没有月份。请改名为 <来件>_2026-03 这样的名字，或用 --month 指明所属月份。",
        )
    return f"{found[1]}-{int(found[2] or found[3]):02d}"


def _shown(header: Sequence[str]) -> str:
    """The header as it may be printed: what looks like a number of a person is not, nor a whole page of words."""
    words = [re.sub(r"\d{6,}[Xx]?", "……", word)[:20] for word in header if word]
    return "、".join(words[:30]) + ("等" if len(words) > 30 else "") if words else "（空）"
