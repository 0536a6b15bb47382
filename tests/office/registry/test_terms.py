"""By which terms a person is found, and what a typed text asks for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doudi.errors import Refusal
from doudi.office.registry.terms import asked_for, terms_of


def test_a_person_is_found_by_the_name_its_pairs_the_id_and_its_last_four():
    assert terms_of("王建国", "37990119800000012X") == [
        ("name", "王建国"), ("part", "王建"), ("part", "建国"), ("id", "37990119800000012X"), ("tail", "012X"),
    ]  # fmt: skip


def test_a_name_of_one_character_is_its_own_part():
    assert terms_of("江", None) == [("name", "江"), ("part", "江")]


@pytest.mark.parametrize("name", ["", None, " "])
def test_without_name_and_id_there_is_nothing_to_find_by(name):
    assert terms_of(name, None) == []


@pytest.mark.parametrize(
    ("typed", "terms", "name", "number"),
    [
        ("建国", [("part", "建国")], "建国", ""),
        (" 王 建国 ", [("part", "王建"), ("part", "建国")], "王建国", ""),
        ("阿依•买", [("part", "阿依"), ("part", "依·"), ("part", "·买")], "阿依·买", ""),
        ("王建 012x", [("tail", "012X"), ("part", "王建")], "王建", ""),
        ("０１２Ｘ　王", [("tail", "012X")], "王", ""),
        ("37990119800000012x", [("id", "37990119800000012X")], "", "37990119800000012X"),
        ("13800000000", [("phone", "13800000000")], "", "13800000000"),
        ("3799h00000001", [], "", "3799H00000001"),
    ],
)
def test_what_a_typed_text_asks_for(typed, terms, name, number):
    asked = asked_for(typed)
    assert (list(asked.terms), asked.name, asked.household_no) == (terms, name, number)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "registry.search_too_short"), ("王", "registry.search_too_short"), ("  ", "registry.search_too_short"),
        ("1234", "registry.tail_alone"), ("王" * 61, "registry.search_too_long"),
    ],
)  # fmt: skip
def test_too_little_or_too_much_is_refused_with_what_to_do(typed, code):
    with pytest.raises(Refusal, match="请") as refused:
        asked_for(typed)
    assert refused.value.code == code


@given(st.text(max_size=80))
def test_any_text_is_understood_or_refused(typed):
    try:
        asked = asked_for(typed)
    except Refusal:
        return
    assert asked.terms or asked.household_no


@given(st.text(alphabet="王李建国欧阳·江", min_size=2, max_size=6), st.data())
def test_every_part_of_two_characters_or_more_leads_to_the_name(name, data):
    start = data.draw(st.integers(0, len(name) - 2))
    part = name[start : data.draw(st.integers(start + 2, len(name)))]
    assert set(asked_for(part).terms) <= set(terms_of(name, None))
