"""The life of a user, of a change to one, and of an external supervision, each as a table."""

from collections.abc import Mapping
from typing import Any, Final

from doudi.office.common.actor import Actor
from doudi.office.common.roles import Role
from doudi.office.common.workflow import Move, Workflow

__all__ = ["CHANGE", "GRANT", "USER", "second_person"]

_SYSTEM, _SECURITY = frozenset({Role.SYSTEM_ADMIN}), frozenset({Role.SECURITY_ADMIN})


def second_person(row: Any, actor: Actor, _: Mapping[str, Any]) -> str | None:  # noqa: ANN401 - any row that was asked for
    """Why this person may not decide what that row (`asked_by_id`) asks for: he asked himself. None: he may."""
    asked = row.asked_by_id == actor.user_id and actor.user_id is not None
    return "这件事是您自己提出的，须由另一位管理员办理。" if asked else None


def _not_oneself(row: Any, actor: Actor, _: Mapping[str, Any]) -> str | None:  # noqa: ANN401 - any of the three rows
    subject = getattr(row, "user_id", None) or getattr(row, "supervisor_id", None) or row.pk
    return "不能办理与自己账号有关的事，须由另一位管理员办理。" if subject == actor.user_id else None


def _by_a_second_person(opened: str) -> tuple[Move, Move]:
    """What one administrator asked, another approves or not."""
    return (
        Move("批准", "asked", opened, by=_SECURITY, needs=(second_person, _not_oneself)),
        Move("不批准", "asked", "declined", by=_SECURITY, needs=(second_person,), asks_why=True),
    )


USER: Final = Workflow(
    "accounts.user",
    "用户",
    start="asked",
    states={
        "asked": ("待批准", "working"),
        "active": ("在用", "good"),
        "suspended": ("停用", "warn"),
        "closed": ("注销", "neutral"),
        "declined": ("未批准", "bad"),
    },
    moves=(
        *_by_a_second_person("active"),
        Move("停用", "active", "suspended", by=_SYSTEM, needs=(_not_oneself,), asks_why=True),
        Move("恢复", "suspended", "active", by=_SECURITY, needs=(_not_oneself,), asks_why=True),
        Move("注销", "suspended", "closed", by=_SYSTEM, needs=(_not_oneself,), asks_why=True),
    ),
)

CHANGE: Final = Workflow(
    "accounts.change",
    "账号变更",
    start="asked",
    states={"asked": ("待批准", "working"), "done": ("已办", "good"), "declined": ("未批准", "bad")},
    moves=_by_a_second_person("done"),
)

GRANT: Final = Workflow(
    "accounts.grant",
    "外部监督授权",
    start="asked",
    states={
        "asked": ("待批准", "working"),
        "open": ("已开通", "good"),
        "ended": ("已结束", "neutral"),
        "declined": ("未批准", "bad"),
    },
    moves=(
        *_by_a_second_person("open"),
        Move("提前结束", "open", "ended", by=_SYSTEM | _SECURITY, needs=(_not_oneself,), asks_why=True),
        Move("到期", "open", "ended", by=frozenset({Role.MACHINE}), due="until_day"),
    ),
)
