"""一步：一个有名字的关系、它的语句、它读什么。

One planned relation. A plan is a tuple of these; `run` executes them in order and knows nothing else about them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from doudi.errors import Fault

__all__ = ["LakeRead", "Step", "in_order"]


@dataclass(frozen=True)
class LakeRead:
    """What a step reads of the lake: of one feed, these batches, each with the condition under which its lines hold, and
    of them these columns (all, until the whole plan tells which are named).
    """

    feed: str
    batches: tuple[tuple[str, str], ...]
    columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Step:
    """`reads` are names of other steps. `stored` = a table (hashed, counted); otherwise a view. `grain` empty = not audited.

    `shard` 'person': a person's rows come from his own lines alone, so that they can be made for some persons only.
    `lake` is for steps that read the lake's files themselves, `until` for those that read events up to a day,
    `settings` (column, literal) for those that are one row: who reads such a row depends on the columns he names.
    `sliced` names the persons beside whom it lays many relations: of a large city that is done range by range of keys.
    """

    name: str
    stage: str
    sql: str
    reads: tuple[str, ...]
    stored: bool = True
    grain: tuple[str, ...] = ()
    shard: str = "none"
    lake: LakeRead | None = None
    until: date | None = None
    settings: tuple[tuple[str, str], ...] = ()
    sliced: str = ""


def in_order(steps: Iterable[Step], targets: Iterable[str] | None = None) -> tuple[Step, ...]:
    """Every step after those it reads; with `targets`, only what they stand on. A missing or circular read is a Fault."""
    steps = list(steps)
    known = {step.name: step for step in steps}
    if len(known) != len(steps):
        raise Fault("engine.double_step", "计划里有两个同名的关系。")
    ordered: dict[str, Step] = {}

    def place(step: Step, path: tuple[str, ...]) -> None:
        if step.name in ordered:
            return
        if step.name in path:
            raise Fault("engine.circle", f"关系互相读取，成了一圈：{' → '.join((*path, step.name))}。")
        for name in step.reads:
            if name not in known:
                raise Fault("engine.unknown_relation", f"关系 {step.name} 读取的 {name} 不在计划里。")
            place(known[name], (*path, step.name))
        ordered[step.name] = step

    for step in steps if targets is None else [known[name] for name in targets]:
        place(step, ())
    return tuple(ordered.values())
