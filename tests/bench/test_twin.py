"""The Polars twin, written from the book's prose alone, says of everybody what the engine says."""

import sys
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from doudi.cli.places import place
from doudi.demo import build_city
from doudi.landing import land

ROOT = Path(__file__).resolve().parents[2]
AT = date(2026, 6, 30)


@pytest.fixture(scope="module")
def twin():
    """`bench/` is no package: its programs are found by path, here as when they are run."""
    sys.path.insert(0, str(ROOT / "bench"))
    yield pytest.importorskip("twin.compare")
    sys.path.remove(str(ROOT / "bench"))


def rows(kind, *verdicts):
    return pl.DataFrame(
        [("person", key, "x", verdict) for key, verdict in verdicts],
        schema={"subject_kind": pl.String, "subject_key": pl.Int64, kind: pl.String, "verdict": pl.Boolean},
        orient="row",
    )


def landed(root, persons, months):
    files = root / "files"
    build_city(files, persons=persons, seed=11, month="2026-06", months=months)
    sent = sorted(path for path in files.glob("*/*") if path.is_file())
    landing = land(sent, home=root / "home", received_at="2026-07-02T09:00:00+08:00", place=place())
    assert landing.refused == ()
    return root / "home"


@pytest.mark.slow
def test_twin_and_engine_say_the_same_of_every_person_and_household_of_a_city(twin, tmp_path):
    home = landed(tmp_path, persons=10_000, months=2)
    tiers, hits = twin.verdicts(home, AT)
    assert twin.row_differences((tiers, hits), twin.engine_verdicts(home, AT)) == []
    assert set(tiers["tier"].unique()) == {word for words in twin.TWIN_TIERS.values() for word in words}
    assert hits["verdict"].sum() > 50
    assert len(twin.TWIN_INDICATORS) == 15


@pytest.mark.slow
@pytest.mark.parametrize("at", [date(2026, 5, 31), date(2026, 7, 17)], ids=["month before", "inside a month"])
def test_they_agree_on_other_days_too(twin, tmp_path, at):
    assert twin.differences(landed(tmp_path, persons=1_500, months=3), at) == []


def test_the_same_rows_in_another_order_are_no_difference(twin):
    one, other = rows("tier", (1, True), (2, None)), rows("tier", (2, None), (1, True))
    none = rows("indicator")
    assert twin.row_differences((one, none), (other, none)) == []


def test_another_verdict_and_a_row_that_one_lacks_are_each_told(twin):
    none = rows("tier")
    ours, theirs = rows("indicator", (1, True), (2, None)), rows("indicator", (1, None))
    assert twin.row_differences((none, ours), (none, theirs)) == [
        "x: 1 person rows, twin true, engine unknown, as [1]",
        "x: 1 person rows, twin unknown, engine no row, as [2]",
    ]
