"""The bench of the whole city, small: what it calls fast must say the same as what is slow. Time is not tested here."""

import json
import os
import subprocess
import sys
from datetime import date

import polars as pl
import pytest

from bench.conftest import BENCH
from doudi.demo.truth import read_truth
from doudi.engine.basis import read_basis
from doudi.landing import Vault, load_contract, read_batches
from scale.agree import run_differences
from scale.delta import COUNTY
from scale.grown import grown
from scale.made import AT, BULK, mirrored, without_batches, without_runs
from scale.report import KEYS, figures
from scale.scanned import scanned
from scale.twins import differences

pytestmark = pytest.mark.slow

PERSONS = 50_000


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    """The folder in which the bench ran once, and what it said."""
    root = tmp_path_factory.mktemp("city")
    command = [
        sys.executable, str(BENCH / "city.py"), "--persons", str(PERSONS), "--rounds", "1", "--keep", str(root / "kept"),
        "--only", "polars,shared,spread,clustered", "--json", str(root / "figures.json"),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ)
    return root, done


@pytest.fixture(scope="module")
def kept(bench):
    root, done = bench
    assert done.returncode == 0, done.stdout + done.stderr
    return root / "kept"


def lake(home, feed, revision):
    """The lines of a feed's deliveries with that revision."""
    batches = [record for record in read_batches(home) if (record.feed, record.revision) == (feed, revision)]
    paths = [home / "lake" / "lines" / feed / f"{record.batch}.parquet" for record in batches]
    return pl.concat([pl.read_parquet(path) for path in paths])


def test_incremental_runs_equal_full_ones_and_the_engine_equals_the_polars_twin(bench):
    _, done = bench
    assert done.returncode == 0, done.stdout + done.stderr
    assert "what was fast said the same as what was slow" in done.stdout


def test_both_were_really_compared(kept):
    for stage in ("spread", "clustered"):
        assert (kept / f"after {stage}" / "runs" / AT / "manifest.json").exists()
        assert (kept / f"{stage} in full.out").exists()
    for said in ("twin", "engine"):
        tiers = pl.read_parquet(kept / f"{said}.tiers.parquet")
        assert len(tiers) > 2 * PERSONS
        assert pl.read_parquet(kept / f"{said}.parquet").height > 500


def test_a_verdict_that_only_one_has_and_one_that_differs_are_told(kept, tmp_path):
    tiers, hits = (pl.read_parquet(kept / f"engine{kind}.parquet") for kind in (".tiers", ""))
    tiers.slice(1).write_parquet(tmp_path / "one.tiers.parquet")
    other = pl.col("verdict").fill_null(value=False).not_()
    pl.concat([hits.head(1).with_columns(other), hits.slice(1)]).write_parquet(tmp_path / "one.parquet")
    told = list(differences(tmp_path / "one.parquet", kept / "engine.parquet"))
    assert len(told) == 2, told
    assert told[0].startswith(tiers["tier"][0])
    assert told[1].startswith(hits["indicator"][0])


def test_runs_that_differ_in_a_relation_or_an_alert_are_told_apart(kept, tmp_path):
    run = kept / "after spread" / "runs" / AT
    assert run_differences(run, run) == []
    copy = mirrored(run, tmp_path / "copy")
    told = json.loads((copy / "manifest.json").read_text("utf-8"))
    del told["relations"]["persons"]
    (copy / "manifest.json").write_text(json.dumps(told), "utf-8")
    (copy / "alerts.jsonl").write_text("", "utf-8")
    assert run_differences(run, copy) == ["relation persons is not equal", "alerts.jsonl is not equal"]


def test_the_corrections_are_looked_at_and_change_what_holds(kept):
    before = kept / "state" / "runs" / AT
    corrected = ["income_tax", "medical_settlement", "social_insurance"]
    for stage in ("spread", "clustered"):
        after = kept / f"after {stage}" / "runs" / AT
        assert read_basis(after).moved_feeds(read_basis(before)) == corrected
    assert "relation verdicts is not equal" in run_differences(before, kept / "after spread" / "runs" / AT)


def test_the_city_has_every_feed_and_as_many_settlements_as_asked_for(kept):
    lines = read_truth(kept / "city").statistics.lines
    assert set(lines) == set(load_contract())
    assert 3.5 < lines["medical_settlement"] / PERSONS < 3.8
    months = {path.parent.name for path in (kept / "city").glob("*/social_insurance_*")}
    assert (len(months), max(months)) == (12, AT[:7])
    assert {path.suffix for path in (kept / "city").glob("*/*")} >= {".csv", ".parquet", ".xlsx"}


@pytest.mark.parametrize("stage", ["spread", "clustered"])
def test_one_line_of_the_lake_in_a_hundred_is_corrected(kept, stage):
    again = [record for record in read_batches(kept / stage) if record.revision == 2 and record.feed != "dibao_roll"]
    lines = sum(read_truth(kept / "city").statistics.lines.values())
    assert sum(record.account.accepted for record in again) == pytest.approx(lines / 100, rel=0.05)
    assert {record.feed for record in again} == {"medical_settlement", "social_insurance", "income_tax"}


