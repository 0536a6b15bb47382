"""几户：不做全市，只为指名的几户，把事实和凭据从湖里取出来。

The facts of some households of a finished run, made by the same texts as the run's over the lines of a few persons.
Who lives with whom is read from the run; the lake is entered by person, so that a city costs hardly more than a village.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

from doudi.engine.backends.duckdb import Backend, quoted
from doudi.engine.inputs import Inputs
from doudi.engine.kept import kept_steps
from doudi.engine.landed import landed_steps, literal
from doudi.engine.plan import Plan, plan_households
from doudi.engine.settings import parameter_table
from doudi.engine.step import Step
from doudi.policy.rule import Book

__all__ = ["make_households"]

# Made from the lines of persons whom nobody asked for: not to be narrowed before. `persons` and the like come from the run.
_FROM_THE_RUN = ("persons", "members", "households")
_RIVALS = (
    ("person_key", "BIGINT"), ("batch_no", "BIGINT"), ("line", "INTEGER"), ("place", "BIGINT"), ("contradicted", "BOOLEAN"),
)  # fmt: skip
_ASKED_OFTEN = ("silence",)  # a view in a run, where the reading of it costs nothing beside the rest


def make_households(
    backend: Backend, inputs: Inputs, book: Book, run: Path, households: Sequence[int], *, production: bool
) -> Plan:
    """Makes person_facts, household_facts, members, parents and what evidence stands in, for these households and those
    of their members' parents. `run` is the folder of the run that formed them.
    """
    backend.name_view("run_members", f"SELECT * FROM read_parquet({quoted(run / 'members.parquet')})")
    theirs = _keys(backend, f"SELECT person_key FROM run_members WHERE household_key IN ({_listed(households)})")
    kinship = [step for step in landed_steps(inputs["kinship"], inputs.at) if step.lake]
    parents = f"SELECT DISTINCT relative_key FROM ({_narrow(kinship[0], theirs).sql}) AS kin"
    beside = f"SELECT household_key FROM run_members WHERE person_key IN ({parents})"
    kept = sorted({*households, *_keys(backend, beside)})
    people = _keys(backend, f"SELECT person_key FROM run_members WHERE household_key IN ({_listed(kept)})")
    key = (*inputs.feeds.values(), inputs.at, run, book.hash)
    known = _planned(_Asked(key, production, inputs, book))
    theirs_alone = {step.name: step for step in _given(run, kept, people)}
    planned = replace(known, steps=tuple(theirs_alone.get(step.name, step) for step in known.steps))
    houses = quoted(run / "households.parquet")
    counties = _keys(
        backend, f"SELECT DISTINCT county FROM read_parquet({houses}) WHERE household_key IN ({_listed(kept)})"
    )
    settings = _settings(planned, counties)
    whole = _not_by_person(planned.steps)
    settled: set[str] = set()
    for each in planned.steps:
        step = replace(each, sql=settings) if each.name == "parameters" else each
        if step.lake is not None and step.lake.batches and step.lake.feed not in whole:
            backend.materialise(step.name, _narrow(step, people).sql)
            if not _add_rivals(backend, step, inputs, people):
                settled.add(f"rivals_{step.lake.feed}")
        elif step.name in settled:
            backend.materialise(step.name, literal(_RIVALS, []))
        elif step.stored or step.name in _ASKED_OFTEN:
            backend.materialise(step.name, step.sql)
        else:
            backend.name_view(step.name, step.sql)
    return planned


def _given(run: Path, kept: Sequence[int], people: Sequence[int]) -> list[Step]:
    """Who is known, who lives with whom, and which households are asked for: in the place of the relations that say so."""
    persons = f"SELECT person_key, county, name_token, birth, registered FROM run_members WHERE person_key IN ({_listed(people)})"
    members = (
        "SELECT person_key, household_key, is_head, case_token FROM run_members "
        f"WHERE household_key IN ({_listed(kept)}) AND person_key IN ({_listed(people)})"
    )
    houses = (
        f"SELECT * FROM read_parquet({quoted(run / 'households.parquet')}) WHERE household_key IN ({_listed(kept)})"
    )
    named = literal((("household_key", "BIGINT"),), [(key,) for key in kept])
    formed = zip(_FROM_THE_RUN, (persons, members, houses), strict=True)
    return [*(Step(name, "30_households", sql, ()) for name, sql in formed), *kept_steps(named, ())]


@dataclass(frozen=True)
class _Asked:
    """What a plan is made of; `key` stands for inputs and book."""

    key: tuple[object, ...]
    production: bool
    inputs: Inputs = field(compare=False)
    book: Book = field(compare=False)


@lru_cache(maxsize=2)
def _planned(asked: _Asked) -> Plan:
    """The plan for nobody; whoever is asked for stands in few of its steps."""
    return plan_households(asked.inputs, asked.book, _given(Path(), (), ()), production=asked.production)


def _narrow(step: Step, people: Sequence[int]) -> Step:
    return replace(step, sql=f"SELECT * FROM (\n{step.sql}\n) AS lines WHERE person_key IN ({_listed(people)})")


def _add_rivals(backend: Backend, step: Step, inputs: Inputs, people: Sequence[int]) -> bool:
    """Lines of other persons that bear a key of these persons' lines: they decide whose line holds. Is there such a key?"""
    named = [quoted(file.contested) for file in inputs[step.lake.feed].files if file.contested] if step.lake else []
    if not named:
        return False
    contested = f"SELECT key_hash FROM read_parquet([{', '.join(named)}])"
    keys = _keys(backend, f"SELECT DISTINCT key_hash FROM {step.name} WHERE key_hash IN ({contested})")
    if keys:
        backend.execute(
            f"INSERT INTO {step.name} SELECT * FROM (\n{step.sql}\n) AS lines "
            f"WHERE key_hash IN ({_listed(keys)}) AND person_key NOT IN ({_listed(people)})"
        )
    return bool(keys)


def _settings(planned: Plan, counties: Sequence[int]) -> str:
    """`parameters` of these counties, and of them what some text names: most settings are written into the texts."""
    heads, rows = parameter_table({county: planned.views[county] for county in counties or planned.views})
    named = set(re.findall(r"\w+", " ".join(step.sql for step in planned.steps if "parameters" in step.reads)))
    kept = [place for place, (name, _) in enumerate(heads) if name in named or not place]
    return literal([heads[place] for place in kept], [[row[place] for place in kept] for row in rows])


def _not_by_person(steps: Iterable[Step]) -> set[str]:
    """Feeds that a relation reads which looks beyond one person's own lines."""
    return {
        name
        for step in steps
        if step.stage == "20_persons"
        and step.shard == "none"
        and step.name not in (*_FROM_THE_RUN, "conflicts", "blind")
        for name in step.reads
    }


def _keys(backend: Backend, sql: str) -> list[int]:
    return sorted({row[0] for row in backend.rows(sql) if row[0] is not None})


def _listed(keys: Iterable[int]) -> str:
    return ", ".join(map(str, keys)) or "NULL"
