"""刚入湖的主键：说“没见过”的一定没见过；见过一个，就都去湖里查。"""

import polars as pl
import pytest

from doudi.landing.landed_keys import LandedKeys
from landing.files import settlement_line
from landing.homes import fates_of, landed, settlements


@pytest.fixture
def batch(tmp_path):
    def of(name, *keys):
        path = tmp_path / f"{name}.parquet"
        pl.DataFrame({"key_hash": pl.Series(keys, dtype=pl.Int64), "line": range(len(keys))}).write_parquet(path)
        return path, len(keys)

    return of


def keys(*given):
    return pl.Series("key_hash", given, dtype=pl.Int64)


def test_files_that_hold_none_of_the_keys_need_not_be_opened_and_with_one_all_must_be(batch):
    landed_keys = LandedKeys()
    files = [batch("a", 5, -(2**63), 1), batch("b"), batch("c", 2**63 - 1, 7)]
    for path, lines in files:
        landed_keys.remember("death", path, lines)
    paths = {path for path, _ in files}
    assert landed_keys.without_rivals("death", keys(6, 0, 4)) == paths
    assert landed_keys.without_rivals("death", keys()) == paths
    for met in (5, -(2**63), 1, 2**63 - 1, 7):
        assert landed_keys.without_rivals("death", keys(6, met)) == set()
    assert landed_keys.without_rivals("vehicle", keys(6)) == set()


def test_what_there_is_no_room_for_is_not_remembered(batch):
    landed_keys = LandedKeys(most=3)
    (small, few), (large, many), (last, one) = batch("a", 1, 2), batch("b", 3, 4), batch("c", 5)
    for path, lines in ((small, few), (large, many), (last, one)):
        landed_keys.remember("death", path, lines)
    assert landed_keys.without_rivals("death", keys(3)) == {small, last}


def test_many_files_in_one_landing_are_told_as_in_one_landing_each(doudi_home, tmp_path):
    months = {"01": [1, 2, 3], "02": [4, 5], "03": [2, 6], "04": [7], "05": [6, 7, 8]}
    files = [
        settlements(tmp_path, f"medical_settlement_2026-{month}.csv", [settlement_line(number) for number in numbers])
        for month, numbers in months.items()
    ]
    together = landed(doudi_home / "together", *files)
    one_by_one = [landed(doudi_home / "one by one", file)[0] for file in files]
    assert list(map(fates_of, together)) == list(map(fates_of, one_by_one))
    assert [fates_of(file)[1] for file in together] == [0, 0, 1, 0, 2]
