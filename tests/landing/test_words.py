"""不同的词：一列里反复出现的词只读一遍；读法与逐行读完全一样。"""

from datetime import date

import polars as pl
import pytest

from doudi.landing.contract import load_contract
from doudi.landing.typed import judge_block
from doudi.landing.values import Place
from doudi.landing.words import Words
from landing.files import valid_id

LAST_DAY = date(2026, 3, 31)
TROUBLED = [
    "",
    " ",
    None,
    "无",
    '="x"',
    "'住院",
    "　住院",
    "1.5e9",
    "2026/3/4",
    "20260304",
    "12元",
    "１２",
    "-3",
    "=1+1",
    "张三",
]
TEXTS = [
    *TROUBLED,
    valid_id(1),
    valid_id(2).lower(),
    "住院",
    "2026-03-04",
    "2026-03",
    "7",
    "3.10",
    "370502001000",
    "A0000001",
    "赵一一",
]


def test_words_are_the_different_texts_in_the_order_of_their_first_line_and_nothing_is_one_of_them():
    words = Words.of(pl.Series(["二", None, "一", "二", None]))
    assert (words.words.to_list(), words.at.to_list()) == (["二", None, "一"], [0, 1, 2, 0, 1])
    assert words.counts.to_list() == [2, 2, 1]


def test_what_is_found_of_a_word_is_found_on_all_its_lines():
    words = Words.of(pl.Series(["二", None, "一", "二"]))
    assert words.spread(pl.Series([2, 0, 1])).to_list() == [2, 0, 1, 2]
    assert words.spread(pl.Series([None, None, None], dtype=pl.Date)).to_list() == [None] * 4


@pytest.mark.parametrize("texts", [[], [None], [None, None]])
def test_a_column_that_says_nothing_has_words_too(texts):
    words = Words.of(pl.Series(texts, dtype=pl.String))
    assert words.spread(words.words).to_list() == texts


@pytest.mark.parametrize("name", ["population", "dibao_roll", "medical_settlement", "social_insurance"])
@pytest.mark.parametrize("alike", [True, False], ids=["few words", "hardly two alike"])
def test_a_long_block_is_read_as_its_lines_are(name, alike):
    feed = load_contract()[name]
    block = TEXTS * (4500 // len(TEXTS))
    texts = pl.DataFrame({column.name: pl.Series(block, dtype=pl.String) for column in feed.columns})
    if not alike:  # a tail that makes no two alike, and is read like any other text
        numbers = pl.Series([f"W{number:09d}" for number in range(len(block) // 2)])
        texts = pl.concat([texts, pl.DataFrame(dict.fromkeys(texts.columns, numbers))])
    place = Place.of("3705", [370502001000])
    whole = judge_block(texts, feed.columns, LAST_DAY, place)
    few = judge_block(texts.head(len(TEXTS)), feed.columns, LAST_DAY, place)
    for column, found in few.items():
        for said in ("values", "trouble", "repaired"):
            assert getattr(whole[column], said).head(len(TEXTS)).to_list() == getattr(found, said).to_list(), (
                column,
                said,
            )
        assert whole[column].values.len() == texts.height
