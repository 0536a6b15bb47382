"""The journal's writes: one act recorded, one move of a workflow made."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import models, transaction

from doudi.errors import Refusal
from doudi.office.audit.models import Entry
from doudi.office.common.actor import Actor
from doudi.office.common.events import Event, tell
from doudi.office.common.workflow import Workflow

__all__ = ["make_move", "record"]


def record(  # noqa: PLR0913 - a row of the journal has as many columns
    *,
    actor: Actor,
    at: datetime,
    act: str,
    subject_kind: str = "",
    subject: str = "",
    whose: str = "",
    division: int | None = None,
    why: str = "",
    outcome: str = "done",
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Writes one row into the journal, in the caller's transaction: undone together with what it tells of.

    `act` is a stable code, `office.verb`; its Chinese word stands in `audit.words`. `whose` is a person_ref.
    """
    Entry.objects.create(
        at=at, actor=actor.name, actor_id=actor.user_id, role=actor.role.value, actor_division=actor.division,
        act=act, subject_kind=subject_kind, subject=subject, whose=whose, division=division, why=why,
        outcome=outcome, detail=dict(detail or {}),
    )  # fmt: skip


def make_move(
    *,
    workflow: Workflow,
    row: models.Model,
    move: str,
    actor: Actor,
    at: datetime,
    why: str = "",
    **changes: Any,  # noqa: ANN401 - columns of any workflow's row
) -> None:
    """Performs one move of one workflow: table → compare-and-set → journal row → event, in one transaction.

    `row` has a `state`; `changes` are columns set together with it. `row` carries the new values afterwards. Refused: no
    such move from here, not this role's, a condition fails, a reason is missing, somebody else moved it meanwhile.
    """
    old = str(row.state)  # type: ignore[attr-defined]  # every workflow's row has a state, which Model does not know
    step = workflow.move(move, old)
    if actor.role not in step.by:
        raise Refusal("audit.not_your_move", f"“{move}”不归您的岗位办；请转给有权办理的人。")
    if step.asks_why and not why.strip():
        raise Refusal("audit.why_missing", f"“{move}”须写明理由；请填写后再提交。")
    for need in step.needs:
        if sentence := need(row, actor, changes):
            raise Refusal("audit.move_not_ready", sentence)
    with transaction.atomic():
        table = type(row)._default_manager  # noqa: SLF001 - Django's own name for a model's rows
        if not table.filter(pk=row.pk, state=old).update(state=step.new, **changes):
            raise Refusal("audit.moved_meanwhile", f"“{move}”没有办成：别人刚刚办过了；请刷新后再看。")
        for name, value in {"state": step.new, **changes}.items():
            setattr(row, name, value)
        facts = {"workflow": workflow.key, "move": move, "from": old, "to": step.new}
        record(
            actor=actor, at=at, act=f"{workflow.key}.move", subject_kind=workflow.key, subject=str(row.pk),
            division=getattr(row, "division", None), why=why, detail=facts,
        )  # fmt: skip
        tell(Event(f"{workflow.key}.moved", actor, at, facts | {"pk": str(row.pk)}))
