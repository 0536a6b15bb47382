"""收窄：同一条语句，只对一部分人做。

The text of a relation for some persons only: every relation of persons that it reads is put behind a filter. Right for
relations of which each row rests on one person's own lines (`shard person`), and for no other.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from doudi.engine.step import Step

__all__ = ["narrowed", "narrowed_steps", "within"]


def narrowed(step: Step, known: Mapping[str, Step], persons: str) -> str:
    """The step's text for the persons that `persons` (SELECT person_key …) names."""
    return within(step.sql, [name for name in step.reads if known[name].shard == "person"], f"IN ({persons})")


def within(sql: str, names: Sequence[str], which: str) -> str:
    """The text with only those rows of the relations `names` whose person_key is `which` (IN …, BETWEEN …)."""
    if not names:
        return sql
    few = ",\n".join(f"{name} AS (SELECT * FROM main.{name} WHERE person_key {which})" for name in names)
    return f"WITH {few}\nSELECT * FROM (\n{sql}\n) AS theirs"


def narrowed_steps(steps: Sequence[Step], persons: str, first: str = "") -> tuple[Step, ...]:
    """The plan with the person relations that the relation `persons` does not itself rest on made for its persons only.

    Those that it does rest on are made for the persons of `first`, a relation below it (for everybody when there is none);
    those that `first` rests on, for everybody.
    """
    known = {step.name: step for step in steps}
    of_all = _below(known, [first]) if first else set()
    of_first = _below(known, [persons])

    def whose(name: str) -> str:
        return "" if name in of_all else first if name in of_first else persons

    few = {step.name: whose(step.name) for step in steps if _is_by_person(step)}
    return tuple(_of_some(step, known, whose(step.name), few) for step in steps)


def _is_by_person(step: Step) -> bool:
    return step.stored and step.shard == "person" and step.stage == "20_persons"


def _of_some(step: Step, known: Mapping[str, Step], persons: str, few: Mapping[str, str]) -> Step:
    """The step for `persons` only; `few` names the relations that are made so themselves, and for whom."""
    if persons and step.sliced:
        return _assembled(step, known, persons, few)
    if not (persons and _is_by_person(step)):
        return step
    text = narrowed(step, known, f"SELECT person_key FROM {persons}")
    return replace(step, sql=text, reads=(*step.reads, persons), shard="none")


def _assembled(step: Step, known: Mapping[str, Step], persons: str, few: Mapping[str, str]) -> Step:
    """What lays many relations of everybody beside few persons: all at once they would not fit into memory."""
    wide = [name for name in step.reads if known[name].grain == ("person_key",) and few.get(name) != persons]
    names = [name for name in wide if name not in (persons, step.sliced)]
    reads = tuple(dict.fromkeys((*step.reads, persons)))
    return replace(step, sql=within(step.sql, names, f"IN (SELECT person_key FROM {persons})"), reads=reads)


def _below(known: Mapping[str, Step], names: Iterable[str]) -> set[str]:
    """These steps and all that they rest on."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += known[name].reads
    return found
