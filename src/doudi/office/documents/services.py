"""Exports: asked for, given a purpose, approved by a second person, taken."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, Final

from django.conf import settings
from django.db import transaction

from doudi.errors import Fault, Refusal
from doudi.office.accounts.scope import Viewer
from doudi.office.accounts.selectors import staff
from doudi.office.audit.services import make_due_moves, make_move, record
from doudi.office.common.actor import machine
from doudi.office.common.clock import BEIJING
from doudi.office.common.events import Event, tell
from doudi.office.common.roles import BUSINESS, LABELS, Role
from doudi.office.documents.cards import ExportCard, card_of, needs_second, row_of
from doudi.office.documents.files import FORMATS, as_csv, as_pdf, as_xlsx
from doudi.office.documents.files import File as File
from doudi.office.documents.kinds import Cell as Cell
from doudi.office.documents.kinds import Maker as Maker
from doudi.office.documents.kinds import kind_of
from doudi.office.documents.kinds import register as register
from doudi.office.documents.models import Export
from doudi.office.documents.paper import DATED as DATED
from doudi.office.documents.paper import VISITED as VISITED
from doudi.office.documents.paper import WITHHELD as WITHHELD
from doudi.office.documents.paper import Blank as Blank
from doudi.office.documents.paper import Blanks as Blanks
from doudi.office.documents.paper import Block as Block
from doudi.office.documents.paper import Fact as Fact
from doudi.office.documents.paper import Facts as Facts
from doudi.office.documents.paper import Heading as Heading
from doudi.office.documents.paper import Listing as Listing
from doudi.office.documents.paper import Points as Points
from doudi.office.documents.paper import Says as Says
from doudi.office.documents.paper import Sheet as Sheet
from doudi.office.documents.paper.pen import Mark
from doudi.office.documents.printing import print_sheet as print_sheet
from doudi.office.documents.states import APPROVED, APPROVERS, ASKERS, EXPORT, may_decide

__all__ = [
    "DATED", "VISITED", "WITHHELD", "Blank", "Blanks", "Block", "Cell", "Fact", "Facts", "File", "Heading", "Listing",
    "Maker", "Points", "Says", "Sheet", "approve_export", "ask_export", "expire_exports", "print_sheet", "refuse_export",
    "register", "submit_export", "take_export",
]  # fmt: skip

_LONGEST_OPINION: Final = 500  # characters
_LONG_NUMBER: Final = re.compile(r"\d{17}[\dXx]")


@transaction.atomic
def ask_export(
    *,
    viewer: Viewer,
    at: datetime,
    kind: str,
    title: str,
    columns: Sequence[str],
    rows_count: int,
    asked: Mapping[str, Any],
    why: str = "",
    file_format: str = "csv",
) -> ExportCard:
    """Asks for a file of that kind; the caller sends the person to the card's `address`, where he says what it is for.

    With `why` it is submitted at once. `asked` are the conditions as codes and refs: the maker gets them when the file is
    taken. Refused: nothing to export, more rows than a file may have, a citizen's id among the conditions.
    """
    if viewer.user_id is None or viewer.role not in ASKERS:
        raise Fault("documents.nobody", "没有登录的人，或不能导出的岗位，不能申请导出。")
    if not rows_count:
        raise Refusal("documents.nothing", "这张列表是空的，没有可以导出的内容；请放宽筛选条件。")
    if rows_count > settings.DOUDI_EXPORT_MOST:
        raise Refusal(
            "documents.too_many",
            f"一份文件最多 {settings.DOUDI_EXPORT_MOST:,} 条，这里有 {rows_count:,} 条；请缩小筛选范围，分几份导出。",
        )
    if _LONG_NUMBER.search(str(dict(asked))):
        raise Refusal("documents.id_in_conditions", "筛选条件里有公民身份号码，不能随申请留存；请去掉它再导出。")
    place = viewer.division if viewer.role in BUSINESS else 0  # an administrator's jurisdiction holds no household
    export = Export.objects.create(
        kind=kind, title=title, columns=list(columns), rows_count=rows_count, asked=dict(asked), file_format=file_format,
        personal=kind_of(kind).personal, division=place, asker_id=viewer.user_id, asker=viewer.name,
        asker_shown=viewer.shown_name, asker_role=viewer.role.value, asked_at=at,
        expires_at=at + timedelta(days=settings.DOUDI_EXPORT_DAYS),
    )  # fmt: skip
    record(
        actor=viewer.actor, at=at, act="documents.asked", subject_kind="export", subject=export.ref,
        division=export.division or None, why=why, detail={"kind": kind, "rows": rows_count},
    )  # fmt: skip
    if why.strip():
        return submit_export(viewer=viewer, at=at, ref=export.ref, why=why, file_format=file_format)
    return card_of(export)


@transaction.atomic
def submit_export(*, viewer: Viewer, at: datetime, ref: str, why: str, file_format: str) -> ExportCard:
    """Says what the file is for. Up to DOUDI_EXPORT_ROWS rows it may be taken at once; beyond, a second person approves.

    Refused: no purpose, not his own, too late, a format that is none, more rows than are printed.
    """
    if file_format not in FORMATS:
        raise Refusal("documents.unknown_format", "只能导出 CSV、XLSX 或 PDF；请选其中一种。")
    export = row_of(ref)
    if file_format == "pdf" and export.rows_count > settings.DOUDI_EXPORT_PAPER:
        raise Refusal(
            "documents.too_much_paper",
            f"PDF 供打印，一份最多 {settings.DOUDI_EXPORT_PAPER:,} 条，这里有 {export.rows_count:,} 条；"
            "请改选 XLSX 或 CSV，或缩小筛选范围。",
        )
    if needs_second(export) and not _somebody_decides(export):
        raise Refusal(
            "documents.nobody_to_approve",
            f"超过 {settings.DOUDI_EXPORT_ROWS:,} 条的导出须由同级或上一级的另一位民政人员批准，现在没有这样的在用账号；"
            f"请缩小到 {settings.DOUDI_EXPORT_ROWS:,} 条以内分份导出，或请系统管理员申请开通一位。",
        )
    make_move(
        workflow=EXPORT, row=export, move="提交", actor=viewer.actor, at=at, why=why, purpose=why.strip(),
        file_format=file_format, submitted_at=at,
    )  # fmt: skip
    if not needs_second(export):
        make_move(workflow=EXPORT, row=export, move="放行", actor=machine("documents"), at=at)
    else:
        tell(Event("documents.export_waits", viewer.actor, at, _told(export)))
    return card_of(export)


def approve_export(*, viewer: Viewer, at: datetime, ref: str, why: str = "") -> ExportCard:
    """A second person lets the file be taken. Refused: his own, not his county's, not his role's, too late, decided before."""
    return _decide(viewer, at, ref, "批准", why)


def refuse_export(*, viewer: Viewer, at: datetime, ref: str, why: str) -> ExportCard:
    """A second person does not let the file be taken, and says why. Refused: as above, or no reason given."""
    return _decide(viewer, at, ref, "不批准", why)


@transaction.atomic
def take_export(*, viewer: Viewer, at: datetime, ref: str) -> File:
    """Makes the file, once, as its owner may see the rows now; the journal keeps its size and its SM3.

    Refused: not his own, not let through, too late, or the list has grown beyond what was approved.
    """
    export = row_of(ref)
    EXPORT.move("取走", export.state)  # refused here before anything is made
    if export.asker_id != viewer.user_id:
        raise Refusal("documents.not_yours", "这份导出是别人申请的；请自己申请一份。")
    most = max(export.rows_count, settings.DOUDI_EXPORT_ROWS) if export.personal else settings.DOUDI_EXPORT_MOST
    rows = list(islice(kind_of(export.kind).maker(viewer, export.asked), most + 1))
    if len(rows) > most:
        raise Refusal("documents.grown", f"列表已经长到 {most:,} 条以上，超出这份申请；请重新申请。")
    file = _made(export, rows, at)
    make_move(
        workflow=EXPORT, row=export, move="取走", actor=viewer.actor, at=at, why=export.purpose, taken_at=at,
        taken_rows=file.rows,
    )  # fmt: skip
    record(
        actor=viewer.actor, at=at, act="documents.taken", subject_kind="export", subject=ref,
        division=export.division or None, why=export.purpose,
        detail={"kind": export.kind, "rows": file.rows, "bytes": len(file.content), "sm3": file.sm3, "format": export.file_format},
    )  # fmt: skip
    return file


def expire_exports(*, at: datetime) -> int:
    """Closes what nobody took in time; how many."""
    return make_due_moves(workflow=EXPORT, rows=Export.objects.all(), actor=machine("documents"), at=at)


@transaction.atomic
def _decide(viewer: Viewer, at: datetime, ref: str, move: str, why: str) -> ExportCard:
    if len(why) > _LONGEST_OPINION:
        raise Refusal("documents.long_opinion", f"意见最多 {_LONGEST_OPINION} 字；请写短一些。")
    export = row_of(ref)
    make_move(
        workflow=EXPORT, row=export, move=move, actor=viewer.actor, at=at, why=why, decider_id=viewer.user_id,
        decider_shown=viewer.shown_name, decided_at=at, decision_why=why,
    )  # fmt: skip
    tell(Event("documents.export_decided", viewer.actor, at, _told(export) | {"approved": export.state == APPROVED}))
    return card_of(export)


def _somebody_decides(export: Export) -> bool:
    """Is there a second person in use who may decide it? Else it would wait until it expires."""
    return any(
        card.user_id != export.asker_id and may_decide(card.role, card.division, export.division)
        for card in staff(APPROVERS)
    )


def _told(export: Export) -> dict[str, Any]:
    """What an event says of an export: nothing of its rows but how many."""
    return {
        "export": export.ref, "asker_id": export.asker_id, "division": export.division, "rows": export.rows_count,
    }  # fmt: skip


def _made(export: Export, rows: Sequence[Sequence[Cell]], at: datetime) -> File:
    moment = at.astimezone(BEIJING)
    role = LABELS[Role(export.asker_role)]
    mark = (
        f"兜底 · {export.title} · 导出人 {export.asker_shown}（{export.asker}，{role}）· {moment:%Y-%m-%d %H:%M} · "
        f"用途：{' '.join(export.purpose.split())} · 共 {len(rows):,} 条 · 编号 {export.ref} · 只限本用途使用，不得转发"
    )
    name = f"{export.title} {moment:%Y%m%d-%H%M} {export.asker}"
    if export.file_format == "xlsx":
        return as_xlsx(name, mark, export.columns, rows, at)
    if export.file_format == "pdf":
        return as_pdf(export.title, name, Mark(f"{export.asker_shown} {export.asker}", at, mark), export.columns, rows)
    return as_csv(name, mark, export.columns, rows)
