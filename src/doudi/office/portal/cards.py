"""页面的骨架：工作台上的一件事、它的依据，一张图和一张表。

What the portal's pages are made of. Each is frozen, made by one reader from other offices' cards, and printed by one
template.
"""

from dataclasses import dataclass

__all__ = ["Column", "Desk", "Figure", "Ground", "Matter", "Row", "Table", "Workbench"]

NOTHING = "—"


@dataclass(frozen=True, slots=True)
class Ground:
    """A document's number and title, and those of its clauses on which something rests, each as (id, our one-line words)."""

    number: str
    title: str
    clauses: tuple[tuple[str, str], ...]


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

    @property
    def grounds(self) -> tuple[Ground, ...]:
        """The clauses on which all its matters rest, said once; empty when each has its own."""
        every = {matter.grounds for matter in self.matters}
        return next(iter(every)) if len(every) == 1 else ()

    @property
    def table(self) -> str:
        """The id of its table on the page."""
        return f"table-{self.key}"


@dataclass(frozen=True, slots=True)
class Workbench:
    """A person's whole morning: who he is, over which place, the figures at the head, and the desks."""

    who: str
    role: str
    place: str
    figures: tuple["Figure", ...]
    desks: tuple[Desk, ...]

    @property
    def waiting(self) -> int:
        """How many matters wait on all desks."""
        return sum(desk.waiting for desk in self.desks)

    @property
    def busy(self) -> tuple[Desk, ...]:
        """The desks with something on them, in the role's order."""
        return tuple(desk for desk in self.desks if desk.matters)

    @property
    def quiet(self) -> tuple[Desk, ...]:
        """The empty ones."""
        return tuple(desk for desk in self.desks if not desk.matters)


@dataclass(frozen=True, slots=True)
class Figure:
    """One number with its unit and its date. `value` is None when nothing was ever counted; then `note` says why.

    `word`, with its `tone`, is a tag beside the label.
    """

    label: str
    value: int | None
    unit: str
    day: str
    note: str = ""
    href: str = ""
    word: str = ""
    tone: str = "neutral"

    @property
    def shown(self) -> str:
        """The number as it is printed."""
        return NOTHING if self.value is None else f"{self.value:,}"


@dataclass(frozen=True, slots=True)
class Column:
    """A column's word. `charted`: the chart draws it as a series too."""

    word: str
    charted: bool = True


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: its word, its cells as printed, where it leads; `code` is a county's six digits on a map."""

    label: str
    cells: tuple[str, ...]
    href: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table, and the chart that draws it: bar, column, line, map, or none. The first column names the rows."""

    key: str
    title: str
    note: str
    unit: str
    day: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    chart: str = ""  # the kind, followed by `stacked` when its series are laid on each other
    empty: str = ""

    @property
    def kind(self) -> str:
        """The kind of its chart."""
        return self.chart.partition(" ")[0]

    @property
    def stacked(self) -> bool:
        """Are its series parts of one whole?"""
        return self.chart.endswith(" stacked")

    @property
    def name(self) -> str:
        """The table's own id on the page."""
        return f"table-{self.key}"
