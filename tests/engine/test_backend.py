"""The database of a run: closed to the world, small, gone afterwards; and what SQL may be written for it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doudi.engine.backends.duckdb import ALLOWED_FUNCTIONS, functions_of, open_backend, quoted
from doudi.engine.plan import plan
from doudi.engine.relations import parse_relation, read_relations
from doudi.errors import Fault, Refusal

STAGES = ("10_landed", "20_persons", "30_households", "50_alerts")


@pytest.fixture
def backend(tmp_path):
    (tmp_path / "lake").mkdir()
    with open_backend(tmp_path, "512MB", [tmp_path / "lake"]) as opened:
        yield opened


def test_it_reads_and_writes_the_lake_it_was_given(backend, tmp_path):
    backend.write_parquet("SELECT 1 AS a", tmp_path / "lake" / "x.parquet")
    assert backend.rows(f"SELECT a FROM read_parquet({quoted(tmp_path / 'lake' / 'x.parquet')})") == [(1,)]


@pytest.mark.parametrize("attempt", [
    "SELECT * FROM read_csv('/etc/hostname')",
    "COPY (SELECT 1) TO '/var/tmp/doudi-out.csv'",
    "INSTALL httpfs",
    "SET memory_limit = '64GB'",
    "SET enable_external_access = true",
    "ATTACH '/var/tmp/doudi-other.duckdb'",
])  # fmt: skip
def test_it_reads_nothing_else_and_lets_nobody_change_that(backend, attempt):
    with pytest.raises(Fault):
        backend.execute(attempt)


def test_it_leaves_nothing_behind(tmp_path):
    with open_backend(tmp_path, "512MB") as opened:
        opened.materialise("numbers", "SELECT 1 AS a")
        assert list((tmp_path / "tmp").iterdir())
    assert list((tmp_path / "tmp").iterdir()) == []


@pytest.mark.parametrize("memory", ["", "2", "two gigabytes", "2GB; DROP TABLE x", "-1GB"])
def test_a_memory_limit_that_cannot_be_read_is_refused_in_a_sentence(tmp_path, memory):
    with pytest.raises(Refusal, match="2GB"), open_backend(tmp_path, memory):
        pass


@given(st.permutations([(1, "a"), (2, None), (2, None), (3, "c")]))
def test_the_hash_of_a_relation_does_not_know_the_order_of_rows(tmp_path_factory, rows):
    with open_backend(tmp_path_factory.mktemp("hash"), "512MB") as opened:
        opened.insert("t", (("a", "BIGINT"), ("b", "VARCHAR")), rows)
        opened.insert("u", (("a", "BIGINT"), ("b", "VARCHAR")), [(1, "a"), (2, None), (3, "c")])
        opened.insert("v", (("a", "BIGINT"), ("b", "VARCHAR")), sorted(rows, key=str))
        assert opened.order_free_hash("t") == opened.order_free_hash("v")
        assert opened.order_free_hash("t") != opened.order_free_hash("u")


# --- portable SQL --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("relation", [r for stage in STAGES for r in read_relations(stage)], ids=lambda r: r.name)
def test_every_relation_uses_only_functions_that_spark_has_too(relation):
    assert functions_of(relation.sql) <= ALLOWED_FUNCTIONS


def test_every_text_of_a_plan_uses_only_functions_that_spark_has_too(lake, book):
    steps = plan(lake.person(1).inputs(), book).steps
    assert frozenset().union(*(functions_of(step.sql) for step in steps)) <= ALLOWED_FUNCTIONS


def test_days_are_the_only_thing_counted_by_date_diff(lake, book):
    for step in plan(lake.person(1).inputs(), book).steps:
        assert step.sql.count("date_diff(") == step.sql.count("date_diff('day',")


def test_a_function_outside_the_list_is_seen():
    assert functions_of("SELECT date_trunc('month', d), count(*) FROM t WHERE a IN (1) AND strftime(d) = 'now()'") == {
        "date_trunc",
        "count",
        "strftime",
    }
    assert (
        functions_of("WITH a AS (SELECT 1), b AS MATERIALIZED (SELECT 2) SELECT CASE WHEN (x) THEN (y) END FROM a")
        == set()
    )


@pytest.mark.parametrize("relation", [r for stage in STAGES for r in read_relations(stage)], ids=lambda r: r.name)
def test_every_relation_fits_a_page_and_says_what_it_is(relation):
    assert relation.sql.count("\n") <= 120
    assert relation.title
    assert relation.grain


@pytest.mark.parametrize(("broken", "why"), [
    ("-- other  x\n-- grain a\nSELECT 1", "表头"),
    ("-- r  x\n-- asks ?\n-- grain a\n-- columns a\n-- reads\n-- shard village\nSELECT 1", "shard"),
    ("-- r  x\n-- nonsense\nSELECT 1", "不认识"),
    ("-- r  x\n-- asks ?\n-- grain a\n-- columns a\n-- reads\n-- shard none\n-- evidence ((\nSELECT 1", "evidence"),
])  # fmt: skip
def test_a_relation_whose_header_cannot_be_read_is_a_fault(broken, why):
    with pytest.raises(Fault, match=why):
        parse_relation("r", "20_persons", broken)


def test_the_plan_is_pure_and_printable(lake, book):
    inputs = lake.person(1).inputs()
    assert plan(inputs, book) == plan(inputs, book)
    told = str(plan(inputs, book))
    assert "hits  ← verdicts" in told
    assert told.index("表 sieve_person_facts") < told.index("表 person_records") < told.index("视图 person_facts")
