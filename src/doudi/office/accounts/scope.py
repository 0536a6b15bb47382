"""谁看得到什么：一个“看的人”，一条辖区判断，列表、计数、下拉、导出都用它。

The side door of accounts. A `Viewer` answers both *may I?* and *which rows?*.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from django.core.exceptions import EmptyResultSet
from django.db.models import BooleanField, Func
from django.db.models.sql.compiler import SQLCompiler
from django.http import HttpRequest

from doudi.office.common import masking
from doudi.office.common.actor import Actor
from doudi.office.common.codes import range_of
from doudi.office.common.fields import FieldClass, Sight, sight
from doudi.office.common.roles import BUSINESS, Role
from doudi.office.common.scope import PERSONAL, enter_scope

__all__ = ["InJurisdiction", "OfficeRequest", "Viewer", "within"]


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks, in what role, over which division, for what purpose.

    `department` is the source department of a department officer (its word in the contract), empty for others.
    `purpose` says why an external supervisor looks (his notice's number), empty for staff.
    """

    user_id: int | None
    name: str
    shown_name: str
    role: Role
    division: int
    department: str = ""
    purpose: str = ""
    _range: tuple[int, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # Without business with households the range is empty, so that both lines of defence see nothing.
        whole = range_of(self.division) if self.role in BUSINESS else (1, 0)
        object.__setattr__(self, "_range", whole)

    @property
    def range(self) -> tuple[int, int]:
        """The least and the greatest division code in the jurisdiction; empty (1, 0) for who sees no household."""
        return self._range

    @property
    def actor(self) -> Actor:
        """The same person as the journal names him."""
        return Actor(self.user_id, self.name, self.role, self.division)

    def covers(self, *divisions: int | None) -> bool:
        """Does any of these lie in the jurisdiction?"""
        lo, hi = self._range
        return any(lo <= division <= hi for division in divisions if division is not None)

    def sees(self, kind: FieldClass) -> Sight:
        """How he sees that class of field."""
        return sight(self.role, kind)

    def shows(self, kind: FieldClass, value: str | None, cover: Callable[[str], str] = masking.name) -> str | None:
        """The value as he sees it: plain, covered, or a sentence that it is withheld. None, unknown, stays None.

        The sentence stands also where there is nothing, so that it does not tell whether there is something.
        """
        match self.sees(kind):
            case Sight.PLAIN:
                return value
            case Sight.MASKED | Sight.VEILED:
                return None if value is None else cover(value)
            case Sight.HIDDEN:
                return masking.withheld(kind)

    def enter(self) -> None:
        """Sets the transaction's scope to the jurisdiction and its reader to him: row-level security from here on."""
        enter_scope(*self._range, reader=self.user_id)


class OfficeRequest(HttpRequest):
    """A request as views behind a door get it: who looks, and the moment he asked. Only the middleware makes them."""

    viewer: Viewer
    at: datetime
    left: str  # why the one who sat here no longer does; empty for who never did


def within(viewer: Viewer, columns: tuple[str, ...] = PERSONAL) -> "InJurisdiction":
    """The one predicate of scope: a row is visible if, and only if, any of its division columns lies in the jurisdiction.

    Lists, counts, aggregates, drop-downs, exports and the API all filter by it.
    """
    lo, hi = viewer.range
    return InJurisdiction(*columns, lo=lo, hi=hi)


class InJurisdiction(Func):
    """Is any of these division columns between `lo` and `hi`, both included? NULL is in nobody's jurisdiction.

    One condition, and not six lookups joined by Q: every page puts it together four to six times, in half the time so.
    """

    output_field = BooleanField()

    def as_sql(self, compiler: SQLCompiler, *_connection: object, **_templates: object) -> tuple[str, tuple[int, ...]]:
        """`((a >= lo AND a <= hi) OR …)`: the words that the indices of scope answer. Of no column nothing is seen."""
        columns = [compiler.compile(column)[0] for column in self.get_source_expressions()]
        if not columns:
            raise EmptyResultSet
        between = " OR ".join(f"({column} >= %s AND {column} <= %s)" for column in columns)
        return f"({between})", (self.extra["lo"], self.extra["hi"]) * len(columns)
