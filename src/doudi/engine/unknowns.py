"""无法判断：各指标有多少对象说不出是或否，缺的是哪些来源。

Unknown opens no alert; it is counted per indicator, with the feeds that could have told: those behind the rule's facts
that are stale, never came, or prove nothing by silence.
"""

from typing import Any

from doudi.engine.backends.duckdb import Backend
from doudi.engine.inputs import Inputs
from doudi.policy.rule import Book, Indicator

__all__ = ["cannot_tell"]


def cannot_tell(backend: Backend, inputs: Inputs, book: Book) -> dict[str, dict[str, Any]]:
    """Indicator -> {subjects, missing}; indicators that could always tell are left out."""
    counted = dict(backend.rows("SELECT indicator, subjects FROM cannot_tell ORDER BY indicator"))
    by_id = {indicator.id: indicator for indicator in book.indicators}
    return {name: {"subjects": subjects, "missing": _missing(inputs, book, by_id[name])} for name, subjects in counted.items()}


def _missing(inputs: Inputs, book: Book, indicator: Indicator) -> list[str]:
    feeds = {feed for fact in book.rests_on(indicator.when, indicator.unless) if fact in book.facts
             for feed in book.facts[fact].feeds}
    return sorted(feed for feed in feeds if feed in inputs.feeds and _could_have_told(inputs, feed))


def _could_have_told(inputs: Inputs, name: str) -> bool:
    feed = inputs[name]
    stale = not feed.files or any(not row.fresh for row in feed.freshness)
    return stale or feed.absence == "unknown"
