"""地址：看板往下看一级去哪里。"""

from django.urls import reverse

__all__ = ["board_address"]


def board_address(code: int) -> str:
    """The address of a division's board."""
    return reverse("portal:dashboard_of", args=[code])
