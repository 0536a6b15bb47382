"""相争的主键：引擎可能同时拿到两行的主键，一个也不会漏；只来一次的，一个也不多。"""

from collections import Counter
from unittest.mock import patch

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doudi.landing import contested
from doudi.landing.account import Account
from doudi.landing.contract import load_contract
from doudi.landing.lake import BatchRecord, Lake, Scope
from doudi.landing.recognise import Recognised
from landing.files import dibao_line, settlement_line, valid_id, write
from landing.homes import RECEIVED, landed, roll, settlements

EVENTS, ROLL, DIVIDED = "medical_settlement", "disability", "dibao_roll"
COUNTIES = (370502, 370503)
LINE = {"key_hash": pl.Int64, "content_hash": pl.Int64, "scope": pl.Int32}

keys = st.integers(-2, 2).map(lambda number: number << 61)  # all over the ranges of the passes
said = st.tuples(keys, st.integers(1, 2), st.sampled_from(COUNTIES))
batches = st.lists(
    st.tuples(st.sampled_from(["2026-01", "2026-02"]), st.integers(1, 2), st.lists(said, max_size=6)),
    min_size=1, max_size=5,
)  # fmt: skip


def weighed(lake, feed, number, period, revision, lines):
    """Lands lines as the `number`-th batch, without a vault; gives what was found."""
    contract = load_contract()[feed]
    batch = f"{feed}_{period}_r{revision}_{number:010x}"
    frame = pl.DataFrame(lines, schema=LINE, orient="row").with_row_index("line", 1).cast({"line": pl.Int32})
    if feed != DIVIDED:
        frame = frame.with_columns(scope=pl.lit(None, pl.Int32))
    draft = lake.draft(feed, batch)
    draft.add(frame)
    known = Recognised(contract, period, revision, None, {}, (), ())
    whole = contested.Weighed()
    for some, found in contested.Weighing(lake, known, batch).passes(draft.complete(), len(lines), {}):
        whole.add(some)
        draft.contest(found)
    draft.publish()
    lake.commit(
        BatchRecord(
            batch,
            feed,
            period,
            revision,
            "",
            RECEIVED,
            Account(),
            whole.conflicts,
            whole.contested,
            ((Scope(), 0),),
            (),
            (),
        )
    )
    return whole


def contested_keys(lake, records):
    found = [pl.read_parquet(lake.contested_file(each.feed, each.batch)) for each in records if each.contested]
    return [key for frame in found for key in frame["key_hash"].to_list()]


def more_than_once(lines):
    return {key for key, times in Counter(key for key, *_ in lines).items() if times > 1}


@pytest.mark.slow
@pytest.mark.parametrize("at_once", [2, 1 << 22], ids=["in several passes", "in one pass"])
@pytest.mark.parametrize("feed", [EVENTS, ROLL, DIVIDED])
@settings(max_examples=25, deadline=None)
@given(
    landed_batches=batches, held=st.tuples(*[st.tuples(st.sampled_from(["2026-01", "2026-02"]), st.integers(1, 2))] * 2)
)
def test_every_key_of_which_the_engine_can_hold_two_lines_is_contested(
    tmp_path_factory, feed, at_once, landed_batches, held
):
    """Whatever the order of arrival, and whichever delivery holds in each county."""
    lake = Lake(tmp_path_factory.mktemp("home"))
    with patch.object(contested, "KEYS_AT_ONCE", at_once):
        for number, batch in enumerate(landed_batches):
            weighed(lake, feed, number, *batch)
    in_force = dict(zip(COUNTIES, held if feed == DIVIDED else held[:1] * 2, strict=True))
    lines = [
        line
        for period, revision, some in landed_batches
        for line in some
        if feed == EVENTS or in_force[line[2]] == (period, revision)
    ]
    found = contested_keys(lake, lake.records())
    assert set(found) >= more_than_once(lines)
    assert set(found) <= more_than_once([line for _, _, some in landed_batches for line in some])
    for record in lake.records():
        mine = contested_keys(lake, [record])
        assert mine == sorted(set(mine))
        assert len(mine) == record.contested


def test_a_month_s_roll_after_another_contests_only_who_moved_to_another_county(tmp_path):
    lake = Lake(tmp_path)
    here, there = COUNTIES
    weighed(lake, DIVIDED, 1, "2026-01", 1, [(1, 1, here), (2, 1, here)])
    assert weighed(lake, DIVIDED, 2, "2026-02", 1, [(1, 2, here), (2, 1, there)]).contested == 1
    assert contested_keys(lake, lake.records()) == [2]


def test_a_revision_that_landed_before_the_one_below_it_contests_nothing(tmp_path):
    lake = Lake(tmp_path)
    weighed(lake, ROLL, 1, "2026-01", 2, [(1, 1, None)])
    later = weighed(lake, ROLL, 2, "2026-01", 1, [(1, 2, None)])
    assert (later.contested, later.superseded) == (0, 1)


def test_the_account_is_the_same_in_one_pass_and_in_many(doudi_home, tmp_path):
    lines = [settlement_line(number % 700, 基本医保支付=str(number % 3)) for number in range(1000)]
    first = settlements(tmp_path, "medical_settlement_2026-03.csv", lines)
    second = settlements(tmp_path, "medical_settlement_2026-04.csv", lines[600:])
    whole = landed(doudi_home / "one", first, second)
    with patch.object(contested, "KEYS_AT_ONCE", 64):
        assert landed(doudi_home / "many", first, second) == whole
    one, many = (Lake(doudi_home / name).records() for name in ("one", "many"))
    assert one == many
    assert [record.contested for record in one] == [300, 400]


def test_a_landing_writes_its_contested_keys_before_its_record(doudi_home, tmp_path):
    path = roll(tmp_path, "dibao_roll_2026-03.csv", [dibao_line(1), dibao_line(2), dibao_line(1, 姓名="赵二")])
    landed(doudi_home, path)
    (record,) = Lake(doudi_home).records()
    assert record.contested == 1
    keys_twice = pl.read_parquet(Lake(doudi_home).contested_file(record.feed, record.batch))
    assert keys_twice.schema == {"key_hash": pl.Int64}
    lines = pl.read_parquet(Lake(doudi_home).lines_file(record.feed, record.batch))
    assert (
        keys_twice["key_hash"].to_list()
        == lines.filter(pl.col("key_hash").is_duplicated())["key_hash"].unique().to_list()
    )


def test_a_late_report_of_a_month_meets_that_month_s_lines_however_far_apart_the_files(doudi_home, tmp_path):
    head = "公民身份号码,费款所属期,缴费基数,单位编号,单位名称,参保身份"

    def insured(name, *months):
        lines = [f"{valid_id(1)},{month},{base},DW1,一厂,单位职工" for month, base in months]
        return write(tmp_path / name, "\n".join([head, *lines, ""]))

    landed(doudi_home, insured("social_insurance_2026-01.csv", ("2026-01", 1)))
    landed(doudi_home, insured("social_insurance_2026-02.csv", ("2026-02", 1)))
    landed(doudi_home, insured("social_insurance_2026-03.csv", ("2026-03", 1)))
    (late,) = landed(doudi_home, insured("social_insurance_2026-04.csv", ("2026-04", 1), ("2026-01", 2)))
    assert (late.account.accepted, late.account.repeated) == (2, 0)
    assert [record.contested for record in Lake(doudi_home).records()] == [0, 0, 0, 1]
