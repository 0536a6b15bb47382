"""走一步：所有流程的每一步都由这一个函数办。

The one function that performs a move of a workflow.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, TypeVar

from django.db import models, transaction

from doudi.errors import Fault, Refusal
from doudi.office.audit.write import record
from doudi.office.common.actor import Actor
from doudi.office.common.clock import beijing_day
from doudi.office.common.events import Event, tell
from doudi.office.common.workflow import Move, Workflow

Row = TypeVar("Row", bound=models.Model)

__all__ = ["make_due_moves", "make_move", "overdue"]


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

    `row` has a `state`; `changes` are columns set together with it. `row` carries the new values afterwards, and the old
    ones when the move is refused. The journal names the row by its `ref` where it has one, else by its key. Refused: no
    such move from here, not this role's, a condition fails, a reason is missing, somebody else moved it meanwhile.
    """
    old = str(row.state)  # type: ignore[attr-defined]  # every workflow's row has a state, which Model does not know
    step = workflow.move(move, old)
    if "state" in changes:
        raise Fault("audit.state_is_the_tables", f"“{move}”想自己改状态；状态只由流程表改。")
    if actor.role not in step.by:
        raise Refusal("audit.not_your_move", f"“{move}”不归您的岗位办；请转给有权办理的人。")
    if step.asks_why and not why.strip():
        raise Refusal("audit.why_missing", f"“{move}”须写明理由；请填写后再提交。")
    for need in step.needs:
        if sentence := need(row, actor, changes):
            raise Refusal("audit.move_not_ready", sentence)
    new = {"state": step.new, **changes}
    with transaction.atomic():
        table = type(row)._default_manager  # noqa: SLF001 - Django's own name for a model's rows
        if not table.filter(pk=row.pk, state=old).update(**new):
            raise Refusal("audit.moved_meanwhile", f"“{move}”没有办成：别人刚刚办过了；请刷新后再看。")
        subject = str(getattr(row, "ref", row.pk))
        facts = {"workflow": workflow.key, "move": move, "from": old, "to": step.new}
        record(
            actor=actor, at=at, act=f"{workflow.key}.move", subject_kind=workflow.key, subject=subject,
            division=_division(row), why=why, detail=facts,
        )  # fmt: skip
        tell(Event(f"{workflow.key}.moved", actor, at, facts | {"pk": str(row.pk)}))
    for name, value in new.items():
        setattr(row, name, value)


def overdue(workflow: Workflow, rows: "models.QuerySet[Row]", at: datetime) -> "Iterator[tuple[Row, Move]]":
    """Those of the rows whose time is over at that moment, with the move that the house makes; in the order of their keys."""
    for move in workflow.moves:
        if move.due:
            column = rows.model._meta.get_field(move.due)  # noqa: SLF001 - Django's own name for what a model is
            now = at if isinstance(column, models.DateTimeField) else beijing_day(at)
            for row in rows.filter(state=move.old, **{f"{move.due}__lte": now}).order_by("pk"):
                yield row, move


def make_due_moves(*, workflow: Workflow, rows: "models.QuerySet[Row]", actor: Actor, at: datetime) -> int:
    """Makes every move that is due; tells how many. For a machine, by the clock."""
    due = list(overdue(workflow, rows, at))
    for row, move in due:
        make_move(workflow=workflow, row=row, move=move.name, actor=actor, at=at)
    return len(due)


def _division(row: models.Model) -> int | None:
    """Where the row belongs, for the journal's scope: its own division, else that which manages its household."""
    found = getattr(row, "division", None) or getattr(row, "managing_division", None)
    return int(found) if found else None
