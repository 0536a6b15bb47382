"""How one viewer sees alerts: which titles he may read, what stands in the place of the others."""

from dataclasses import dataclass
from functools import cached_property

from doudi.office.accounts.scope import Viewer
from doudi.office.common.fields import FieldClass
from doudi.office.monitoring.classes import INDICATORS, class_of_indicator, shown
from doudi.office.monitoring.states import DISPOSITIONS

__all__ = ["VISIT", "Lens"]

VISIT = "请入户了解情况"


@dataclass(frozen=True)
class Lens:
    """A viewer's sight over alerts."""

    viewer: Viewer

    @cached_property
    def sees_hardship(self) -> bool:
        """Titles, dispositions and the filters on them."""
        return shown(self.viewer, FieldClass.HARDSHIP)

    @cached_property
    def veiled(self) -> frozenset[str]:
        """Indicators whose title this viewer may not read; meaningless when he reads none at all."""
        return frozenset(name for name, kind in INDICATORS.items() if not shown(self.viewer, kind))

    def reads(self, indicator: str) -> bool:
        """May he read this indicator's title?"""
        return self.sees_hardship and shown(self.viewer, class_of_indicator(indicator))

    def title(self, indicator: str, title: str, disposition: str) -> str:
        """The title, or what he is told instead."""
        if self.reads(indicator):
            return title
        return f"{DISPOSITIONS[disposition]}（依据受限信息）" if self.sees_hardship else VISIT

    def disposition(self, disposition: str) -> str:
        """The disposition, empty where hardship is hidden."""
        return disposition if self.sees_hardship else ""
