"""What is made for a few households from the lines of a few persons is what is made of them for the whole city."""

import random

import pytest

from doudi.engine.backends.duckdb import open_backend
from doudi.engine.evidence import find_lines
from doudi.engine.kept import kept_everybody
from doudi.engine.plan import plan_households
from doudi.engine.relations import read_relations
from doudi.engine.run import Settings, run
from doudi.engine.some_households import AskedRun
from doudi.engine.subjects import read_households
from doudi.landing.contract import load_contract
from engine.busy_lake import BusyLake

pytestmark = pytest.mark.slow


def refs(keys):
    return {key: f"ref{key}" for key in keys}


def known(backend, inputs, book, found, empty=()):
    """All that is told of these households: members, parents elsewhere, every fact, and the lines behind each."""
    asked = [(fact, int(label)) for one in found.values() for label in one.members for fact in book.facts]
    lines = find_lines(backend, inputs, book, asked, empty)
    return {key: told(one, lines, book) for key, one in found.items()}


def told(subject, lines, book):
    household = subject.evaluation.household
    persons = {
        # Whose children the parents elsewhere are hangs on who else is read at the same time; no rule asks.
        person.label: (
            None if person.outside else (person.father, person.mother),
            person.outside,
            dict(person.facts.items()),
        )
        for person in household.persons
    }
    sources = {(fact, label): lines.get((fact, int(label))) for label in subject.members for fact in book.facts}
    return {
        "county": subject.county,
        "head": subject.head,
        "members": subject.members,
        "persons": persons,
        "facts": dict(household.facts.items()),
        "lines": {key: found for key, found in sources.items() if found},
    }


class Town:
    """A lake, a run of it, what that run's relations would say of everybody, and what is said of a few."""

    def __init__(self, lake, book):
        self.inputs, self.book = lake.inputs(), book
        self.folder = run(self.inputs, book, refs, settings=Settings(memory="1GB")).folder
        self.asked = AskedRun(self.inputs, book, self.folder, production=False)
        planned = plan_households(self.inputs, book, kept_everybody(), production=False)
        with self.opened() as backend:
            for step in planned.steps:
                (backend.materialise if step.stored else backend.name_view)(step.name, step.sql)
            self.households = [key for (key,) in backend.rows("SELECT household_key FROM households ORDER BY 1")]
            self.home_of = dict(backend.rows("SELECT person_key, household_key FROM members"))
            found = next(iter(read_households(backend, book, planned.views, self.households)))
            self.everybody = known(backend, self.inputs, book, found)

    def opened(self):
        return open_backend(self.inputs.home, "1GB", [*self.inputs.folders, self.inputs.home / "runs"])

    def few(self, *households):
        """What is said when only these are asked for."""
        with self.opened() as backend:
            made = self.asked.make(backend, households)
            return known(backend, self.inputs, self.book, made.read(households), made.empty)

    def differing(self, *households):
        """What is said of these households when only they are asked for, and is not what the whole lake says."""
        found = self.few(*households)
        return [
            (key, what, found.get(key, {}).get(what), said)
            for key in households
            for what, said in self.everybody[key].items()
            if key not in found or found[key][what] != said
        ]


@pytest.fixture(scope="module")
def busy(tmp_path_factory, book):
    """Everybody is told of by every feed, by chance; numbers meet across persons where the contract lets them."""
    folder = tmp_path_factory.mktemp("town")
    town = BusyLake(folder / "home", random.Random(7), people=120)
    town.fill(lines=60)
    lake, chance = town.lake, town.rng
    for number in range(12):  # certificates of two owners who leave the share blank, each in his own household
        for owner in (chance.randint(1, 60), chance.randint(61, 120)):
            lake.add("real_estate", {**town.line("real_estate", owner), "certificate": f"both{number}", "share": None})
    for number in range(12):  # one settlement told of two persons, in months of their own
        for period, patient in (("2026-01", chance.randint(1, 60)), ("2026-03", chance.randint(61, 120))):
            line = town.line("medical_settlement", patient) | {"settlement_no": f"twice{number}"}
            lake.add("medical_settlement", line, period=period)
    for number in range(12):  # one car with two keepers, in one delivery: it contradicts itself
        for keeper in (chance.randint(1, 60), chance.randint(61, 120)):
            lake.add("vehicle", town.line("vehicle", keeper) | {"plate_kind": "小型", "plate": f"car{number}"})
    return Town(lake, book)


@pytest.mark.parametrize("how_many", range(1, 8))
def test_what_is_said_of_a_few_households_is_what_the_run_knew_of_them(busy, how_many):
    assert busy.differing(*random.Random(how_many).sample(busy.households, how_many)) == []


def test_the_town_has_shared_certificates_rival_claims_and_parents_elsewhere(busy):
    persons = [person for one in busy.everybody.values() for person in one["persons"].values()]
    assert any(outside for _, outside, _ in persons), "parents elsewhere"
    assert any(facts["records_conflict"] for *_, facts in persons), "contradictions"
    assert {fact for one in busy.everybody.values() for fact, _ in one["lines"]} >= {"homes", "cars", "dead"}


def test_a_relation_that_looks_at_others_lines_says_at_which():
    silent = {
        (relation.name, feed)
        for relation in read_relations("20_persons")
        for feed in relation.reads
        if relation.shard == "none" and feed in load_contract() and feed not in dict(relation.beside)
    }
    assert {name for name, _ in silent} == {"persons"}, "who is known, the run says"
