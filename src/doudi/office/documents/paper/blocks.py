"""What a sheet is made of. Texts are plain: nothing in them is markup, so that no name can become one."""

from dataclasses import dataclass

__all__ = ["Blank", "Blanks", "Block", "Fact", "Facts", "Heading", "Listing", "Points", "Says", "Sheet"]


@dataclass(frozen=True, slots=True)
class Heading:
    """The head of a part, and one sentence under it."""

    text: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Says:
    """A paragraph. `strong` must not be overlooked and stays with what follows; `soft` is for who wants to know more."""

    text: str
    strong: bool = False
    soft: bool = False


@dataclass(frozen=True, slots=True)
class Points:
    """Sentences in a list, with numbers where they are done in that order."""

    items: tuple[str, ...]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Fact:
    """A label and what stands beside it."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Facts:
    """Labels and values as a form shows them: two in a row where both are short."""

    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """A table. Its heads stand again on every page that it reaches; `shares` are the columns' parts of the width.

    Without shares the columns are as wide as what stands in them asks for.
    """

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    shares: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Blank:
    """A place to be filled in by hand: its label, how many lines high, what is printed in it already."""

    label: str
    lines: int = 1
    printed: str = ""


@dataclass(frozen=True, slots=True)
class Blanks:
    """Places to be filled in by hand; they stay together on one page."""

    blanks: tuple[Blank, ...]


Block = Heading | Says | Points | Facts | Listing | Blanks


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is printed. `title` names the kind of sheet and never a person: it is the file's name too."""

    title: str
    lead: str
    blocks: tuple[Block, ...]
    landscape: bool = False
