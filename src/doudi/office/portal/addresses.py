"""地址：看板往下看一级去哪里，一个数后面是哪些预警。

Where a figure of the dashboard leads.
"""

from urllib.parse import urlencode

from django.urls import reverse

__all__ = ["alerts_address", "board_address"]


def board_address(code: int) -> str:
    """The address of a division's board."""
    return reverse("portal:dashboard_of", args=[code])


def alerts_address(**asked: str | int) -> str:
    """The list of alerts under these filters."""
    return f"{reverse('monitoring:alerts')}?{urlencode(asked)}"
