"""执行：照计划逐个做出关系；来历没变的沿用上次的，只有部分人变了的只为这些人重做，其余全做。

Makes the relations of a plan, each audited, counted and hashed. How a relation came about never shows in its rows.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal, TypeAlias

from doudi.engine.audits import audit_grain
from doudi.engine.backends.duckdb import Backend, quoted
from doudi.engine.carried import LOOKED_AT_FIRST, Carried, Entry
from doudi.engine.delta import Delta
from doudi.engine.inputs import Inputs
from doudi.engine.lineage import Lineage, lineages
from doudi.engine.manifest import WHOLE
from doudi.engine.narrow import within
from doudi.engine.part import Part
from doudi.engine.plan import TARGETS, Plan
from doudi.engine.relations import fact_relations
from doudi.engine.step import Step

__all__ = ["AT_ONCE", "How", "Made", "Progress", "execute"]

How: TypeAlias = Literal["全做", "增量", "沿用", "局部"]
Progress: TypeAlias = Callable[[str], AbstractContextManager[object]]
CARRIED_STAGE = "20_persons"  # households and rules are always made anew
AT_ONCE = 2_000_000  # persons beside whom everybody's relations are laid in one text


@dataclass(frozen=True)
class Made:
    """A stored relation: its rows, their order-free hash (empty when it is not of everybody), and how it came about."""

    rows: int
    hash: str
    how: How

    def told(self) -> dict[str, Any]:
        """As the manifest tells it: how it came about is no part of what it is."""
        return {"rows": self.rows, "hash": self.hash}


def execute(  # what is made, of what, shown how, with what help
    backend: Backend,
    planned: Plan,
    inputs: Inputs,
    progress: Progress,
    carried: Carried | None,
    *,
    part: Part | None = None,
) -> dict[str, Made]:
    """Every stored relation of the plan by name. With `carried`, person relations of unchanged lineage are taken from
    there, and what this run makes is left there for the next. A `part` of a run leaves nothing, and takes nothing over when
    it is made for some households only.
    """
    carried = None if part and not part.of_rules else carried
    origin = lineages(planned.steps)
    delta = Delta(backend, inputs, planned.steps)
    told: dict[str, Made] = {}
    leaving = _leaving(planned.steps)
    for place, step in enumerate(planned.steps):
        if not step.stored:
            backend.name_view(step.name, step.sql)
            continue
        with progress(step.name):
            lineage = origin[step.name]
            if carried is not None and _is_carried(step, lineage) and not (part and _is_moved(step, lineage, carried)):
                told[step.name] = _carried(backend, step, lineage, carried, delta)
            else:
                told[step.name] = _anew(backend, step, _ranges(backend, step, delta.known), "局部" if part else "全做")
            if carried is not None and part is None and step.name in LOOKED_AT_FIRST:
                _leave(backend, step.name, Lineage(carried.lines), carried, told[step.name])
        for name in leaving.get(place, ()):
            if told[name].how != "沿用":  # a view of a file holds nothing
                backend.forget(name)
    if carried is not None and part is None:
        with progress("留存人的关系"):
            carried.commit()
    return told


def _leaving(steps: Sequence[Step]) -> dict[int, list[str]]:
    """By the place of a stored step: the relations that nobody reads after it.

    Memory is what a large city is short of, and their rows are counted and hashed.
    """
    known = {step.name: step for step in steps}
    last: dict[str, int] = {}
    for place, step in enumerate(steps):
        if step.stored:
            last |= dict.fromkeys(_tables_below(step, known), place)
    staying = set[str]().union(*(_tables_below(known[name], known) | {name} for name in _asked_later(known)))
    found: dict[int, list[str]] = {}
    for name, place in last.items():
        if name not in staying:
            found.setdefault(place, []).append(name)
    return found


def _asked_later(known: Mapping[str, Step]) -> set[str]:
    """What the alerts, their reasons and the run's own files are read from, once all relations are made."""
    evidence = {one.relation for relation in fact_relations() for one in relation.evidence}
    return (evidence | set(TARGETS) | {"members", "households", "persons", "monitoring", "asked_again"}) & known.keys()


def _tables_below(step: Step, known: Mapping[str, Step]) -> set[str]:
    """The stored relations that a step's text reads, be it through views."""
    read = [known[name] for name in step.reads]
    return {one.name for one in read if one.stored}.union(
        *(_tables_below(one, known) for one in read if not one.stored)
    )


def _is_carried(step: Step, lineage: Lineage) -> bool:
    """What sums over events is worth keeping; a roll is read as fast as a copy of it."""
    events = any(source.until for source in lineage.sources.values())
    return step.stage == CARRIED_STAGE and bool(step.grain) and lineage.by_person and events


def _is_moved(step: Step, lineage: Lineage, carried: Carried) -> bool:
    before = carried.entries.get(step.name)
    return before is None or before.lineage.digest != lineage.digest


def _anew(backend: Backend, step: Step, ranges: Sequence[tuple[str, list[str]]] = (), how: How = "全做") -> Made:
    if not ranges:
        backend.materialise(step.name, step.sql)
    for number, (which, names) in enumerate(ranges):
        text = within(step.sql, names, which)
        backend.execute(f"{'INSERT INTO' if number else 'CREATE TABLE'} {step.name} {'' if number else 'AS'} {text}")
    if how == "局部" and step.name not in WHOLE:
        return Made(audit_grain(backend, step), "", how)  # of nobody's interest: of some persons, it is as good as none
    return _audited(backend, step, how)


def _ranges(backend: Backend, step: Step, steps: Mapping[str, Step]) -> list[tuple[str, list[str]]]:
    """Ranges of keys in which a wide assembly is made, with the relations that are cut to them; none for a small city."""
    if not step.sliced:
        return []
    persons, least, most = backend.rows(f"SELECT count(*), min(person_key), max(person_key) FROM {step.sliced}")[0]
    if persons <= AT_ONCE:
        return []
    parts = -(-persons // AT_ONCE)
    edges = [least + (most + 1 - least) * part // parts for part in range(parts + 1)]
    names = [name for name in step.reads if "person_key" in steps[name].grain]
    return [(f"BETWEEN {low} AND {high - 1}", names) for low, high in pairwise(edges)]


def _audited(backend: Backend, step: Step, how: How) -> Made:
    return Made(audit_grain(backend, step), backend.order_free_hash(step.name), how)


def _carried(backend: Backend, step: Step, lineage: Lineage, carried: Carried, delta: Delta) -> Made:
    before = carried.entries.get(step.name)
    if before is not None and before.lineage.digest == lineage.digest:
        backend.name_view(step.name, f"SELECT * FROM read_parquet({quoted(before.file)})")
        carried.made[step.name] = before
        return Made(before.rows, before.hash, "沿用")
    if before is not None and before.lineage.shape == lineage.shape and delta.made(step, lineage, before):
        made = _audited(backend, step, "增量")
    else:
        made = _anew(backend, step)
    _leave(backend, step.name, lineage, carried, made)
    return made


def _leave(backend: Backend, name: str, lineage: Lineage, carried: Carried, made: Made) -> None:
    """The relation as a file of the cache, for the next run."""
    file = carried.file_of(name, lineage)
    backend.write_parquet(f"SELECT * FROM {name}", file, "lz4_raw")
    carried.made[name] = Entry(lineage, file, made.rows, made.hash)
