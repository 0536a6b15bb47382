"""What a list of alerts is asked for: filters, order, page. It stands in the address, and never holds a name."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

from doudi.office.monitoring.states import DISPOSITIONS, LEVELS, STATUSES, WATCHED

__all__ = ["AGES", "DEFAULT_ORDER", "ORDERS", "SIZES", "VIEWS", "Asked", "Key", "read_asked"]

Key = tuple[str, ...]  # the last row of a page, by the columns of its order

# View → its word and its levels. 蓝 is looked at on its own page.
VIEWS: Final = {
    "alerts": ("预警", ("红", "橙")),
    "watch": ("观察名单", (WATCHED,)),
    "all": ("全部级别", LEVELS),
}
# Order → columns, `-` = descending. Each ends with the alert's id, so that no two rows stand alike.
ORDERS: Final = {
    "level": ("level_rank", "-opened_on", "alert_id"),
    "-level": ("-level_rank", "-opened_on", "alert_id"),
    "-opened": ("-opened_on", "level_rank", "alert_id"),
    "opened": ("opened_on", "level_rank", "alert_id"),
    "place": ("managing_division", "level_rank", "alert_id"),
    "-place": ("-managing_division", "level_rank", "alert_id"),
}
DEFAULT_ORDER: Final = "level"
SIZES: Final = (30, 50, 100)
# Age on the day of asking, [from, to); null = no limit.
AGES: Final = {
    "child": ("未满 18 岁", None, 18),
    "adult": ("18 至 59 岁", 18, 60),
    "old": ("60 至 79 岁", 60, 80),
    "oldest": ("80 岁以上", 80, None),
    "unknown": ("年龄不详", None, None),
}
_OPEN: Final = "open"
STATES: Final = {_OPEN: "在开", **STATUSES}
_KINDS: Final[dict[str, Callable[[str], object]]] = {
    "level_rank": int,
    "managing_division": int,
    "opened_on": date.fromisoformat,
    "alert_id": str,
}


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters of a list. Empty = not asked. `place`: a division and all below it, 0 = the whole jurisdiction.

    `households`: those that a search found, null = none was made; they stand in the session and not in the address.
    """

    view: str = "alerts"
    flat: bool = False
    disposition: str = ""
    indicator: str = ""
    level: str = ""
    status: str = _OPEN
    place: int = 0
    age: str = ""
    stale: str = ""
    order: str = DEFAULT_ORDER
    size: int = SIZES[0]
    after: Key = ()
    before: Key = ()
    households: frozenset[int] | None = None

    def but(self, **changes: Any) -> "Asked":  # noqa: ANN401 - its own fields
        """The same list asked otherwise, from its first page."""
        return replace(self, **{"after": (), "before": (), **changes})

    def query(self) -> str:
        """As an address tells it: what differs from the plain list, without the page."""
        return urlencode(self.told())

    def address(self, path: str) -> str:
        """The whole address, with the page."""
        told = self.told()
        told |= {name: "~".join(key) for name in ("after", "before") if (key := getattr(self, name))}
        return f"{path}?{urlencode(told)}" if told else path

    def told(self) -> dict[str, str]:
        """The same as names and values."""
        return dict(self._told())

    def _told(self) -> Iterator[tuple[str, str]]:
        plain = Asked()
        for field in fields(self):
            value = getattr(self, field.name)
            if field.name in ("after", "before", "households") or value == getattr(plain, field.name):
                continue
            yield field.name, "1" if value is True else str(value)
        if self.households is not None:
            yield "found", "1"


def read_asked(told: Mapping[str, str], found: frozenset[int] | None = None) -> Asked:
    """From an address; a word that is not understood asks for nothing. `found`: what the last search found."""

    def one_of(name: str, known: Mapping[str, object] | tuple[str, ...], otherwise: str = "") -> str:
        value = told.get(name, "")
        return value if value in known else otherwise

    order = one_of("order", ORDERS, DEFAULT_ORDER)
    size = told.get("size", "")
    place = told.get("place", "")
    return Asked(
        view=one_of("view", VIEWS, "alerts"),
        flat=told.get("flat") == "1",
        disposition=one_of("disposition", DISPOSITIONS),
        indicator=told.get("indicator", "")[:60],
        level=one_of("level", LEVELS),
        status=one_of("status", (*STATES, "any"), _OPEN),
        place=int(place) if place.isdecimal() and len(place) <= 12 else 0,
        age=one_of("age", AGES),
        stale=told.get("stale", "")[:40],
        order=order,
        size=int(size) if size.isdecimal() and int(size) in SIZES else SIZES[0],
        after=_key(told.get("after", ""), order),
        before=_key(told.get("before", ""), order),
        households=found if told.get("found") == "1" else None,
    )


def _key(text: str, order: str) -> Key:
    """A page's key; one that no row could have is none."""
    parts = tuple(text.split("~"))
    columns = [column.lstrip("-") for column in ORDERS[order]]
    if len(parts) != len(columns):
        return ()
    try:
        for part, column in zip(parts, columns, strict=True):
            _KINDS[column](part)
    except ValueError:
        return ()
    return parts
