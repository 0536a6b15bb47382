"""An export as pages and other offices get it."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from doudi.errors import Refusal
from doudi.office.common.roles import LABELS, Role
from doudi.office.documents.models import Export
from doudi.office.documents.states import EXPORT

__all__ = ["ExportCard", "card_of", "needs_second", "row_of"]


@dataclass(frozen=True, slots=True)
class ExportCard:
    """One export. `moves` are the words of what the viewer may do with it now; `second` says that another must approve."""

    ref: str
    state: str
    title: str
    columns: tuple[str, ...]
    rows_count: int
    purpose: str
    file_format: str
    second: bool
    division: int
    asker_shown: str
    asker_role: str
    asked_at: datetime
    expires_at: datetime
    decider_shown: str
    decided_at: datetime | None
    decision_why: str
    taken_at: datetime | None
    taken_rows: int | None
    moves: tuple[str, ...] = ()

    @property
    def address(self) -> str:
        """Its page."""
        return f"/exports/{self.ref}"

    @property
    def word(self) -> str:
        """The word of its state."""
        return EXPORT.word(self.state)

    @property
    def tone(self) -> str:
        """The tone of its state's tag."""
        return EXPORT.tone(self.state)


def needs_second(export: Export) -> bool:
    """Are there so many rows about citizens that a second person must approve?"""
    return export.personal and export.rows_count > int(settings.DOUDI_EXPORT_ROWS)


def row_of(ref: str) -> Export:
    """The row of that name. Refused: there is none."""
    export = Export.objects.filter(ref=ref).first()
    if export is None:
        raise Refusal("documents.unknown_export", "没有这份导出申请；请回到导出列表查看。")
    return export


def card_of(export: Export, moves: tuple[str, ...] = ()) -> ExportCard:
    """The row as a card."""
    return ExportCard(
        ref=export.ref, state=export.state, title=export.title, columns=tuple(export.columns),
        rows_count=export.rows_count, purpose=export.purpose, file_format=export.file_format,
        second=needs_second(export), division=export.division, asker_shown=export.asker_shown,
        asker_role=LABELS[Role(export.asker_role)], asked_at=export.asked_at, expires_at=export.expires_at,
        decider_shown=export.decider_shown, decided_at=export.decided_at, decision_why=export.decision_why,
        taken_at=export.taken_at, taken_rows=export.taken_rows, moves=moves,
    )  # fmt: skip
