"""导航：左侧栏有哪些入口，谁看得到，当前在哪一页。

The side's entries. `config/navigation.py` lists them; a viewer is shown those whose pages open to his role (`common.doors`),
never one that would refuse.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.urls import resolve, reverse
from django.utils.module_loading import import_string

from doudi.office.common.doors import ANY_STAFF, door_of
from doudi.office.common.roles import Role

__all__ = ["Entry", "Group", "Link", "address_of", "drawn", "entries", "news_of", "search_of"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the side: its word, the name of its address, under which heading it stands.

    Who is shown it is the page's own business: those to whom its door opens. `roles` may narrow that to those who work
    with the page. `arguments` are those of the address, for an entry that has any. `search`: its page takes `q` by POST, and
    the head of every page has a box for it. `news`: the head of every page says how many wait there.
    """

    title: str
    url_name: str
    roles: frozenset[Role] = ANY_STAFF
    group: str = ""
    arguments: tuple[str, ...] = ()
    search: bool = False
    news: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """An entry as drawn: `now` is true for the page itself and everything below its address."""

    title: str
    address: str
    now: bool


@dataclass(frozen=True, slots=True)
class Group:
    """The links under one heading; the first group has none."""

    title: str
    links: tuple[Link, ...]


@cache
def entries() -> tuple[Entry, ...]:
    """What config/navigation.py lists."""
    return tuple(import_string(settings.OFFICE_NAVIGATION))


def drawn(role: Role, path: str, listed: Sequence[Entry] | None = None) -> tuple[Group, ...]:
    """The side of a viewer of that role who stands at `path`, in the order in which the entries are listed."""
    shown = [(entry, address_of(entry)) for entry in (entries() if listed is None else listed)]
    mine = [(entry, address) for entry, address in shown if role in entry.roles & _open_to(address)]
    # The longest address that begins the path is where the reader stands: /alerts/1 is under /alerts/, not under /.
    here = max((address for _, address in mine if _under(path, address)), key=len, default=None)
    groups: dict[str, list[Link]] = {}
    for entry, address in mine:
        groups.setdefault(entry.group, []).append(Link(entry.title, address, address == here))
    return tuple(Group(title, tuple(links)) for title, links in groups.items())


def search_of(role: Role, listed: Sequence[Entry] | None = None) -> str:
    """Where the head's box sends what is typed; empty for who may not search."""
    return _first(role, [entry for entry in (entries() if listed is None else listed) if entry.search])


def news_of(role: Role, listed: Sequence[Entry] | None = None) -> str:
    """Where the messages are; empty for who gets none."""
    return _first(role, [entry for entry in (entries() if listed is None else listed) if entry.news])


@cache
def address_of(entry: Entry) -> str:
    """Where an entry leads."""
    return reverse(entry.url_name, args=entry.arguments)


@cache
def _open_to(address: str) -> frozenset[Role]:
    door = door_of(resolve(address).func)
    if door is None:
        return frozenset()
    return ANY_STAFF if door.anybody else door.roles


def _first(role: Role, listed: Sequence[Entry]) -> str:
    found = [(entry, address_of(entry)) for entry in listed]
    return next((address for entry, address in found if role in entry.roles & _open_to(address)), "")


def _under(path: str, address: str) -> bool:
    return path == address or (address != "/" and path.startswith(address.rstrip("/") + "/"))
