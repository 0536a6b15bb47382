"""导出的种类：每一种由拥有内容的科室登记，取走时由它现做。

The kinds of export. The office that owns the content registers a maker; documents knows no alert and no household.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from doudi.errors import Fault
from doudi.office.accounts.scope import Viewer

__all__ = ["Cell", "Kind", "Maker", "kind_of", "register"]

Cell = str | int | bool | date | datetime | None

# (viewer, the conditions) -> rows in the order of the columns, within his scope and masked by his field classes
Maker = Callable[[Viewer, Mapping[str, Any]], Iterator[Sequence[Cell]]]


@dataclass(frozen=True, slots=True)
class Kind:
    """`personal`: its rows tell of citizens, so that many of them want a second person."""

    maker: Maker
    personal: bool


_KINDS: dict[str, Kind] = {}


def register(kind: str, maker: Maker, *, personal: bool = True) -> None:
    """Makes exports of that kind possible. Called once, when the owning office is made ready."""
    _KINDS[kind] = Kind(maker, personal)


def kind_of(kind: str) -> Kind:
    """What was registered. Fault: nothing was."""
    if kind not in _KINDS:
        raise Fault("documents.unknown_kind", f"没有登记过“{kind}”这一种导出。")
    return _KINDS[kind]
