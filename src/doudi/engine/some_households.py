"""几户：不做全市，只为指名的几户，把事实和凭据从湖里取出来。

The facts of some households of a finished run, made by the same texts as the run's over the lines of a few persons.
Who lives with whom is read from the run; the lake is entered by person, so that a city costs hardly more than a village.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

from doudi.engine.backends.duckdb import Backend, quoted
from doudi.engine.facts import SQL_TYPES, person_records_steps
from doudi.engine.inputs import Inputs
from doudi.engine.kept import KEPT_PERSONS, kept_steps
from doudi.engine.landed import conflict_step, landed_steps, literal
from doudi.engine.own_lines import keys_of, listed, make_lines, of_persons
from doudi.engine.plan import TARGETS_OF_SOME, Plan, plan_households
from doudi.engine.receipts import from_assistance
from doudi.engine.relations import fact_relations
from doudi.engine.settings import parameter_table
from doudi.engine.step import Step
from doudi.policy.rule import Book
from doudi.policy.view import View

__all__ = ["SomeHouseholds", "make_households"]

_FROM_THE_RUN = ("persons", "members", "households")


@dataclass(frozen=True)
class SomeHouseholds:
    """What was made: the book as it stands in each county, and the relations that have no row, of which some do not exist."""

    views: Mapping[int, View]
    empty: frozenset[str]


def make_households(
    backend: Backend, inputs: Inputs, book: Book, run: Path, households: Sequence[int], *, production: bool
) -> SomeHouseholds:
    """Makes person_facts, household_facts, members, parents and what evidence stands in, for these households and those
    of their members' parents. `run` is the folder of the run that formed them.
    """
    key = (*inputs.feeds.values(), inputs.at, run, book.hash)
    planned = _planned(_Asked(key, production, inputs, book))
    known = {step.name: step for step in planned.steps}
    kept = _with_parents(backend, known["lines_kinship"], run, households)
    people = keys_of(backend, "SELECT person_key FROM run_members")
    known |= {step.name: step for step in _given(run, kept)}
    counties = keys_of(backend, f"SELECT DISTINCT county FROM ({known['households'].sql}) AS asked")
    known["parameters"] = replace(known["parameters"], sql=_settings(planned, counties))
    making = _Making(backend, inputs, known)
    making.begin(people)
    facts = fact_relations()
    making.make(*(one.name for one in facts), *(each.relation for one in facts for each in one.evidence))
    making.known |= {step.name: step for step in _records(inputs, book, making.empty)}
    making.make(*TARGETS_OF_SOME)
    return SomeHouseholds(planned.views, frozenset(making.empty))


def _with_parents(backend: Backend, kinship: Step, run: Path, households: Sequence[int]) -> list[int]:
    """These households and those of their members' parents. Their members in that run become `run_members`."""
    file = f"SELECT * FROM read_parquet({quoted(run / 'members.parquet')})"
    backend.materialise("run_members", f"{file} WHERE household_key IN ({listed(households)})")
    theirs = keys_of(backend, "SELECT person_key FROM run_members")
    parents = keys_of(backend, f"SELECT DISTINCT relative_key FROM ({of_persons(kinship, theirs)}) AS kin")
    abroad = sorted(set(parents) - set(theirs))
    if not abroad:
        return sorted(households)
    found = keys_of(backend, f"SELECT household_key FROM ({file}) AS every WHERE person_key IN ({listed(abroad)})")
    beside = sorted(set(found) - set(households))
    backend.execute(f"INSERT INTO run_members {file} WHERE household_key IN ({listed(beside)})")
    return sorted({*households, *beside})


class _Making:
    """Makes relations in an order of their own: each when it is asked for, after those it reads. One that rests on the
    lines of persons, where there are none, is not made at all.
    """

    def __init__(self, backend: Backend, inputs: Inputs, known: dict[str, Step]) -> None:
        self.backend, self.inputs, self.known = backend, inputs, known
        self.empty: set[str] = set()
        self._there: set[str] = set()

    def begin(self, people: Sequence[int]) -> None:
        """Makes the lines of these persons, and forgets the feeds that have none."""
        held = make_lines(self.backend, self.inputs, self.known, people)
        self._there.update(held, (f"rivals_{feed}" for feed in held))
        self.empty.update(self.inputs.feeds.keys() - set(held))
        self.known["conflicts"] = conflict_step([self.inputs[feed] for feed in held])

    def make(self, *names: str) -> None:
        """Makes these relations and what they read, or finds that they have no row."""
        for name in names:
            if name in self._there or name in self.empty or name not in self.known:
                continue
            step = self.known[name]
            self.make(*step.reads)
            if step.shard == "person" and all(read in self.empty or self.known[read].settings for read in step.reads):
                self.empty.add(name)
                continue
            for read in step.reads:
                self._stand_in(read)
            self._make(step)

    def _make(self, step: Step) -> None:
        self._there.add(step.name)
        if step.settings:
            self.backend.name_view(step.name, step.sql)
            return
        ((rows,),) = self.backend.rows(f"CREATE TABLE {step.name} AS {step.sql}")
        if not rows:
            self.empty.add(step.name)

    def _stand_in(self, name: str) -> None:
        """An empty relation under this name, for those who read it beside others."""
        if name in self._there:
            return
        self._there.add(name)
        step = self.known[name]
        if name in self.inputs.feeds:
            step = landed_steps(replace(self.inputs[name], files=()), self.inputs.at)[0]
        for read in step.reads:
            self._stand_in(read)
        self.backend.name_view(name, step.sql)


def _records(inputs: Inputs, book: Book, empty: set[str]) -> list[Step]:
    """`person_records`, in which all relations that have no row are one, `nobody`."""
    receipts = {f"recorded_{programme.id}" for programme in from_assistance(book)}
    told = [fact for fact in book.facts.values() if fact.id not in receipts]
    relations = [replace(one, name="nobody") if one.name in empty else one for one in fact_relations()]
    silent = {fact for one in relations if one.name == "nobody" for fact in one.facts}
    columns = [(fact.id, SQL_TYPES[fact.type.kind]) for fact in told if fact.id in silent]
    nobody = literal([("person_key", "BIGINT"), *columns], [])
    return [
        Step("nobody", "20_persons", nobody, ()),
        *person_records_steps(inputs, told, relations, of=KEPT_PERSONS),
    ]


def _given(run: Path, kept: Sequence[int]) -> list[Step]:
    """Who is known, who lives with whom, and which households are asked for: in the place of the relations that say so."""
    persons = "SELECT person_key, county, name_token, birth, registered FROM run_members"
    members = "SELECT person_key, household_key, is_head, case_token FROM run_members"
    file = quoted(run / "households.parquet")
    houses = f"SELECT * FROM read_parquet({file}) WHERE household_key IN ({listed(kept)})"
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
    return plan_households(asked.inputs, asked.book, _given(Path(), ()), production=asked.production)


def _settings(planned: Plan, counties: Sequence[int]) -> str:
    """`parameters` of these counties, and of them what some text names: most settings are written into the texts."""
    heads, rows = parameter_table({county: planned.views[county] for county in counties or planned.views})
    named = set(re.findall(r"\w+", " ".join(step.sql for step in planned.steps if "parameters" in step.reads)))
    kept = [place for place, (name, _) in enumerate(heads) if name in named or not place]
    return literal([heads[place] for place in kept], [[row[place] for place in kept] for row in rows])
