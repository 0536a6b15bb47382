"""人员索引：怎样找都和从头数一样，首尾、重复、一个人的索引也不例外。"""

import random

import polars as pl
import pytest

from doudi.landing.person_index import PersonIndex

ENDS = [0, 1, 2**63, 2**64 - 1]


@pytest.mark.parametrize("people", [1, 2, 3, 50, 3000])
def test_everybody_in_the_index_is_found_and_nobody_else(people):
    chance = random.Random(people)
    firsts = list(dict.fromkeys([*ENDS, *(chance.getrandbits(64) for _ in range(people))]))[-people:]
    rows = pl.DataFrame(
        {
            "first": pl.Series(firsts, dtype=pl.UInt64),
            "rest": pl.Series([first // 3 for first in firsts], dtype=pl.UInt64),
            "person_key": range(people),
            "ref": range(people),
        }
    )
    index = PersonIndex()
    index.add(rows)
    assert index.look_up(rows)["person_key"].to_list() == list(range(people))
    strangers = [first for first in (*ENDS, *(chance.getrandbits(64) for _ in range(500))) if first not in firsts]
    asked = pl.DataFrame(
        {"first": strangers, "rest": [first // 3 for first in strangers]},
        schema_overrides=dict.fromkeys(("first", "rest"), pl.UInt64),
    )
    assert index.look_up(asked)["person_key"].null_count() == len(strangers)
    assert not index.begins(asked).any()


def test_many_who_begin_alike_stand_in_one_place_and_are_told_apart_from_the_rest():
    rows = pl.DataFrame(
        {"first": [7] * 300 + [2**64 - 1], "rest": range(301), "person_key": range(301), "ref": range(301)}
    )
    rows = rows.cast({"first": pl.UInt64, "rest": pl.UInt64})
    index = PersonIndex()
    index.add(rows)
    asked = pl.DataFrame({"first": [7, 8, 2**64 - 1], "rest": [0, 0, 300]}).cast(
        {"first": pl.UInt64, "rest": pl.UInt64}
    )
    assert index.begins(asked).to_list() == [True, False, True]
    assert index.look_up(asked)["person_key"].to_list() == [0, None, 300]
