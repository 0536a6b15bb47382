"""局部的步骤：从动过的人到要重算的户，再到重算之后的结果。

The texts of a part of a run: which households are judged again, whose facts that needs, and how what was judged is put
beside what stands. Between them are the steps of every run.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from doudi.engine.backends.duckdb import quoted
from doudi.engine.landed import literal
from doudi.engine.noted import with_children, with_parents
from doudi.engine.outcome import KEPT
from doudi.engine.part import FOUND_TOUCHED, Part
from doudi.engine.step import Step, in_order

__all__ = ["PART_HOUSEHOLDS", "PART_PERSONS", "SAMPLED", "outcome_steps", "part_steps", "taken_steps"]

PART_PERSONS, PART_HOUSEHOLDS = "part_members", "part_households"
STAGE = "33_part"
_FORMED = ("persons", "members", "households", "parents")  # who is known and who lives with whom
_GRAINS = {"persons": ("person_key",), "members": ("person_key",), "households": ("household_key",)}
SAMPLED = 20  # as many as `doubtful` takes of each indicator, which a test holds


def taken_steps(steps: Sequence[Step], part: Part) -> list[Step]:
    """Who is known and who lives with whom, from the earlier run: none where a moved feed tells of that."""
    below = in_order(steps, _FORMED)
    if {step.lake.feed for step in below if step.lake} & set(part.feeds):
        return []
    taken = [_from_run(name, part.before.folder) for name in _FORMED]
    if blind := part.looked.get("blind"):
        taken.append(replace(taken[0], name="blind", sql=f"SELECT * FROM read_parquet({quoted(blind.file)})"))
    return taken


def _from_run(name: str, folder: Path, called: str = "") -> Step:
    file, columns = KEPT[name]
    text = f"SELECT {columns} FROM read_parquet({quoted(folder / file)})"
    return Step(called or name, "30_households", text, (), stored=False, grain=_GRAINS.get(name, ()))


def part_steps(part: Part, generations: int, *, formed_anew: bool) -> list[Step]:
    """From the touched persons to the members and households that are worked out.

    `asked_again`: the households that are judged again. `supported`: beside them those whose facts must be known to judge
    these, and those from which is told what is missing where nothing can be told.
    """
    touched = [
        f"SELECT household_key FROM members WHERE person_key IN (SELECT person_key FROM {FOUND_TOUCHED})",
        literal((("household_key", "BIGINT"),), [(key,) for key in part.retold]),
    ]
    former: list[Step] = []
    if formed_anew:
        former = [_from_run(name, part.before.folder, f"former_{name}") for name in _FORMED]
        touched += [_formed_otherwise(name) for name in _FORMED]
    every = "\nUNION\n".join(f"SELECT household_key FROM ({text}) AS touched" for text in touched)
    asked = with_children("SELECT household_key FROM touched", generations, "members")
    supported = "SELECT household_key FROM asked_again UNION SELECT household_key FROM sampled"
    supported = with_parents(supported, generations, "members")
    named = "WHERE household_key IN (SELECT household_key FROM supported)"
    kin = ("members", "parents")
    return [
        *former,
        _from_run("verdicts", part.before.folder, "former_verdicts"),
        Step("touched", STAGE, every, ("members", *(_FORMED if former else ()), *(step.name for step in former))),
        Step("asked_again", STAGE, asked, ("touched", *kin)),
        Step("sampled", STAGE, _sample(), ("former_verdicts", "members", "asked_again")),
        Step("supported", STAGE, supported, ("asked_again", "sampled", *kin)),
        Step(PART_PERSONS, STAGE, f"SELECT * FROM members {named}", ("members", "supported"), grain=("person_key",)),
        Step(
            PART_HOUSEHOLDS, STAGE, f"SELECT * FROM households {named}", ("households", "supported"),
            grain=("household_key",),
        ),
    ]  # fmt: skip


def _formed_otherwise(name: str) -> str:
    """The households of the rows of a relation that were not there before; and of the children whose parents are gone."""
    new = f"SELECT * FROM {name} EXCEPT SELECT * FROM former_{name}"
    if name in ("members", "households"):
        return f"SELECT household_key FROM ({new}) AS new"
    gone = f" UNION (SELECT * FROM former_{name} EXCEPT SELECT * FROM {name})" if name == "parents" else ""
    return (
        f"SELECT members.household_key FROM members JOIN (({new}){gone}) AS new ON new.person_key = members.person_key"
    )


def _sample() -> str:
    """The households that `doubtful` may name though they are not judged again."""
    return f"""SELECT DISTINCT household_key FROM (
    SELECT household_key, row_number() OVER (PARTITION BY indicator ORDER BY subject_key) AS place
    FROM (
{_at_home("former_verdicts")}
    ) AS standing
    WHERE verdict IS NULL AND household_key NOT IN (SELECT household_key FROM asked_again)
) AS ranked WHERE place <= {SAMPLED}"""


def _at_home(verdicts: str) -> str:
    """Verdicts about people and households, with the household that the subject belongs to now; of nobody else."""
    columns = "subject_kind, subject_key, indicator, verdict, red, distance"
    return f"""SELECT {columns}, members.household_key FROM {verdicts}
JOIN members ON members.person_key = subject_key WHERE subject_kind = 'person'
UNION ALL
SELECT {columns}, homes.household_key FROM {verdicts}
JOIN (SELECT DISTINCT household_key FROM members) AS homes ON homes.household_key = subject_key
WHERE subject_kind = 'household'"""


def outcome_steps(part: Part, columns: Iterable[str]) -> list[Step]:
    """`answered`: of what was judged, that which counts. `verdicts`: these, and the earlier run's for the rest."""
    told = ", ".join(columns)
    if part.of_rules:
        moved = ", ".join(quoted(name) for name in sorted(part.indicators))
        answered, again = f"SELECT {told} FROM judged", "FALSE"
        rest = f"SELECT {told} FROM former_verdicts WHERE indicator NOT IN ({moved})"
        former = [_from_run("verdicts", part.before.folder, "former_verdicts")]
        reads: tuple[str, ...] = ("answered", "former_verdicts")
    else:
        again = "household_key IN (SELECT household_key FROM asked_again)"
        answered = (
            f"SELECT {told} FROM (\n{_at_home('judged')}\n) AS theirs WHERE {again}\n"
            f"UNION ALL\nSELECT {told} FROM judged WHERE subject_kind = 'delivery'"
        )
        rest = f"SELECT {told} FROM (\n{_at_home('former_verdicts')}\n) AS theirs WHERE NOT {again}"
        former, reads = [], ("answered", "former_verdicts", "members", "asked_again")
    text = f"SELECT {told} FROM answered\nUNION ALL\n{rest}"
    return [
        *former,
        Step("answered", "40_indicators", answered, ("judged", *reads[2:])),
        Step("verdicts", "40_indicators", text, reads),
    ]
