"""几户：不做全市，只为指名的几户，把事实和凭据从湖里取出来。

The facts of some households of a finished run, made by the same texts as the run's over the lines of a few persons.
Who lives with whom is read from the run; the lake is entered by person, so that a city costs hardly more than a village.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from doudi.engine.backends.duckdb import Backend, quoted
from doudi.engine.facts import SQL_TYPES, person_records_steps
from doudi.engine.inputs import Inputs
from doudi.engine.kept import KEPT_PERSONS, kept_steps
from doudi.engine.landed import conflict_step, landed_steps, literal
from doudi.engine.own_lines import OwnLines, keys_of, listed
from doudi.engine.plan import TARGETS_OF_SOME, plan_households
from doudi.engine.receipts import from_assistance
from doudi.engine.relations import fact_relations
from doudi.engine.settings import parameter_table
from doudi.engine.step import Step
from doudi.policy.rule import Book
from doudi.policy.view import View

__all__ = ["AskedRun", "SomeHouseholds"]

_FROM_THE_RUN = ("persons", "members", "households")


@dataclass(frozen=True)
class SomeHouseholds:
    """What was made: the book as it stands in each county, and the relations that have no row, of which some do not exist."""

    views: Mapping[int, View]
    empty: frozenset[str]


class AskedRun:
    """A finished run that is asked about some households, and then about others: what is the same for all is made once.

    `run` is its folder; inputs and book are those it had.
    """

    def __init__(self, inputs: Inputs, book: Book, run: Path, *, production: bool) -> None:
        self.inputs, self.book = inputs, book
        self._run = run
        planned = plan_households(inputs, book, _given(Path(), ()), production=production)
        self._views = planned.views
        self._known = {step.name: step for step in planned.steps}
        self._own_lines = OwnLines(inputs, self._known)

    def make(self, backend: Backend, households: Sequence[int]) -> SomeHouseholds:
        """Makes person_facts, household_facts, members, parents and what evidence stands in, for these households and
        those of their members' parents.
        """
        kept = self._with_parents(backend, households)
        people = keys_of(backend, "SELECT person_key FROM run_members")
        known = self._known | {step.name: step for step in _given(self._run, kept)}
        counties = keys_of(backend, f"SELECT DISTINCT county FROM ({known['households'].sql}) AS asked")
        known["parameters"] = replace(known["parameters"], sql=self._settings(counties))
        held = self._own_lines.make(backend, people)
        making = _Making(backend, self.inputs, known, held)
        facts = fact_relations()
        making.make(*(one.name for one in facts), *(each.relation for one in facts for each in one.evidence))
        making.known |= {step.name: step for step in _records(self.inputs, self.book, making.empty)}
        making.make(*TARGETS_OF_SOME)
        return SomeHouseholds(self._views, frozenset(making.empty))

    def _with_parents(self, backend: Backend, households: Sequence[int]) -> list[int]:
        """These households and those of their members' parents. Their members in that run become `run_members`."""
        file = f"SELECT * FROM read_parquet({quoted(self._run / 'members.parquet')})"
        backend.materialise("run_members", f"{file} WHERE household_key IN ({listed(households)})")
        theirs = keys_of(backend, "SELECT person_key FROM run_members")
        kin = self._own_lines.lines("kinship", theirs)
        abroad = sorted(set(keys_of(backend, f"SELECT relative_key FROM ({kin}) AS kin")) - set(theirs))
        if not abroad:
            return sorted(households)
        found = keys_of(backend, f"SELECT household_key FROM ({file}) AS every WHERE person_key IN ({listed(abroad)})")
        beside = sorted(set(found) - set(households))
        backend.execute(f"INSERT INTO run_members {file} WHERE household_key IN ({listed(beside)})")
        return sorted({*households, *beside})

    @cached_property
    def _named_settings(self) -> frozenset[str]:
        """The settings that some text names: most are written into the texts."""
        texts = (step.sql for step in self._known.values() if "parameters" in step.reads)
        return frozenset(word for text in texts for word in re.findall(r"\w+", text))

    def _settings(self, counties: Sequence[int]) -> str:
        """`parameters` of these counties, and of them what some text names."""
        heads, rows = parameter_table({county: self._views[county] for county in counties or self._views})
        kept = [place for place, (name, _) in enumerate(heads) if name in self._named_settings or not place]
        return literal([heads[place] for place in kept], [[row[place] for place in kept] for row in rows])


class _Making:
    """Makes relations in an order of their own: each when it is asked for, after those it reads. One that rests on the
    lines of persons, where there are none, is not made at all.
    """

    def __init__(self, backend: Backend, inputs: Inputs, known: dict[str, Step], held: Sequence[str]) -> None:
        """`held` are the feeds that have lines, in force already."""
        self.backend, self.inputs = backend, inputs
        self.known = known | {"conflicts": conflict_step([inputs[feed] for feed in held])}
        self.empty = set(inputs.feeds.keys() - set(held))
        self._there = {*held, *(f"rivals_{feed}" for feed in held)}

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
