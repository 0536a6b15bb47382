"""The list of alerts as a file: what documents asks for when somebody takes an export."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, Final

from doudi.office.accounts.scope import Viewer, within
from doudi.office.documents.services import Cell, register
from doudi.office.monitoring.asked import Asked, read_asked
from doudi.office.monitoring.cards import AlertCard
from doudi.office.monitoring.models import Alert
from doudi.office.monitoring.selectors.drawing import draw
from doudi.office.monitoring.selectors.listing import matching

__all__ = ["COLUMNS", "KIND", "conditions", "ready"]

KIND: Final = "monitoring.alerts"
COLUMNS: Final = (
    "编号", "级别", "预警", "去向", "状态", "户主", "地方", "开出日期", "解除日期", "天数", "年龄", "牵头部门", "过期的来源",
)  # fmt: skip
_AT_A_TIME: Final = 500


def ready() -> None:
    """Says who makes files of this kind. Called once, when the office is made ready."""
    register(KIND, _rows)


def conditions(asked: Asked, at: datetime, picked: Sequence[str] = ()) -> dict[str, Any]:
    """What the maker needs to make the same list again: the address's words, the search's households, the picked alerts."""
    told: dict[str, Any] = {"query": asked.told(), "at": at.isoformat()}
    if asked.households is not None:
        told["households"] = sorted(asked.households)
    return told | ({"picked": list(picked)} if picked else {})


def _rows(viewer: Viewer, told: Mapping[str, Any]) -> Iterator[Sequence[Cell]]:
    """One row per alert, within the viewer's jurisdiction when it is taken, masked as on his pages."""
    at = datetime.fromisoformat(told["at"])
    found = frozenset(told["households"]) if "households" in told else None
    asked = read_asked(told["query"], found)
    rows = matching(viewer, asked, at).defer("sealed")
    if "picked" in told:
        rows = Alert.objects.filter(within(viewer), pk__in=told["picked"]).defer("sealed").order_by("level_rank", "pk")
    rest = rows.iterator(chunk_size=_AT_A_TIME)
    while some := list(islice(rest, _AT_A_TIME)):
        cards = draw(viewer, some, at)
        yield from (_row(cards[row.pk]) for row in some)


def _row(card: AlertCard) -> Sequence[Cell]:
    return (
        card.alert_id, card.level, card.title, card.disposition_word, card.status_word, card.who, card.place,
        card.opened_on, card.cleared_on, card.days, card.age, card.owner, "、".join(card.stale),
    )  # fmt: skip
