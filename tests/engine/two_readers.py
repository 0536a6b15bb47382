"""Run described households through the SQL reader: the tables that a city would have, made from a few cases."""

import duckdb
import pyarrow as pa

from doudi.engine.compile import UNASKED, compile_book
from doudi.engine.noted import with_parents
from doudi.engine.settings import SQL_TYPES, parameter_table
from doudi.engine.sieve import generations, sieve
from doudi.engine.sql import column, columns
from doudi.policy.evaluate import unknown

FIRST_COUNTY = 100_000


ARROW = {
    "BIGINT": pa.int64(),
    "INTEGER": pa.int32(),
    "BOOLEAN": pa.bool_(),
    "VARCHAR": pa.string(),
    "DATE": pa.date32(),
}


def _table(connection, name, heads, rows):
    """Handed over as one Arrow table: inserting hundreds of columns row by row takes a minute."""
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(heads)
    arrays = [pa.array(column, ARROW[kind]) for column, (_, kind) in zip(columns, heads, strict=True)]
    handed = pa.Table.from_arrays(arrays, names=[head for head, _ in heads])  # noqa: F841  # DuckDB reads it by its name
    connection.execute(f"CREATE TABLE {name} AS SELECT * FROM handed")


def _cells(fact, value):
    return list(value) if isinstance(value, tuple) else [value]


def _heads(facts):
    return [(name, SQL_TYPES[fact.type.kind]) for fact in facts for name in columns(fact.id, fact.type.kind)]


def load_households(connection, book, pairs):
    """Each (view, household) becomes a county of its own, so that every case keeps its own settings."""
    person_facts = [fact for fact in book.facts.values() if fact.grain == "person"]
    household_facts = [fact for fact in book.facts.values() if fact.grain == "household"]
    delivery_facts = [fact for fact in book.facts.values() if fact.grain == "delivery"]
    people, houses, parents, keys = [], [], [], {}
    for number, (_, household) in enumerate(pairs):
        county = FIRST_COUNTY + number
        row = [
            cell for fact in household_facts for cell in _cells(fact, household.facts.get(fact.id, unknown(fact.type)))
        ]
        houses.append([number, county, *row])
        for person in household.persons:
            keys[number, person.label] = len(keys) + 1
        for person in household.persons:
            cells = [
                cell for fact in person_facts for cell in _cells(fact, person.facts.get(fact.id, unknown(fact.type)))
            ]
            home = -keys[number, person.label] if person.outside else number
            people.append([keys[number, person.label], home, county, *cells])
            if person.outside:
                houses.append(
                    [home, county, *[cell for fact in household_facts for cell in _cells(fact, unknown(fact.type))]]
                )
            known = [parent for parent in (person.father, person.mother) if parent is not None]
            parents += [[keys[number, person.label], keys[number, parent]] for parent in known]
    _table(
        connection,
        "person_facts",
        [("person_key", "BIGINT"), ("household_key", "BIGINT"), ("county", "INTEGER"), *_heads(person_facts)],
        people,
    )
    _table(
        connection,
        "household_facts",
        [("household_key", "BIGINT"), ("county", "INTEGER"), *_heads(household_facts)],
        houses,
    )
    _table(
        connection, "delivery_facts", [("delivery_key", "BIGINT"), ("county", "INTEGER"), *_heads(delivery_facts)], []
    )
    _table(connection, "parents", [("person_key", "BIGINT"), ("parent_key", "BIGINT")], parents)
    heads, rows = parameter_table({FIRST_COUNTY + number: view for number, (view, _) in enumerate(pairs)})
    _table(connection, "parameters", heads, rows)
    return keys


def survivors(book, pairs, known, given):
    """The numbers of the cases that the sieve lets through."""
    connection = duckdb.connect(":memory:", config={"threads": 1})
    load_households(connection, book, pairs)
    sifted = sieve(book, given, known)
    for stage in sifted.stages:
        connection.execute(f"CREATE TABLE {stage.name} AS {stage.sql}")
    passed = with_parents(sifted.passed, generations(book, given), "person_facts")
    rows = connection.execute(passed).fetchall()
    connection.close()
    return {key for (key,) in rows}


def hits(book, pairs, given=UNASKED):
    """{(indicator id, case number, label or None): (verdict, red)} of every subject that is not a plain no."""
    connection = duckdb.connect(":memory:", config={"threads": 1})
    keys = load_households(connection, book, pairs)
    compiled = compile_book(book, given=given)
    for stage in compiled.stages:
        connection.execute(f"CREATE TABLE {stage.name} AS {stage.sql}")
    labels = {key: name for name, key in keys.items()}
    found = {}
    for query in compiled.hits:
        for kind, key, indicator, verdict, red, _ in connection.execute(query.sql).fetchall():
            if kind == "person" or key >= 0:
                number, label = labels[key] if kind == "person" else (key, None)
                found[indicator, number, label] = (verdict, red)
    connection.close()
    return found


def answers(book, pairs, words, given=UNASKED):
    """{(case number, word id, label or None): value} of the SQL reader for derived words."""
    connection = duckdb.connect(":memory:", config={"threads": 1})
    keys = load_households(connection, book, pairs)
    compiled = compile_book(book, words, given=given)
    for stage in compiled.stages:
        connection.execute(f"CREATE TABLE {stage.name} AS {stage.sql}")
    last = {stage.grain: stage.name for stage in compiled.stages}
    labels = {key: (number, label) for (number, label), key in keys.items()}
    found = {}
    for grain in ("person", "household"):
        mine = [w for w in words if book.words[w].grain == grain]
        if not mine:
            continue
        heads = [name for word in mine for name in columns(word, book.words[word].type.kind)]
        rows = connection.execute(f"SELECT {grain}_key, {', '.join(heads)} FROM {last[grain]}").fetchall()
        for key, *cells in rows:
            if grain == "household" and key < 0:
                continue
            number, label = labels[key] if grain == "person" else (key, None)
            row = dict(zip(heads, cells, strict=True))
            for word in mine:
                stem, kind = column(word), book.words[word].type.kind
                pair = kind in ("quantity", "date")
                found[number, word, label] = (row[f"{stem}_lo"], row[f"{stem}_hi"]) if pair else row[stem]
    connection.close()
    return found
