"""事件：发生了什么，按名字说出去；谁来办，只写在 config/subscriptions.py 一页。

Named events. A write tells one in its own transaction; who reacts stands in one page and nowhere else.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from doudi.office.common.actor import Actor

__all__ = ["Event", "subscribe", "tell"]


@dataclass(frozen=True, slots=True)
class Event:
    """`name` is `office.what`; `facts` hold keys and refs, never an id or a name of a citizen."""

    name: str
    actor: Actor
    at: datetime
    facts: Mapping[str, Any] = field(default_factory=dict)


_WIRED: dict[str, list[Callable[[Event], None]]] = {}


def subscribe(name: str, act: Callable[[Event], None]) -> None:
    """`act` runs in the transaction of whoever tells `name`, in the order of the page. Called by config alone."""
    if act not in (acts := _WIRED.setdefault(name, [])):
        acts.append(act)


def tell(event: Event) -> None:
    """Says that something happened. An error of a subscriber is an error of the whole."""
    for act in _WIRED.get(event.name, ()):
        act(event)
