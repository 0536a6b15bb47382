"""External supervision: asked for by one person on the ground of a notice, opened by another, ended by its dates."""

from datetime import date, datetime

from django.db import transaction

from doudi.errors import Refusal
from doudi.office.accounts.models import SupervisionGrant, User
from doudi.office.accounts.services.entry import person_of
from doudi.office.accounts.states import GRANT
from doudi.office.audit.services import make_due_moves, make_move, record
from doudi.office.common.actor import Actor, machine
from doudi.office.common.clock import beijing_day
from doudi.office.common.codes import range_of
from doudi.office.common.events import Event, tell
from doudi.office.common.roles import LABELS, Role
from doudi.office.divisions import selectors as divisions

__all__ = ["ask_supervision", "decide_supervision", "end_supervision", "end_what_is_over"]


@transaction.atomic
def ask_supervision(
    *,
    actor: Actor,
    at: datetime,
    supervisor: User,
    notice_no: str,
    purpose: str,
    division: int,
    from_day: date,
    until_day: date,
) -> SupervisionGrant:
    """Asks that a supervisor may read, in one division, from a day until before another. By the system administrator.

    Refused: somebody who is no supervisor, no notice, days that are over or the wrong way round, a division beyond his
    organisation's.
    """
    if actor.role is not Role.SYSTEM_ADMIN:
        raise Refusal("accounts.not_yours", f"这件事只由{LABELS[Role.SYSTEM_ADMIN]}办理。")
    if supervisor.role != Role.SUPERVISOR.value or supervisor.state != "active":
        raise Refusal("accounts.no_supervisor", "只能为在用的外部监督账号开通监督。")
    if not notice_no.strip() or not purpose.strip():
        raise Refusal("accounts.notice", "开通外部监督须写明通知书文号和监督事项。")
    if until_day <= from_day or until_day <= beijing_day(at):
        raise Refusal("accounts.grant_days", "监督的截止日须晚于起始日，也须晚于今天；请重填日期。")
    lo, hi = range_of(supervisor.division)
    if division not in divisions.path(division) or not lo <= division <= hi:
        raise Refusal("accounts.grant_division", "监督范围须是监督机构辖区内的区划；请重填代码。")
    grant = SupervisionGrant.objects.create(
        supervisor=supervisor, notice_no=notice_no.strip(), purpose=purpose.strip(), division=division,
        from_day=from_day, until_day=until_day, asked_by_id=person_of(actor), asked_at=at,
    )  # fmt: skip
    record(
        actor=actor, at=at, act="accounts.ask_supervision", subject_kind="accounts.grant", subject=str(grant.pk),
        division=division, why=grant.notice_no,
    )  # fmt: skip
    return grant


@transaction.atomic
def decide_supervision(*, grant: SupervisionGrant, approve: bool, actor: Actor, at: datetime, why: str = "") -> None:
    """Opens or declines. By the security administrator, never by who asked. Refused: the supervisor has an open one.

    Opened, it is told as `accounts.supervision_opened`.
    """
    end_what_is_over(at=at)
    if approve and SupervisionGrant.objects.filter(supervisor=grant.supervisor_id, state="open").exists():
        raise Refusal("accounts.grant_open", "这位监督人员已有开通的监督；请等它到期，或先提前结束。")
    make_move(
        workflow=GRANT, row=grant, move="批准" if approve else "不批准", actor=actor, at=at, why=why,
        decided_by_id=actor.user_id, decided_at=at,
    )  # fmt: skip
    if approve:
        facts = {"grant": str(grant.pk), "division": grant.division, "from": grant.from_day, "until": grant.until_day}
        tell(Event("accounts.supervision_opened", actor, at, facts))


def end_supervision(*, grant: SupervisionGrant, actor: Actor, at: datetime, why: str) -> None:
    """Ends an open grant before its day. By an administrator, with a reason."""
    make_move(workflow=GRANT, row=grant, move="提前结束", actor=actor, at=at, why=why)


def end_what_is_over(*, at: datetime) -> int:
    """Marks as ended what ended by its dates; nobody could read under it any more anyway. Gives how many."""
    return make_due_moves(workflow=GRANT, rows=SupervisionGrant.objects.all(), actor=machine("supervision"), at=at)
