"""页框：页眉、侧栏、字号、水印，每页都要的东西。

What the frame of every page needs, as a context processor. A page without a viewer (login, errors) has the bare frame.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.module_loading import import_string

from doudi.office.common.roles import LABELS
from doudi.office.ui.navigation import Group, drawn, news_of, search_of

__all__ = ["SIZE_COOKIE", "Chrome", "News", "chrome"]

SIZE_COOKIE = "doudi_size"
_MOST = 99  # a figure at the head of a page; beyond, it says 99+


@dataclass(frozen=True, slots=True)
class News:
    """Where the messages are, and how many wait: empty for none."""

    address: str
    waiting: str


@dataclass(frozen=True, slots=True)
class Chrome:
    """`viewer` is the accounts' Viewer or None; `large` says that 大字版 is on; `demo` that every person is invented.

    `at` is the moment of the request, None where it has none.
    """

    viewer: Any
    path: str
    large: bool
    demo: bool
    at: datetime | None = None

    @property
    def role(self) -> str:
        """The viewer's role as a word."""
        return LABELS[self.viewer.role]

    @property
    def place(self) -> str:
        """The name of the viewer's division; empty for who has none, or before the divisions are landed."""
        code = self.viewer.division
        return _names_of()([code]).get(code, "") if code else ""

    @property
    def groups(self) -> tuple[Group, ...]:
        """The side."""
        return drawn(self.viewer.role, self.path)

    @property
    def search(self) -> str:
        """Where the head's search box leads; empty for who may not search, and on that page itself."""
        address = search_of(self.viewer.role)
        return "" if address == self.path else address

    @property
    def news_address(self) -> str:
        """Where the messages are, not asking how many wait; empty for who gets none."""
        return news_of(self.viewer.role)

    @property
    def news(self) -> News | None:
        """The messages that wait for the viewer: one statement a page. None for who gets none."""
        if not self.news_address:
            return None
        waiting = _unread_of()(self.viewer)
        return News(self.news_address, f"{_MOST}+" if waiting > _MOST else str(waiting or ""))


@cache
def _names_of() -> Callable[[list[int]], Mapping[int, str]]:
    # ui stands below the divisions: config says who knows the names of places.
    names: Callable[[list[int]], Mapping[int, str]] = import_string(settings.OFFICE_PLACES)
    return names


@cache
def _unread_of() -> Callable[[Any], int]:
    # As above: config says who keeps messages.
    unread: Callable[[Any], int] = import_string(settings.OFFICE_UNREAD)
    return unread


def chrome(request: HttpRequest) -> dict[str, Chrome]:
    """Context processor: `chrome` for the layouts."""
    return {
        "chrome": Chrome(
            viewer=getattr(request, "viewer", None),
            path=request.path,
            large=request.COOKIES.get(SIZE_COOKIE) == "large",
            demo=settings.DEMO,
            at=getattr(request, "at", None),
        )
    }
