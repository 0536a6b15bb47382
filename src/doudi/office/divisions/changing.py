"""区划变更：合并、分设、更名、变更代码、撤销；撤回是一次新的变更，不改旧的。

What became of divisions. History is only added to: a change is taken back by its opposite, with a ground of its own.
"""

from datetime import date, datetime

from django.db import transaction

from doudi.errors import Refusal
from doudi.office.audit.services import record
from doudi.office.common.actor import Actor
from doudi.office.common.clock import beijing_day
from doudi.office.divisions.edition import written
from doudi.office.divisions.models import Division, DivisionChange

__all__ = ["note_change"]


@transaction.atomic
def note_change(
    *, actor: Actor, at: datetime, day: date, kind: str, old: list[int], new: list[int], ground: str, name: str = ""
) -> None:
    """Keeps a merge, split, renaming, recoding or abolition, in force at once: old codes end, new ones hold (again).

    A merge is taken back by a split of its successor into itself and the old code, a renaming by another. `name` is the new
    one of a renaming. Refused: no ground, a day still to come, a code that nobody knows or that has ended already, codes of
    two levels, the same change on the same day, a renaming of several or without a name.
    """
    if not ground.strip():
        raise Refusal("divisions.ground", "区划变更须写明依据的文号。")
    if day > beijing_day(at):
        raise Refusal("divisions.future", f"生效日期 {day} 还没有到；区划一记下就按新的归属，请到那一天再记。")
    table = {division.code: division for division in Division.objects.filter(code__in=[*old, *new])}
    _fit(table, old, new)
    if kind == "renamed":
        _renamed(table, old, new, name.strip())
    nobody: list[int | None] = [None]
    pairs = [(before, after) for before in [*old] or nobody for after in [*new] or nobody]
    for before, after in pairs:
        if DivisionChange.objects.filter(day=day, kind=kind, old_code=before, new_code=after).exists():
            raise Refusal("divisions.noted", f"{day} 已经记过 {before} 的同一变更；请核对，或写明另一个日期。")
    DivisionChange.objects.bulk_create(
        DivisionChange(
            day=day, kind=kind, old_code=before, new_code=after, ground=ground,
            old_name=table[before].name if before else "",
            new_name=name.strip() or (table[after].name if after else ""),
        )
        for before, after in pairs
    )  # fmt: skip
    if kind == "renamed":
        Division.objects.filter(code__in=old).update(name=name.strip())
    Division.objects.filter(code__in=set(old) - set(new)).update(valid_until=day)
    Division.objects.filter(code__in=new).update(valid_until=None)
    written()
    record(actor=actor, at=at, act="divisions.changed", why=ground, detail={"kind": kind, "old": old, "new": new})


def _fit(table: dict[int, Division], old: list[int], new: list[int]) -> None:
    if strange := [code for code in [*old, *new] if code not in table]:
        raise Refusal("divisions.unknown", f"区划代码 {strange[0]} 不在区划表中；请先导入新的区划表。")
    if ended := [code for code in old if table[code].valid_until is not None]:
        raise Refusal(
            "divisions.ended", f"{table[ended[0]].name}（{ended[0]}）已经停用，不能再变更；确要恢复的先记分设。"
        )
    if len({table[code].level for code in [*old, *new]}) > 1:
        raise Refusal("divisions.levels", "原代码和现代码不是同一级区划；请核对代码。")


def _renamed(table: dict[int, Division], old: list[int], new: list[int], name: str) -> None:
    if len(old) != 1 or old != new:
        raise Refusal("divisions.one_at_a_time", "更名一次写一个区划，原代码和现代码相同；代码也变的记作变更代码。")
    if not name or name == table[old[0]].name:
        raise Refusal("divisions.new_name", f"请写明{table[old[0]].name}的新名称。")
