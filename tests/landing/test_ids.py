"""公民身份号码：每一种写法，每一种退回。"""

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from doudi.landing.ids import are_male, births_of, check_character, clean_ids, ids_of, numbers_of, read_id
from doudi.landing.values import Read, Unusable

TODAY = date(2026, 3, 31)
ID = "11010519491231002X"  # the example printed in GB 11643 itself
FULL_WIDTH = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")

born = st.dates(date(1900, 1, 1), TODAY)
regions = st.sampled_from(["370502", "110105", "810000", "820000", "830000"])


@st.composite
def ids(draw):
    first17 = f"{draw(regions)}{draw(born):%Y%m%d}{draw(st.integers(0, 999)):03d}"
    return first17 + check_character(first17)


@pytest.mark.parametrize(
    ("text", "repair"),
    [
        (ID, None),
        (ID.lower(), "id_spelling"),
        (ID.translate(FULL_WIDTH), "id_spelling"),
        ("110105 19491231 002X", "id_spelling"),
        ("110105　19491231　002x", "id_spelling"),
        ("1101051949\u200b1231002X", "id_spelling"),
        ("110105491231002", "id_15"),
        (ID + "43", "id_20"),
        (ID + "43B1", "id_20"),
    ],
)
def test_every_spelling_of_an_id_becomes_its_18_characters(text, repair):
    assert read_id(text, TODAY) == Read(ID, repair)


@pytest.mark.parametrize("region", ["810000", "820000", "830000"])
def test_residence_ids_of_hong_kong_macao_and_taiwan_people_are_ids(region):
    first17 = region + "19900101" + "001"
    assert isinstance(read_id(first17 + check_character(first17), TODAY), Read)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("110105194912310021", "id_check_digit"),
        ("11010519491231002", "id_length"),
        ("11010519491231002X1", "id_length"),
        ("身份证", "id_length"),
        ("1101051949123100A1", "id_characters"),
        ("1101051949123100张三", "id_characters"),
        ("990105194912310025", "id_check_digit"),
        ("100105194912310025", "id_region"),
        ("000000000000000000", "id_region"),
        ("110105194913310025", "id_birth"),
        ("110105190002290025", "id_birth"),
        ("110105189912310025", "id_birth"),
        ("110105202604010025", "id_birth"),
        ("110105491231997", "id_birth"),
        ("110105194912310000", "id_rounded"),
        ("1.10105194912310E+17", "id_scientific"),
        (ID + "88", "id_characters"),
    ],
)
def test_an_unusable_id_is_refused_with_its_own_reason(text, code):
    assert read_id(text, TODAY) == Unusable(code)


def test_someone_born_on_the_last_day_of_the_period_has_an_id_and_a_day_later_not_yet():
    last, next_day = ("110105" + day + "001" for day in ("20260331", "20260401"))
    assert isinstance(read_id(last + check_character(last), TODAY), Read)
    assert read_id(next_day + check_character(next_day), TODAY) == Unusable("id_birth")


@given(ids(), st.integers(0, 17), st.integers(1, 9))
def test_no_single_wrong_digit_passes(good, place, shift):
    wrong = "0123456789"[("0123456789".find(good[place]) + shift) % 10]
    if wrong != good[place]:
        assert isinstance(read_id(good[:place] + wrong + good[place + 1 :], TODAY), Unusable)


@given(st.lists(st.one_of(ids(), st.text(max_size=20), st.from_regex(r"[0-9]{17}[0-9X]", fullmatch=True)), max_size=30))
def test_the_column_and_the_single_reader_call_the_same_ids_clean(texts):
    series = pl.Series(texts, dtype=pl.String)
    assert clean_ids(series, TODAY).to_list() == [read_id(text, TODAY) == Read(text) for text in texts]


def test_an_absent_id_is_not_clean():
    assert clean_ids(pl.Series([None, ID]), TODAY).to_list() == [False, True]


@given(st.lists(ids()))
def test_an_id_as_a_number_is_the_whole_id(texts):
    series = pl.Series(texts, dtype=pl.String)
    assert ids_of(numbers_of(series)).to_list() == texts


def test_an_absent_id_is_no_number_and_the_other_way_round():
    numbers = numbers_of(pl.Series([None, ID]))
    assert numbers.to_list() == [None, int(ID[:17])]
    assert ids_of(numbers).to_list() == [None, ID]


def test_birth_and_sex_are_read_out_of_the_id():
    numbers = numbers_of(pl.Series([ID, "110105194912310039"]))
    assert births_of(numbers).to_list() == [date(1949, 12, 31)] * 2
    assert are_male(numbers).to_list() == [False, True]
