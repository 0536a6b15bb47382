"""流水的导出：列和行。

The journal as a file: its columns, and its rows within the reader's sight.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any, Final

from doudi.office.accounts.scope import Viewer
from doudi.office.audit.selectors import Asked, EntryCard, journal, subject_word
from doudi.office.divisions.selectors import names
from doudi.office.documents.services import Cell
from doudi.office.oversight.sight import sight_of

__all__ = ["COLUMNS", "KIND", "as_conditions", "rows"]

KIND: Final = "journal"
COLUMNS: Final = (
    "编号", "时间", "记入时间", "办理人", "岗位", "行为", "行为代码", "对象种类", "对象", "当事人引用", "地方", "理由", "结果",
    "明细", "封链位置", "封链值",
)  # fmt: skip
_AT_ONCE: Final = 500


def as_conditions(asked: Asked) -> dict[str, Any]:
    """What was looked for, as an application keeps it."""
    return {
        name: value.isoformat() if isinstance(value, date) else value for name, value in asdict(asked).items() if value
    }


def rows(viewer: Viewer, conditions: Mapping[str, Any]) -> Iterator[Sequence[Cell]]:
    """Maker: the entries that were looked for, newest first, within the viewer's sight."""
    days = {name: date.fromisoformat(conditions[name]) for name in ("since", "until") if name in conditions}
    asked, after = Asked(**{**conditions, **days}), ""
    while True:
        page = journal(sight_of(viewer), asked, after=after, size=_AT_ONCE)
        places = names({card.division for card in page.cards if card.division})
        for card in page.cards:
            yield _row(card, places.get(card.division or 0, ""))
        after = page.after
        if not after:
            return


def _row(card: EntryCard, place: str) -> Sequence[Cell]:
    detail = "；".join(f"{name}={value}" for name, value in card.detail.items())
    return (
        card.id, card.at, card.written_at, card.actor, card.role, card.act_word, card.act, subject_word(card.subject_kind),
        card.subject, card.whose, place, card.why, card.outcome_word, detail, card.position, card.link,
    )  # fmt: skip
