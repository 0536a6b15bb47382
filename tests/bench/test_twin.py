"""The Polars twin, written from the book's prose alone, says of everybody what the engine says."""

from datetime import date

import polars as pl
import pytest

from doudi.demo import build_city
from doudi.landing import land
from doudi.readout.places import place
from twin import compare as twin

AT = date(2026, 6, 30)


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
def test_twin_and_engine_say_the_same_of_every_person_and_household_of_a_city(tmp_path):
    home = landed(tmp_path, persons=10_000, months=2)
    tiers, hits = twin.verdicts(home, AT)
    assert twin.row_differences((tiers, hits), twin.engine_verdicts(home, AT)) == []
    assert set(tiers["tier"].unique()) == {word for words in twin.TWIN_TIERS.values() for word in words}
    assert hits["verdict"].sum() > 50
    assert len(twin.TWIN_INDICATORS) == 15


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    return landed(tmp_path_factory.mktemp("town"), persons=1_500, months=3)


DAYS = {
    "a month before": date(2026, 5, 31),
    "inside a month that has not ended": date(2026, 7, 17),
    "when every delivery is stale and no parameter of the year is known": date(2027, 2, 28),
}


@pytest.mark.slow
@pytest.mark.parametrize("at", DAYS.values(), ids=DAYS.keys())
def test_they_agree_on_other_days_too(town, at):
    assert twin.differences(town, at) == []


def test_the_same_rows_in_another_order_are_no_difference():
    one, other = rows("tier", (1, True), (2, None)), rows("tier", (2, None), (1, True))
    none = rows("indicator")
    assert twin.row_differences((one, none), (other, none)) == []


def test_another_verdict_and_a_row_that_one_lacks_are_each_told():
    none = rows("tier")
    ours, theirs = rows("indicator", (1, True), (2, None)), rows("indicator", (1, None))
    assert twin.row_differences((none, ours), (none, theirs)) == [
        "x: 1 person rows, twin true, engine unknown, as [1]",
        "x: 1 person rows, twin unknown, engine no row, as [2]",
    ]
