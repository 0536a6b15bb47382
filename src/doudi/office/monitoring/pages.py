"""What the list's template prints: tabs, drop-downs with their counts, chips, the addresses of the next page."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from doudi.landing.feed_names import FEED_NAMES
from doudi.office.accounts.scope import Viewer
from doudi.office.divisions.selectors import place_name
from doudi.office.monitoring.asked import AGES, SIZES, STATES, VIEWS, Asked
from doudi.office.monitoring.cards import ListPage
from doudi.office.monitoring.lens import Lens
from doudi.office.monitoring.selectors.counting import counted
from doudi.office.monitoring.selectors.runs import beginning
from doudi.office.monitoring.states import DISPOSITIONS
from doudi.office.monitoring.the_book import the_book

__all__ = ["list_page"]

PATH: Final = "/alerts/"
_FILTERS: Final = (
    ("place", "地方"), ("disposition", "去向"), ("indicator", "指标"), ("level", "级别"), ("status", "状态"),
    ("age", "年龄"), ("stale", "来源过期"),
)  # fmt: skip


def list_page(viewer: Viewer, asked: Asked, page: ListPage, at: datetime) -> dict[str, Any]:
    """The context of the list."""
    begun = beginning(viewer)
    found = counted(viewer, asked, at, begun.edition)
    fields = [
        {
            "name": name, "label": label, "value": str(getattr(asked, name) or ""),
            "options": [(option.key, option.label) for option in found.options[name]],
        }
        for name, label in _FILTERS
        if found.options[name]
    ]  # fmt: skip
    return {
        "title": VIEWS[asked.view][0],
        "asked": asked,
        "page": page,
        "fields": fields,
        "tabs": list(_tabs(asked)),
        "chips": list(_chips(viewer, asked)),
        "saved": [(view["pk"], view["name"], f"{PATH}?{view['query']}") for view in begun.views],
        "total": found.alerts if asked.flat else found.households + found.deliveries,
        "sizes": [(size, f"{size} 行") for size in SIZES],
        "query": f"?{asked.query()}" if asked.query() else "",
        "list": asked.query(),
        "before": asked.but(before=page.before).address(PATH) if page.before else "",
        "after": asked.but(after=page.after).address(PATH) if page.after else "",
        "flat_address": asked.but(flat=not asked.flat).address(PATH),
        "unit": "条" if asked.flat else "户",
        "day": begun.day,
        "plain": not Lens(viewer).sees_hardship,
    }


def _tabs(asked: Asked) -> Iterator[dict[str, Any]]:
    for view, (word, _) in VIEWS.items():
        yield {"title": word, "href": asked.but(view=view, level="").address(PATH), "now": view == asked.view}


def _chips(viewer: Viewer, asked: Asked) -> Iterator[tuple[str, str]]:
    """What is asked, each with the address of the same list without it."""
    if asked.households is not None:
        yield f"按查找结果：{len(asked.households)} 户", asked.but(households=None).address(PATH)
    for name, label in _FILTERS:
        value = getattr(asked, name)
        if value and (name, value) != ("status", "open"):
            without = {"status": "open", "place": 0}.get(name, "")
            yield f"{label}：{_word(viewer, name, value)}", asked.but(**{name: without}).address(PATH)


def _word(viewer: Viewer, name: str, value: Any) -> str:  # noqa: ANN401 - a filter's value, a code or a key
    lens = Lens(viewer)
    match name:
        case "place":
            return place_name(value) if viewer.covers(value) else str(value)
        case "disposition":
            return DISPOSITIONS[value]
        case "indicator":
            names = {each.id: each.name for each in the_book().indicators if lens.reads(each.id)}
            return names.get(value, "没有这个指标")
        case "status":
            return {**STATES, "any": "全部状态"}[value]
        case "age":
            return AGES[value][0]
        case "stale":
            return FEED_NAMES.get(value, str(value))
        case _:
            return str(value)
