"""金额、人数、日期怎样写在页面上，构建出的文件在哪里。

How figures, days and moments are written, and where the built files lie.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django import template
from django.template import Context

from doudi.office.common.actor import MACHINES
from doudi.office.common.clock import BEIJING
from doudi.office.ui.assets import address_of

__all__ = ["register"]

register = template.Library()

NOTHING = "—"  # what an absent value looks like everywhere


@register.simple_tag
def asset(name: str) -> str:
    """The address of a built file, empty when there is no build."""
    return address_of(name) or ""


@register.simple_tag(takes_context=True)
def reordered(context: Context, key: str, order: str) -> str:
    """The address of this very list in another order, from its first page: what a sortable head leads to."""
    asked = context["request"].GET.copy()
    asked.pop("after", None)
    asked.pop("before", None)
    asked[key] = order
    return f"?{asked.urlencode()}"


@register.simple_block_tag
def held(content: str) -> str:
    """Keeps what it encloses: `{% held as name %}…{% endheld %}` lets a page say its title once for tab and heading."""
    return content.strip()


@register.filter
def machine(name: str) -> str:
    """What people call a part of the platform that acted by itself: monitor → 监测程序. Empty for a person's login."""
    return MACHINES.get(name, "")


@register.filter
def yuan(fen: int | None) -> str:
    """Integer fen as yuan: 123456 → 1,234.56. None, which is unknown, becomes a dash."""
    if fen is None:
        return NOTHING
    sign, whole = ("-", -fen) if fen < 0 else ("", fen)
    return f"{sign}{whole // 100:,}.{whole % 100:02d}"


@register.filter
def count(number: int | str | None) -> str:
    """A count with its thousands apart: 12345 → 12,345. None, and the empty text of what a page does not have, are a dash."""
    return NOTHING if number is None or number == "" else f"{number:,}"


@register.filter
def day(value: date | None) -> str:
    """A day, of a moment the day in Beijing: 2026-06-30."""
    if isinstance(value, datetime):
        value = value.astimezone(BEIJING).date()
    return NOTHING if value is None else value.isoformat()


@register.filter
def moment(value: datetime | None) -> str:
    """A moment to the minute in Beijing: 2026-06-30 09:05."""
    return NOTHING if value is None else value.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M")


@register.filter
def get(mapping: Mapping[Any, Any], key: object) -> object:
    """The value under a key that stands in a variable; None when there is none."""
    return mapping.get(key)
