"""What is sealed of a row can be made again by anybody: the bytes are spelled out here, the hash is the standard's."""

import pytest
from cryptography.hazmat.primitives import hashes

from doudi.office.audit.chain import COLUMNS, FIRST, canonical, link

ROW = {
    "id": 7, "at": 1_782_781_200_000_000, "written_at": 1_782_781_200_000_001, "actor": "zhangmin", "actor_id": None,
    "role": "county_officer", "actor_division": 370502000000, "act": "registry.reveal", "subject_kind": "household",
    "subject": "h1", "whose": "", "division": 370502001011, "why": "入户“核对”", "outcome": "done",
    "detail": {"b": [1, True], "a": "甲"}, "tx": 803,
}  # fmt: skip
BYTES = (
    '[7,1782781200000000,1782781200000001,"zhangmin",null,"county_officer",370502000000,"registry.reveal","household","h1","",'
    '370502001011,"入户“核对”","done",{"a":"甲","b":[1,true]},803]'
).encode()


def sm3(content):
    digest = hashes.Hash(hashes.SM3())
    digest.update(content)
    return digest.finalize()


def test_the_bytes_of_a_row_are_these():
    assert canonical(ROW) == BYTES


def test_the_hash_is_the_standards_sm3():
    assert (
        sm3(b"abc").hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    )  # GB/T 32905, example 1


def test_a_link_is_the_hash_of_the_one_before_and_the_bytes():
    assert link(FIRST, ROW) == sm3(bytes(32) + BYTES)
    assert link(b"x" * 32, ROW) == sm3(b"x" * 32 + BYTES)


@pytest.mark.parametrize("column", COLUMNS)
def test_no_column_is_left_out(column):
    assert link(FIRST, ROW | {column: "other"}) != link(FIRST, ROW)


@pytest.mark.parametrize("column", COLUMNS)
def test_nothing_is_the_same_as_null(column):
    assert canonical(ROW | {column: None}) != canonical(ROW | {column: ""})
