"""The Polars twin, written from the book's prose alone, says of everybody what the engine says."""

import shutil
from datetime import date

import polars as pl
import pytest

from twin import compare as twin

AT = date(2026, 6, 30)


def rows(kind, *verdicts):
    return pl.DataFrame(
        [("person", key, "x", verdict) for key, verdict in verdicts],
        schema={"subject_kind": pl.String, "subject_key": pl.Int64, kind: pl.String, "verdict": pl.Boolean},
        orient="row",
    )


@pytest.fixture(scope="module")
def town(landed_city, tmp_path_factory):
    return shutil.copytree(landed_city / "home", tmp_path_factory.mktemp("town") / "home")


@pytest.mark.slow
def test_twin_and_engine_say_the_same_of_every_person_and_household_of_a_city(town):
    tiers, hits = twin.verdicts(town, AT)
    assert twin.row_differences((tiers, hits), twin.engine_verdicts(town, AT)) == []
    assert set(tiers["tier"].unique()) == {word for words in twin.TWIN_TIERS.values() for word in words}
    assert set(hits.filter("verdict")["indicator"]) == set(twin.TWIN_INDICATORS)
    assert len(twin.TWIN_INDICATORS) == 15


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
