"""What waits for the three administrators, and what an external supervisor holds. Nothing here tells of a household."""

from collections.abc import Iterator
from datetime import datetime

from doudi.office.accounts.scope import Viewer
from doudi.office.accounts.selectors import duties, grant_of
from doudi.office.api.selectors import waiting_clients
from doudi.office.audit.selectors import last_head
from doudi.office.common.clock import BEIJING, beijing_day
from doudi.office.common.roles import Role
from doudi.office.divisions.selectors import place_name
from doudi.office.portal.cards import Matter
from doudi.office.portal.grounds import grounds

__all__ = ["accounts", "grant", "journal", "supervision"]


def accounts(viewer: Viewer, at: datetime) -> Iterator[Matter]:
    """For the security administrator what he decides, for the system administrator accounts that are locked."""
    found, ground = duties(at), grounds("accounts")
    since = f"最早 {found.oldest.astimezone(BEIJING):%Y-%m-%d %H:%M} 提出" if found.oldest else ""
    if viewer.role is Role.SECURITY_ADMIN:
        if found.users:
            yield Matter(
                "新用户待批准",
                found.users,
                "个",
                "全平台",
                since,
                "/accounts/waiting/",
                "去批准",
                "warn",
                grounds=ground,
            )
        if found.changes:
            yield Matter(
                "账号变更待批准",
                found.changes,
                "件",
                "全平台",
                since,
                "/accounts/waiting/",
                "去批准",
                "warn",
                grounds=ground,
            )
        waiting, first = waiting_clients()
        if waiting:
            yield Matter(
                "系统接入待批准",
                waiting,
                "个",
                "全平台",
                f"最早 {first.astimezone(BEIJING):%Y-%m-%d %H:%M} 提出" if first else "",
                "/clients/",
                "去批准",
                "warn",
                grounds=ground,
            )
    if found.locked:
        now = f"{at.astimezone(BEIJING):%Y-%m-%d %H:%M}"
        yield Matter(
            "连续输错密码被锁定的账号",
            found.locked,
            "个",
            "全平台",
            now,
            "/accounts/",
            "看账号",
            "warn",
            grounds=ground,
        )


def supervision(viewer: Viewer, at: datetime) -> Iterator[Matter]:
    """Grants that wait for the second person, and those that end within a week."""
    found, ground = duties(at), grounds("supervision")
    if found.grants and viewer.role is Role.SECURITY_ADMIN:
        since = f"最早 {found.oldest.astimezone(BEIJING):%Y-%m-%d %H:%M} 提出" if found.oldest else ""
        yield Matter(
            "外部监督待批准",
            found.grants,
            "份",
            "全平台",
            since,
            "/accounts/supervision/",
            "去批准",
            "warn",
            grounds=ground,
        )
    if found.ending:
        yield Matter(
            "七天内到期的外部监督",
            found.ending,
            "份",
            "全平台",
            "到期自动关闭",
            "/accounts/supervision/",
            "看授权",
            grounds=ground,
        )


def grant(viewer: Viewer, at: datetime) -> Iterator[Matter]:
    """The supervisor's own grant, with his journal."""
    card = grant_of(viewer, at)
    if card is None:
        return
    left = (card.until_day - beijing_day(at)).days
    yield Matter(
        what=f"{card.notice_no}：{card.purpose}",
        count=left,
        unit="天后到期",
        where=place_name(card.division),
        when=f"{card.from_day} 起，{card.until_day} 零时止",
        href="/journal/",
        link="看流水",
        tone="warn" if left <= 7 else "working",
        note=f"{card.asked_by}提出，{card.decided_by}批准开通。只读；每打开一户都记入流水。",
        grounds=grounds("supervision"),
    )


def journal(viewer: Viewer, at: datetime) -> Iterator[Matter]:
    """That the journal was sealed today; a seal that is late is somebody's business."""
    del viewer
    head = last_head()
    late = head is None or (at - head.moment).total_seconds() > 24 * 3600
    yield Matter(
        what="流水封链今天还没有留存链头" if late else "今天的链头已留存，请与保管在外的一份核对",
        count=head.position if head else 0,
        unit="条已封",
        where="全平台",
        when=f"{head.moment.astimezone(BEIJING):%Y-%m-%d %H:%M} 封" if head else "还没有封过",
        href="/journal/",
        link="看流水",
        tone="bad" if late else "working",
        grounds=grounds("journal"),
    )
