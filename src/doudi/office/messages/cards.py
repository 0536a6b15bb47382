"""A message as its reader gets it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from doudi.office.accounts.scope import Viewer
from doudi.office.messages.kinds import KINDS
from doudi.office.messages.models import Message
from doudi.office.messages.texts import Leads, leads, said

__all__ = ["Home", "MessageCard", "as_text", "card_of", "homes_of"]


class Home(Protocol):
    """A household as the office that keeps households gives it: masked for the viewer, absent when out of his scope."""

    @property
    def ref(self) -> str:
        """Its name in addresses."""

    @property
    def head_name(self) -> str | None:
        """Its head's name as the viewer may see it."""

    @property
    def managing_division(self) -> int:
        """Where it is managed."""


@dataclass(frozen=True, slots=True)
class MessageCard:
    """One message. `homes` are the households it points at that lie in the reader's jurisdiction, `gone` how many of them
    do not any more; both are empty in a list, which opens no name.
    """

    number: int
    title: str
    tone: str
    at: datetime
    text: str
    leads: Leads
    read_at: datetime | None
    homes: tuple[Home, ...] = ()
    gone: int = 0


def card_of(viewer: Viewer, row: Message, homes: Mapping[int, Home] | None = None) -> MessageCard:
    """The row drawn for its reader; `homes` by key where the households are asked for too."""
    kind = KINDS[row.kind]
    found = tuple(homes[key] for key in row.households if key in homes) if homes is not None else ()
    return MessageCard(
        number=row.pk, title=kind.title, tone=kind.tone, at=row.at, text=said(viewer, row.kind, row.facts),
        leads=leads(row.kind, row.subject), read_at=row.read_at, homes=found,
        gone=len(row.households) - len(found) if homes is not None else 0,
    )  # fmt: skip


def homes_of(viewer: Viewer, row: Message) -> Mapping[int, Home]:
    """The households that the message points at, by key; those out of the viewer's scope are absent."""
    return _households()(viewer, row.households) if row.households else {}


def as_text(card: MessageCard) -> str:
    """The message in one line for a gateway outside (SMS, 政务微信). What leaves the platform names nobody."""
    return f"【兜底】{card.title}：{card.text}请登录平台查看。"


@cache
def _households() -> Callable[[Viewer, Iterable[int]], Mapping[int, Home]]:
    # messages stands below the office that keeps households: config says who that is.
    found: Callable[[Viewer, Iterable[int]], Mapping[int, Home]] = import_string(settings.OFFICE_HOUSEHOLDS)
    return found
