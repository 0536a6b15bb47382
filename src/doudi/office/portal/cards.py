"""页面的骨架：工作台上的一件事、它的依据，一张图和一张表。

What the portal's pages are made of. Each is frozen, made by one reader from other offices' cards, and printed by one
template.
"""

from dataclasses import dataclass

__all__ = ["Bar", "Desk", "Figure", "Ground", "Matter", "Table", "Workbench"]


@dataclass(frozen=True, slots=True)
class Ground:
    """A clause in our own one-line words, and the document that it stands in."""

    clause: str
    meaning: str
    document: str


@dataclass(frozen=True, slots=True)
class Matter:
    """One thing asked of somebody: what, how many of which unit, where, by when or since when, on what ground.

    `tone` is a tag's: neutral, working, good, warn, bad. `href` leads to where it is dealt with.
    """

    what: str
    count: int
    unit: str
    where: str
    when: str
    href: str
    link: str
    tone: str = "neutral"
    note: str = ""
    grounds: tuple[Ground, ...] = ()


@dataclass(frozen=True, slots=True)
class Desk:
    """A group of matters of one kind. `asks` says what is wanted; `empty` what it means, and what to do, when none is there."""

    key: str
    title: str
    asks: str
    empty: str
    matters: tuple[Matter, ...] = ()

    @property
    def waiting(self) -> int:
        """How many matters wait."""
        return len(self.matters)


@dataclass(frozen=True, slots=True)
class Workbench:
    """A person's whole morning: who he is, over which place, the figures at the head, and the desks."""

    who: str
    role: str
    place: str
    figures: tuple["Figure", ...]
    desks: tuple[Desk, ...]
    finds: bool  # may he search for households?

    @property
    def waiting(self) -> int:
        """How many matters wait on all desks."""
        return sum(desk.waiting for desk in self.desks)


@dataclass(frozen=True, slots=True)
class Figure:
    """One number with its unit and its date. `value` is None when nothing was ever counted; then `note` says why."""

    label: str
    value: int | str | None
    unit: str
    day: str
    note: str = ""
    tone: str = "neutral"
    href: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of a chart's table: its word, its number, a second number for comparison, where it leads."""

    label: str
    value: int
    per_thousand: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A chart with its table: title, unit, date, column words and rows. The chart shows nothing that the table does not."""

    key: str
    title: str
    unit: str
    day: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    bars: tuple[Bar, ...] = ()
    empty: str = ""
