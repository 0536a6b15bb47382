"""一户的档案：这户的事实、每个事实背后的行，按一次运行当时的样子取出来。

Fetches one household out of the lake as a run saw it: its members' lines are looked up by person, and the relations that
its facts rest on are made of these alone.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path

from doudi.engine.backends.duckdb import open_backend
from doudi.engine.evidence import Line, find_lines
from doudi.engine.inputs import Inputs
from doudi.engine.some_households import AskedRun
from doudi.engine.subjects import Subject
from doudi.errors import Refusal
from doudi.landing import read_acceptances
from doudi.landing.lake import Acceptance
from doudi.policy.evaluate import Evaluation, Household, Person
from doudi.policy.load import load_canonical
from doudi.policy.rule import Book
from doudi.readout.inputs import read_inputs
from doudi.readout.runs import FinishedRun

__all__ = ["Dossier", "asked_run", "fetch", "fetch_some"]

_MEMORY = "2GB"

Watch = Callable[[int, int | None, str], None]  # done, of how many (null = not known), what is being worked on


@dataclass(frozen=True)
class Dossier:
    """One household: its evaluation by person_key as label, its head, its members, and the lines behind its facts.

    `lines`: (fact, person_key) → the latest line in every place where its evidence stands.
    """

    subject: Subject
    inputs: Inputs
    lines: Mapping[tuple[str, int], tuple[Line, ...]]

    @property
    def book(self) -> Book:
        """The policy book that the run used."""
        return self.subject.evaluation.book

    def called(self, names: Mapping[str, str]) -> Evaluation:
        """The evaluation with persons called by `names` instead of by their keys."""
        old = self.subject.evaluation
        persons = tuple(_called(person, names) for person in old.household.persons)
        return Evaluation(old.view, Household(persons, old.household.facts))


def fetch(home: Path, run: FinishedRun, household_key: int, watch: Watch) -> Dossier:
    """The household as that run saw it: its batches, its book, its date."""
    watch(0, None, "取出这一户")
    found = fetch_some(home, run, [household_key])
    if household_key not in found:
        raise Refusal("cli.household_gone", "这一户在那次运行里已经不在了；请换一次运行（--run）再看。")
    return found[household_key]


def fetch_some(home: Path, run: FinishedRun, household_keys: Sequence[int]) -> dict[int, Dossier]:
    """Some households of that run by key, a few hundred at most; one that it does not know is left out."""
    asked = asked_run(home, run)
    # A hundred small questions, one after another: to share each out among cores costs more than it brings.
    with open_backend(home, _MEMORY, [*asked.inputs.folders, run.folder], threads=1) as backend:
        made = asked.make(backend, household_keys)
        subjects = made.read(household_keys)
        people = [int(label) for subject in subjects.values() for label in subject.members]
        wanted = [(fact, person) for person in people for fact in asked.book.facts]
        lines = find_lines(backend, asked.inputs, asked.book, wanted, made.empty)
    of_person: dict[int, dict[tuple[str, int], tuple[Line, ...]]] = {person: {} for person in people}
    for (fact, person), found in lines.items():
        of_person[person][fact, person] = found
    return {
        key: Dossier(
            subject,
            asked.inputs,
            {place: found for label in subject.members for place, found in of_person[int(label)].items()},
        )
        for key, subject in subjects.items()
    }


def asked_run(home: Path, run: FinishedRun) -> AskedRun:
    """The run, ready to be asked. Who asks about one household after another has its book and its batches read once."""
    was = run.manifest
    batches = frozenset(batch for feed in was.inputs.values() for batch in feed["batches"])
    book = (run.folder / "book.json").read_text("utf-8")
    accepted = tuple(read_acceptances(home, was.known))
    return _ready(home, run.folder, _Terms(was.at, was.known, was.production, batches, accepted, book))


@dataclass(frozen=True)
class _Terms:
    """On what terms a run was made: what landed never changes, and so these say all that it knew."""

    at: str
    known: str | None
    production: bool
    batches: frozenset[str]
    accepted: tuple[Acceptance, ...]
    book: str


@lru_cache(maxsize=2)
def _ready(home: Path, folder: Path, terms: _Terms) -> AskedRun:
    inputs = read_inputs(
        home,
        date.fromisoformat(terms.at),
        terms.known,
        only=lambda record: record.batch in terms.batches,
        released=lambda one: one in terms.accepted,
    )
    return AskedRun(inputs, load_canonical(terms.book), folder, production=terms.production)


def _called(person: Person, names: Mapping[str, str]) -> Person:
    father, mother = (None if parent is None else names[parent] for parent in (person.father, person.mother))
    return replace(person, label=names[person.label], father=father, mother=mother)
