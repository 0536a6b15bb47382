"""打印：一户、一条预警印成一张单子；在内存里做，当场交给打印的人，服务器上不留，流水里记一条。

A sheet about one record is printed: made in memory, handed over at once, told to the journal as what leaves the platform.
"""

from datetime import datetime
from typing import Final

from django.db import transaction

from doudi.errors import Fault
from doudi.office.accounts.scope import Viewer
from doudi.office.audit.services import record
from doudi.office.common.clock import BEIJING
from doudi.office.common.roles import BUSINESS, LABELS
from doudi.office.documents.files import FORMATS, File
from doudi.office.documents.paper import Sheet, print_pages
from doudi.office.documents.paper.pen import Mark

__all__ = ["print_sheet"]

_PDF: Final = "pdf"


@transaction.atomic
def print_sheet(
    *, viewer: Viewer, at: datetime, sheet: Sheet, subject_kind: str, subject: str, division: int | None
) -> File:
    """The sheet as PDF for this viewer; the journal keeps of which record, its pages and its SM3.

    The caller has read the record as this viewer may see it, and journalled that. Fault: nobody is logged in, or somebody
    who has no business with households.
    """
    if viewer.user_id is None or viewer.role not in BUSINESS:
        raise Fault("documents.nobody", "没有登录的人，或不能导出的岗位，不能打印。")
    role = LABELS[viewer.role]
    moment = at.astimezone(BEIJING)
    purpose = f" · 凭据：{viewer.purpose}" if viewer.purpose else ""
    line = (
        f"兜底 · {sheet.title} · 打印人 {viewer.shown_name}（{viewer.name}，{role}）· {moment:%Y-%m-%d %H:%M}{purpose}"
    )
    printed = print_pages(sheet, Mark(f"{viewer.shown_name} {viewer.name}", at, line))
    file = File(f"{sheet.title} {moment:%Y%m%d-%H%M}.{_PDF}", FORMATS[_PDF], printed.content, 1)
    record(
        actor=viewer.actor, at=at, act="documents.printed", subject_kind=subject_kind, subject=subject,
        division=division, why=viewer.purpose,
        detail={"kind": sheet.title, "pages": printed.pages, "bytes": len(file.content), "sm3": file.sm3, "format": _PDF},
    )  # fmt: skip
    return file
