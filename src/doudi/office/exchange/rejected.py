"""Rejected lines of a batch for the people who may see them: why they were sent back, and what stood there, masked."""

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from itertools import islice
from typing import Any, Final

import xlsxwriter

from doudi.landing import feed_name, load_contract
from doudi.landing.contract import plain_header
from doudi.office.accounts.scope import Viewer
from doudi.office.audit.services import record
from doudi.office.common import masking
from doudi.office.common.clock import BEIJING
from doudi.office.common.codes import level_of, range_of
from doudi.office.common.roles import LABELS
from doudi.office.exchange.models import Batch
from doudi.office.exchange.vault import read_vault

__all__ = ["Rejected", "rejected_lines", "template"]

_WHOLE: Final = "整行"
_RUNS: Final = ("=", "+", "-", "@", "\t", "\r")
_NUMBER: Final = re.compile(r"[-+]?[\d,.]+")
_PLAIN_KINDS: Final = frozenset({"code", "date", "month", "yuan", "int", "decimal"})


@dataclass(frozen=True, slots=True)
class Rejected:
    """One line sent back. `cells` are (header, content) masked; empty for who may know only why it was sent back."""

    line: int
    code: str
    reason: str
    cells: tuple[tuple[str, str], ...] = field(repr=False)


def rejected_lines(viewer: Viewer, batch: Batch, *, own: bool, start: int, most: int) -> list[Rejected]:
    """The rejected lines of a batch that concern the viewer, from the `start`-th on: a county sees those of the county,
    and, of its own file, all. `own`: his office sent the file, and is shown what it wrote.
    """
    return [
        Rejected(line, code, said["reason"], tuple(_masked(batch.feed, said["raw"], own=own)))
        for line, code, said in islice(_of(viewer, batch, own=own), start, start + most)
    ]


def template(viewer: Viewer, batch: Batch, *, at: datetime, form: str) -> tuple[str, bytes]:
    """The rejected lines in the sender's own headers, to be put right and sent again: the file's name and its bytes.

    For the office that sent it; the taking is journalled. `form` is csv or xlsx. Above the headers stands who took it and
    when, as a title, which landing passes over when the file comes back.
    """
    rows = [(said["reason"], said["raw"]) for _, _, said in _of(viewer, batch, own=True)]
    headers = list(dict.fromkeys(header for _, raw in rows for header in raw if header != _WHOLE))
    own = _contract_headers(batch.feed, headers)
    # What could not be told apart into cells comes back as it stood, in a column that landing does not read.
    lines = [[*(raw.get(header, "") for header in own), reason, raw.get(_WHOLE, "")] for reason, raw in rows]
    whole = [*own, "退回原因", "原文"]
    record(
        actor=viewer.actor, at=at, act="exchange.rejects_taken", subject_kind="batch", subject=batch.pk,
        division=viewer.division, detail={"lines": len(rows), "form": form},
    )  # fmt: skip
    name = f"{batch.feed}_{batch.period}_r{batch.revision}_part9.{form}"
    mark = _mark(viewer, batch, len(rows), at)
    return name, _workbook(mark, whole, lines, at) if form == "xlsx" else _text(mark, whole, lines)


def _of(viewer: Viewer, batch: Batch, *, own: bool) -> Iterator[tuple[int, str, dict[str, Any]]]:
    lo, hi = range_of(viewer.division)
    everything = own or level_of(viewer.division) in ("country", "province", "city")
    with read_vault() as vault:
        for _, line, code, county, content in vault.kept_rejects(batch.pk):
            if everything or (county is not None and lo <= county * 1_000_000 <= hi):
                yield line, code, json.loads(content)


def _masked(feed: str, raw: dict[str, str], *, own: bool) -> Iterator[tuple[str, str]]:
    """Identity is masked for everybody; other cells are for the office that wrote them."""
    kinds = _kinds(feed)
    for header, text in raw.items():
        kind = kinds.get(plain_header(header), "text")
        if kind == "id" or header == _WHOLE:
            yield header, masking.id_number(text) if header != _WHOLE else "（整行分不清各格，见下载的原文）"
        elif kind == "name":
            yield header, masking.name(text)
        elif own and kind in _PLAIN_KINDS:
            yield header, text
        elif own:
            yield header, masking.address(text)


@cache
def _kinds(feed: str) -> dict[str, str]:
    return {
        plain_header(word): "name" if column.name == "name" else column.kind
        for column in load_contract()[feed].columns
        for word in (column.header, *column.aliases)
    }


def _contract_headers(feed: str, used: list[str]) -> list[str]:
    """The headers that the file used, and those of the contract for columns of which no rejected line said anything."""
    plain = {plain_header(word) for word in used}
    return used + [
        column.header
        for column in load_contract()[feed].columns
        if not plain & {plain_header(word) for word in (column.header, *column.aliases)}
    ]


def _mark(viewer: Viewer, batch: Batch, lines: int, at: datetime) -> str:
    """Who took it, when, out of what: no cell of it may be a header of the contract."""
    moment = at.astimezone(BEIJING)
    return (
        f"兜底 · {feed_name(batch.feed)} {batch.period} 退回的 {lines:,} 行 · 取走人 {viewer.shown_name}（{viewer.name}，"
        f"{LABELS[viewer.role]}）· {moment:%Y-%m-%d %H:%M} · 只限改正后再交，不得转发；这一行不用删"
    )


def _text(mark: str, header: list[str], lines: list[list[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(
        [[mark], header, *([_harmless(cell) for cell in line] for line in lines)]
    )
    return out.getvalue().encode("utf-8-sig")


def _harmless(cell: str) -> str:
    """A cell that a spreadsheet would run is shown instead; landing takes the mark off again. Numbers stay."""
    return f"'{cell}" if cell[:1] in _RUNS and not _NUMBER.fullmatch(cell) else cell


def _workbook(mark: str, header: list[str], lines: list[list[str]], at: datetime) -> bytes:
    """All cells are text, so that no program rounds an id; in memory alone. The mark is on every printed page too."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        page, text = book.add_worksheet("退回"), book.add_format({"num_format": "@"})
        book.set_properties({"comments": mark, "created": at.astimezone(BEIJING).replace(tzinfo=None)})
        page.set_column(0, len(header) - 1, 20, text)
        page.set_header(f"&L&8{mark.replace('&', '&&')[:200]}")
        for line, row in enumerate([[mark], header, *lines]):
            for column, cell in enumerate(row):
                page.write_string(line, column, cell, text)
    return out.getvalue()
