"""几户：不做全市，只为指名的几户，把事实和凭据从湖里取出来。

The facts of some households of a finished run, made by the same texts as the run's over the lines of a few persons.
Who lives with whom is read from the run; the lake is entered by person, so that a city costs hardly more than a village.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from doudi.engine.backends.duckdb import Backend, quoted
from doudi.engine.inputs import Inputs
from doudi.engine.kept import KEPT_PERSONS, kept_steps
from doudi.engine.landed import conflict_step, landed_steps, literal
from doudi.engine.own_lines import OwnLines, keys_of, listed
from doudi.engine.plan import TARGETS_OF_SOME, plan_households
from doudi.engine.receipts import from_assistance
from doudi.engine.relations import fact_relations
from doudi.engine.settings import parameter_table
from doudi.engine.step import Step
from doudi.engine.subjects import Subject, read_households
from doudi.engine.unrecorded import Silent, silent_facts, told_facts, told_records
from doudi.policy.evaluate import Evaluation, Household
from doudi.policy.rule import Book, Fact
from doudi.policy.view import View

__all__ = ["AskedRun", "SomeHouseholds"]

_FROM_THE_RUN = ("persons", "members", "households")


@dataclass(frozen=True)
class SomeHouseholds:
    """Households made ready to be read. `empty` are the relations that have no row, of which some do not exist; `told` the
    facts that stand in relations, the others being as silence says in each person's county.
    """

    backend: Backend
    book: Book
    views: Mapping[int, View]
    empty: frozenset[str]
    told: frozenset[str]
    silent: Silent

    def read(self, households: Iterable[int]) -> dict[int, Subject]:
        """household_key -> its evaluation, with all facts of its members and their parents; one that is gone is left out."""
        chunks = read_households(self.backend, self.book, self.views, households, self.told)
        found = {key: subject for chunk in chunks for key, subject in chunk.items()}
        county_of = dict(self.backend.rows("SELECT person_key, county FROM person_facts"))
        return {key: self._complete(subject, county_of) for key, subject in found.items()}

    def _complete(self, subject: Subject, county_of: Mapping[int, int]) -> Subject:
        e = subject.evaluation
        persons = tuple(
            replace(person, facts={**self.silent[county_of[int(person.label)]], **person.facts})
            for person in e.household.persons
        )
        return replace(subject, evaluation=Evaluation(e.view, Household(persons, e.household.facts)))


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
        self._silent: Silent = {}

    def make(self, backend: Backend, households: Sequence[int]) -> SomeHouseholds:
        """Makes person_facts, household_facts, members, parents and what evidence stands in, for these households and
        those of their members' parents.
        """
        kept = self._with_parents(backend, households)
        people = keys_of(backend, "SELECT person_key FROM run_members")
        known = self._known | {step.name: step for step in _given(self._run, kept)}
        making = _Making(backend, self.inputs, known, self._own_lines.make(backend, people))
        making.make("households")
        counties = keys_of(backend, "SELECT county FROM households")
        making.known["parameters"] = replace(known["parameters"], sql=self._settings(counties))
        facts = fact_relations()
        making.make(*(one.name for one in facts), *(each.relation for one in facts for each in one.evidence))
        if not self._silent:
            self._silent = silent_facts(backend, self.inputs, self._recorded)
        doubted = [feed for (feed,) in backend.rows("SELECT DISTINCT feed FROM conflicts")]
        told = told_facts(self._recorded, making.empty, doubted, self._named_words["person_records"])
        making.known |= {step.name: step for step in told_records(self.inputs, told, making.empty, KEPT_PERSONS)}
        making.make(*TARGETS_OF_SOME)
        return SomeHouseholds(
            backend,
            self.book,
            self._views,
            frozenset(making.empty),
            self._others | {fact.id for fact in told},
            self._silent,
        )

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
    def _recorded(self) -> list[Fact]:
        """The facts that registers tell; receipts are worked out later."""
        receipts = {f"recorded_{programme.id}" for programme in from_assistance(self.book)}
        return [fact for fact in self.book.facts.values() if fact.id not in receipts]

    @cached_property
    def _others(self) -> frozenset[str]:
        """The facts that are no records of persons."""
        records = {fact.id for fact in self._recorded if fact.grain == "person"}
        return frozenset(self.book.facts.keys() - records)

    @cached_property
    def _named_words(self) -> dict[str, frozenset[str]]:
        """All words of the texts that read these two relations: of many columns few are named."""
        return {
            relation: frozenset(
                word for step in self._known.values() if relation in step.reads for word in re.findall(r"\w+", step.sql)
            )
            for relation in ("parameters", "person_records")
        }

    def _settings(self, counties: Sequence[int]) -> str:
        """`parameters` of these counties, and of them what some text names."""
        heads, rows = parameter_table({county: self._views[county] for county in counties or self._views})
        kept = [place for place, (name, _) in enumerate(heads) if name in self._named_words["parameters"] or not place]
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
        if step.settings or step.name.endswith("_facts"):  # read once
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


def _given(run: Path, kept: Sequence[int]) -> list[Step]:
    """Who is known, who lives with whom, and which households are asked for: in the place of the relations that say so."""
    persons = "SELECT person_key, county, name_token, birth, registered FROM run_members"
    members = "SELECT person_key, household_key, is_head, case_token FROM run_members"
    file = quoted(run / "households.parquet")
    houses = f"SELECT * FROM read_parquet({file}) WHERE household_key IN ({listed(kept)})"
    named = literal((("household_key", "BIGINT"),), [(key,) for key in kept])
    formed = zip(_FROM_THE_RUN, (persons, members, houses), strict=True)
    return [*(Step(name, "30_households", sql, ()) for name, sql in formed), *kept_steps(named, ())]
