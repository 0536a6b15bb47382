"""入湖的行：代号只能比较相同与否，夹带的号码姓名都被抹去，每一种来件的列与约定一致。"""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from doudi.landing.contract import load_contract
from doudi.landing.ids import numbers_of
from doudi.landing.keys import Key
from doudi.landing.lines import LakeLines, column_in_lake, empty_checked, lake_columns, tokenised
from doudi.landing.scrub import scrubbed, without_ids
from doudi.landing.tokens import Tokens, line_hash
from doudi.landing.vault import Vault
from landing.files import valid_id

TOKENS = Tokens(Key(1, bytes(32)))
CONTRACT = load_contract()
texts = st.lists(st.one_of(st.none(), st.text(max_size=8)))


@given(texts)
def test_tokens_are_equal_when_the_texts_are(column):
    tokens = TOKENS.each("plate", pl.Series(column, dtype=pl.String)).to_list()
    assert tokens == [None if text is None else TOKENS.one("plate", text) for text in column]
    assert len(set(tokens)) == len(set(column))


def test_a_token_is_of_its_kind_and_its_key():
    assert TOKENS.one("plate", "A") != TOKENS.one("case_no", "A")
    assert TOKENS.one("plate", "A") != Tokens(Key(1, b"\1" * 32)).one("plate", "A")


def test_a_token_and_a_hash_are_the_same_for_ever():
    """The lake is read years later: these numbers may never change."""
    assert TOKENS.one("plate", "鲁E12345") == -5913523945910918801
    columns = [pl.Series([1, None, -5], dtype=pl.Int64), pl.Series([2, 2, 2])]
    assert line_hash(1, columns).to_list() == [-7604054684400212143, 1666145129414273339, -555790491202200627]


def test_two_people_of_one_name_have_nothing_in_common():
    ids = pl.Series([valid_id(1), valid_id(2), valid_id(1), valid_id(1), None])
    first, second, again, other, nobody = TOKENS.of_names(
        numbers_of(ids), pl.Series(["张三", "张三", "张三", "张山", "张三"])
    )
    assert first == again
    assert len({first, second, other}) == 3
    assert nobody is None


cells = st.lists(
    st.tuples(st.one_of(st.none(), st.integers(-2, 2)), st.one_of(st.none(), st.integers(-2, 2))), min_size=1
)


def slow_hash(seed, row):
    """`line_hash` of one row, in plain integers: chained splitmix64."""
    state = seed % 2**64
    for cell in row:
        state = (state + 0x9E3779B97F4A7C15) % 2**64 ^ (0x7FB5D329728EA185 if cell is None else cell % 2**64)
        state = (state ^ state >> 30) * 0xBF58476D1CE4E5B9 % 2**64
        state = (state ^ state >> 27) * 0x94D049BB133111EB % 2**64
        state ^= state >> 31
    return state - 2**64 if state >= 2**63 else state


@given(cells)
def test_lines_hash_alike_when_they_are_alike(rows):
    columns = [pl.Series([row[n] for row in rows], dtype=pl.Int64) for n in (0, 1)]
    hashes = line_hash(7, columns).to_list()
    assert hashes == [slow_hash(7, row) for row in rows]
    assert len(set(rows)) == len(set(hashes))


@pytest.mark.parametrize(
    "text",
    [
        "370502198001150011", "37050219800115001X", "37050219800115001x", "370502800115001",
        "３７０５０２１９８００１１５００１Ｘ", "370502 19800115 0011", "370502　19800115　0011", "3 7 0 5 0 2 1 9 8 0 0 1 1 5 0 0 1 x",
        "370502-19800115-0011", "37050219800115001112", "370502198001150011370502198001150011",
    ],
)  # fmt: skip
def test_whatever_looks_like_an_id_is_taken_out_of_free_text(text):
    for around in ("{}", "住院（{}）复查", "{}号", "a{}b"):
        cleaned = without_ids(around.format(text))
        assert not any(letter.isdecimal() for letter in cleaned)
        assert scrubbed(pl.Series([around.format(text)]), None).to_list() == [cleaned]
    assert without_ids(f"（{text}）") == "（〔号码〕）"


@pytest.mark.parametrize(
    "text",
    ["", "2025-2026学年", "0546-8331234", "13805460000", "2026-03-01 12:30:00", "肺炎 J18.900", "12345678901234"],
)
def test_what_is_no_id_stays(text):
    assert without_ids(text) == text
    assert scrubbed(pl.Series([text]), None).to_list() == [text]


def test_the_lines_own_name_is_taken_out_of_its_free_text():
    texts = pl.Series(["张三因病致贫", "张 三因病", "李四因学", None, "王五", "张三与张三", "乙"])
    names = pl.Series(["张三", "张三", "张三", "张三", None, "张三", "乙"])
    assert scrubbed(texts, names).to_list() == [
        "〔姓名〕因病致贫", "〔姓名〕因病", "李四因学", None, "王五", "〔姓名〕与〔姓名〕", "乙",
    ]  # fmt: skip


def test_a_name_of_letters_that_mean_something_to_a_pattern_is_taken_out_too():
    assert scrubbed(pl.Series(["a.(b 来访"]), pl.Series(["a.(b"])).to_list() == ["〔姓名〕 来访"]


@pytest.mark.parametrize("feed", CONTRACT.values(), ids=lambda feed: feed.name)
def test_every_feed_has_its_columns_in_the_lake_even_without_a_line(doudi_home, feed):
    with Vault.open(doudi_home, new=True) as vault:
        lines = LakeLines(feed, vault, 202603).of(tokenised(feed, vault.tokens, empty_checked(feed)))
    common = ["line", "key_hash", "content_hash", "scope"]
    assert lines.columns == [*common, *(name for name, _ in lake_columns(feed))]
    types = {"BIGINT": pl.Int64, "DATE": pl.Date, "VARCHAR": pl.String, "BOOLEAN": pl.Boolean}
    assert [lines.schema[name] for name, _ in lake_columns(feed)] == [types[kind] for _, kind in lake_columns(feed)]
    assert lines.schema["line"] == lines.schema["scope"] == pl.Int32
    assert lines.schema["key_hash"] == lines.schema["content_hash"] == pl.Int64
    for column in feed.columns:
        kind = lines.schema[column_in_lake(column)]
        if column.kind == "id" or column_in_lake(column).endswith(("_token", "_fen", "_micro")) or column.is_division:
            assert kind == pl.Int64
        elif column.kind in ("date", "month"):
            assert kind == pl.Date
        else:
            assert kind == (pl.Int64 if column.kind == "int" else pl.String)


def test_ids_are_keys_in_the_lake():
    named = {
        column.name: column_in_lake(column)
        for feed in CONTRACT.values()
        for column in feed.columns
        if column.kind == "id"
    }
    assert named == {"id": "person_key", "staff_id": "staff_key", "kin_id": "kin_key", "relative_id": "relative_key"}
