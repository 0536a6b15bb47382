"""行数账：一个文件的每一个物理行，去了哪里。

The account of lines of one file. Its unit is the physical line (of a sheet, the row).
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Protocol

from doudi.errors import Fault
from doudi.landing.readers.table import Head

__all__ = ["Account", "Counted"]


class Counted(Protocol):
    """What a reader says of some lines that carry no record; `physical` counts them all."""

    @property
    def physical(self) -> int: ...
    @property
    def header(self) -> int: ...
    @property
    def blank(self) -> int: ...
    @property
    def total(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Account:
    """Physical lines by what became of them; `repaired` is a part of accepted, repeated and superseded, in records."""

    physical: int = 0
    header: int = 0
    blank: int = 0
    title: int = 0
    total: int = 0
    accepted: int = 0
    repeated: int = 0
    superseded: int = 0
    rejected: int = 0
    repaired: int = 0

    @classmethod
    def of_head(cls, head: Head) -> "Account":
        """The account of the lines above and with the header."""
        return cls(physical=head.physical, header=head.header, blank=head.blank, title=head.title)

    def with_block(self, block: Counted) -> "Account":
        """Adds what the reader counted; what became of the block's records is added by `with_records`."""
        return replace(
            self,
            physical=self.physical + block.physical,
            header=self.header + block.header,
            blank=self.blank + block.blank,
            total=self.total + block.total,
        )

    def with_records(
        self, *, accepted: int = 0, repeated: int = 0, superseded: int = 0, rejected: int = 0, repaired: int = 0
    ) -> "Account":
        """Adds physical lines of records by their fate: the sums of their spans, and the repaired records."""
        return replace(
            self,
            accepted=self.accepted + accepted,
            repeated=self.repeated + repeated,
            superseded=self.superseded + superseded,
            rejected=self.rejected + rejected,
            repaired=self.repaired + repaired,
        )

    @property
    def explained(self) -> int:
        """The lines that have a fate."""
        return (
            self.header + self.blank + self.title + self.total
            + self.accepted + self.repeated + self.superseded + self.rejected
        )  # fmt: skip

    def proved(self) -> "Account":
        """Itself, when every physical line is explained; a Fault otherwise, since a line was lost by our code."""
        if self.explained != self.physical:
            raise Fault(
                "landing.account_open",
                f"行数账不平：共 {self.physical} 行，只说明了 {self.explained} 行的去处。",
                physical=self.physical,
                explained=self.explained,
            )
        return self

    def as_dict(self) -> dict[str, int]:
        """The account by name, in the order in which it is read aloud."""
        return asdict(self)

    @staticmethod
    def sum(accounts: Iterable["Account"]) -> "Account":
        """The account of several files together."""
        rows = [account.as_dict() for account in accounts]
        return Account(**{name: sum(row[name] for row in rows) for name in Account().as_dict()})
