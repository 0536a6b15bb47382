"""`shard person` is meant literally: made for some persons from their own lines, a relation says what it says of them."""

import random
from datetime import date

import pytest

from doudi.engine.backends.duckdb import open_backend
from doudi.engine.counties import city_code
from doudi.engine.plan import plan_facts
from doudi.engine.relations import read_relations
from doudi.engine.step import in_order
from doudi.policy.view import view
from engine.lake import Lake

FOLKS = range(1, 81)
STAGES = ("20_persons", "30_households")
BY_PERSON = [relation for stage in STAGES for relation in read_relations(stage) if relation.shard == "person"]
# Relations of the plan that have no file: a line of it is a line of one person, or of nobody.
OF_LINES = {"conflicts"}
OF_NOBODY = {"monitoring", "silence", "parameters"}


def random_city(folder, seed):
    """Every feed filled at random, with few numbers to go round: cases, settlements, certificates meet across persons."""
    chance, lake = random.Random(seed), Lake(folder)
    for name, feed in lake.contract.items():
        for place in range(len(FOLKS) if name == "population" else 400):
            row = {column.name: value(chance, column) for column in feed.columns}
            if name == "population":
                row |= {"id": FOLKS[place], "birth": day(chance, 1930, 2020), "male": chance.random() < 0.5}
            elif "name" in row:
                row["name"] = f"n{row['id']}" if chance.random() < 0.9 else "another"
            lake.add(name, row)
    return lake.inputs()


def value(chance, column):
    if not column.required and chance.random() < (0.7 if column.name == "reverses" else 0.3):
        return None
    if column.kind == "id":
        return chance.choice(FOLKS)
    if column.is_division:
        return chance.choice([370502001001, 370502002001, 370503000000, 370503001001])
    match column.kind:
        case "code":
            return chance.choice(column.codes)
        case "date":
            return day(chance, 2024, 2026)
        case "month":
            return day(chance, 2024, 2026).replace(day=1)
        case "yuan":
            return chance.randint(-50, 500)
        case "int":
            return chance.choice([2025, 2026])
        case "decimal":
            return chance.choice(["0.5", "1", "90.5"])
        case _:
            return f"n{chance.randint(1, 200)}"


def day(chance, first, last):
    return date(chance.randint(first, last), chance.randint(1, 12), chance.randint(1, 28))


def made(inputs, words, only=None):
    """Every relation that is made person by person; with `only`, from the lines of these persons."""
    steps = in_order(
        plan_facts(inputs, words, view(words, inputs.at, city_code(inputs))), [relation.name for relation in BY_PERSON]
    )
    with open_backend(inputs.home, "512MB", [inputs.home]) as backend:
        for step in steps:
            sql = step.sql
            if only and (step.name in inputs.feeds or step.name in OF_LINES):
                sql = f"SELECT * FROM ({sql}) AS held WHERE person_key IN ({', '.join(map(str, only))})"
            (backend.materialise if step.stored else backend.name_view)(step.name, sql)
        return {relation.name: backend.dicts(f"SELECT * FROM {relation.name}") for relation in BY_PERSON}


def in_rows(rows, only):
    return sorted((tuple(row.values()) for row in rows if row["person_key"] in only), key=repr)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_a_relation_by_person_is_the_same_for_half_of_the_persons_from_their_lines_alone(tmp_path, words, seed):
    inputs = random_city(tmp_path, seed)
    half = set(random.Random(-seed).sample(FOLKS, len(FOLKS) // 2))
    whole, part = made(inputs, words), made(inputs, words, only=sorted(half))
    for name, rows in whole.items():
        assert in_rows(rows, half) == in_rows(part[name], FOLKS), name
    assert {name for name, rows in whole.items() if not rows} == set()


def test_a_relation_by_person_reads_nothing_that_is_not_by_person(lake):
    allowed = {relation.name for relation in BY_PERSON} | set(lake.contract) | OF_LINES | OF_NOBODY
    for relation in BY_PERSON:
        assert set(relation.reads) <= allowed, relation.name


@pytest.mark.parametrize("name", ["persons", "dead", "owns_homes"])
def test_what_hangs_on_the_lines_of_others_does_not_call_itself_by_person(name):
    assert name not in {relation.name for relation in BY_PERSON}