def test_clustered_corrections_are_about_people_of_one_county_and_spread_ones_of_all(kept):
    people = lake(kept / "home", "population", 1).select("person_key", county=pl.col.hukou_division // 1_000_000)
    touched = {}
    for stage in ("spread", "clustered"):
        corrected = lake(kept / stage, "social_insurance", 2).join(people, on="person_key")
        touched[stage] = set(corrected["county"])
    assert len(touched["spread"]) == 7
    assert touched["clustered"] == {COUNTY}


def test_the_floor_scans_the_columns_that_the_plan_reads_and_no_other(kept):
    reads = {each["folder"]: each for each in scanned(kept / "home", date.fromisoformat(AT))}
    settlements = reads["lines/medical_settlement"]
    assert {"person_key", "total_fen", "basic_paid_fen", "date"} <= set(settlements["columns"])
    assert not {"disease", "scope"} & set(settlements["columns"])
    assert len(settlements["files"]) == 13
    assert "name_token" in reads["lines/population"]["columns"]


def test_a_copy_of_a_home_can_be_changed_without_its_original(kept, tmp_path):
    home = kept / "home"
    before = {path: path.stat().st_size for path in home.rglob("*") if path.is_file()}
    copy = without_batches(without_runs(mirrored(home, tmp_path / "copy")), *BULK)
    left = {record.feed for record in read_batches(copy)}
    assert left == set(load_contract()) - set(BULK)
    assert not list((copy / "lake" / "lines" / BULK[0]).glob("*"))
    assert before == {path: path.stat().st_size for path in home.rglob("*") if path.is_file()}


def test_a_grown_city_has_everybody_so_many_times_under_other_keys_and_tokens(kept, tmp_path):
    home, larger = kept / "home", grown(kept / "home", tmp_path / "larger", 2)
    for feed, revision in (("population", 1), ("medical_settlement", 1)):
        one, two = lake(home, feed, revision), lake(larger, feed, revision)
        assert len(two) == 2 * len(one)
        for column in ("person_key", "key_hash"):
            assert two[column].n_unique() == 2 * one[column].n_unique()
    households = [lake(of, "population", 1)["household_no_token"].n_unique() for of in (home, larger)]
    assert households[1] == 2 * households[0]
    pairs = [
        lake(of, "medical_settlement", 1).join(
            lake(of, "medical_settlement", 1), left_on="reverses_token", right_on="settlement_no_token"
        )
        for of in (home, larger)
    ]
    assert len(pairs[1]) == 2 * len(pairs[0]) > 0
    keys = lake(larger, "population", 1)["person_key"].unique().to_list()
    with Vault.open(larger) as vault:
        refs = vault.refs(keys)
    assert len(set(refs.values())) == len(keys)
    told = [sum(record.account.physical for record in read_batches(of)) for of in (home, larger)]
    assert told[1] == 2 * told[0]


def test_the_figures_have_exactly_the_keys_that_were_agreed(bench):
    root, _ = bench
    told = json.loads((root / "figures.json").read_text("utf-8"))
    assert tuple(told) == KEYS
    assert told["persons"] == PERSONS
    assert told["monitor_cpu_over_polars"] > 0
    assert told["monitor_cpu_s"] is None, "what was not measured is null, not zero"


def test_a_figure_without_its_stage_is_null():
    assert set(figures(1, {}, {}, {}).values()) == {1, None}


def test_cpu_of_grandchildren_and_orphans_and_memory_of_the_whole_tree_are_counted(tmp_path):
    burn = "import time\nt = time.process_time()\nwhile time.process_time() - t < 0.4: pass\n"
    tree = (
        "import os, subprocess, sys\n"
        f"burn = {burn!r}\n"
        "subprocess.run([sys.executable, '-c', burn])\n"
        "subprocess.Popen([sys.executable, '-c', burn + 'import time; time.sleep(0.3)'])\n"
        "hold = 'x = bytearray(80_000_000); x[::4096] = b\"1\" * len(x[::4096]); import time; time.sleep(0.4)'\n"
        "held = [subprocess.Popen([sys.executable, '-c', hold]) for _ in range(2)]\n"
        "[one.wait() for one in held]\n"
        "sys.stdout.flush(); os._exit(0)\n"
    )
    measured = (
        f"import sys; sys.path.insert(0, {str(BENCH)!r}); from pathlib import Path; from scale.measure import ran; "
        f"stage = ran('tree', Path({str(tmp_path / 'home')!r}), '-c', {tree!r}, quiet=True); "
        "print(stage.cpu_seconds, stage.peak_mib)"
    )
    done = subprocess.run([sys.executable, "-c", measured], capture_output=True, text=True, check=True)
    cpu_seconds, peak_mib = done.stdout.split()
    assert float(cpu_seconds) > 0.8
    assert int(peak_mib) > 140
